from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.mail import plaintext2html

from .maintenance_request import SEVERITIES

# Work that could not be done is closed without looking at every line.
WITHOUT_CHECKLIST = ("not_repairable", "partly")
CONDITIONS_BY_WORTH = ("good", "degraded", "stopped", "broken")
MOST_NAMED = 5
QUIET = {"mail_create_nosubscribe": True, "mail_create_nolog": True, "tracking_disable": True}


class MaintenanceRequest(models.Model):
    """What the closing of an order asks of its checklist, and what follows from its answers."""

    _inherit = "maintenance.request"

    def _before_closing(self, vals, moment):
        super()._before_closing(vals, moment)
        checked = self.filtered("checklist_id")
        if checked:
            checked._check_answered(vals)
            checked._enter_meters()

    def _after_closing(self):
        super()._after_closing()
        checked = self.filtered("checklist_id")
        if checked:
            checked._open_repairs()
            checked._follow_failures()

    def _check_answered(self, vals):
        """Refuse to close work as done while required lines of its checklist are open.

        :raises UserError: naming the order and its first open lines
        """
        asked = self.filtered(
            lambda order: vals.get("result", order.result) not in WITHOUT_CHECKLIST
        )
        missing = asked._unanswered()
        for order in asked:
            if lines := missing.get(order.id):
                named = self.env["ttcs.checklist.line"].browse(lines[:MOST_NAMED]).mapped("name")
                raise UserError(
                    self.env._(
                        "“%(order)s” cannot be closed yet: %(count)s required lines of its "
                        "checklist are not answered (%(lines)s). Answer them, or close the work "
                        "order as partly repaired or not repairable.",
                        order=order.name,
                        count=len(lines),
                        lines="; ".join(named) + (" …" if len(lines) > MOST_NAMED else ""),
                    )
                )

    def _unanswered(self):
        """Ids of the required lines without an answer, by id of the order."""
        self.flush_model(["checklist_id"])
        self.env["ttcs.checklist.line"].flush_model()
        self.env["ttcs.checklist.answer"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT request.id, line.id
                FROM maintenance_request request
                JOIN ttcs_checklist_line line ON line.checklist_id = request.checklist_id
                LEFT JOIN ttcs_checklist_answer answer
                    ON answer.request_id = request.id AND answer.line_id = line.id
                WHERE request.id = ANY(%s) AND line.active AND line.required
                    AND answer.id IS NULL
                ORDER BY request.id, line.sequence, line.id
                """,
                self.ids,
            )
        )
        missing = defaultdict(list)
        for order_id, line_id in rows:
            missing[order_id].append(line_id)
        return missing

    def _enter_meters(self):
        """Readings of meters in the checklist; each figure of an answer is entered once."""
        # sudo: whoever may close the order has read the meter; readings are only added to.
        read = (
            self.env["ttcs.checklist.answer"]
            .sudo()
            .search([("request_id", "in", self.ids), ("kind", "=", "meter")])
        )
        read = read.filtered("equipment_id")
        if not read:
            return
        readings = self.env["ttcs.meter.reading"].sudo()
        entered = readings.search_fetch([("answer_id", "in", read.ids)], ["answer_id", "hours"])
        known = {(reading.answer_id, reading.hours) for reading in entered}
        readings.create(
            [
                {
                    "equipment_id": answer.equipment_id.id,
                    "hours": round(answer.value_number, 1),
                    "read_at": answer.answered_at,
                    "source": "order",
                    "user_id": answer.answered_by_id.id,
                    "answer_id": answer.id,
                }
                for answer in read
                if (answer, round(answer.value_number, 1)) not in known
            ]
        )

    def _failures(self):
        """The failed answers that open a repair, of assets that are still there."""
        # sudo: what the checklist says of orders that the user may close.
        failed = (
            self.env["ttcs.checklist.answer"]
            .sudo()
            .search(
                [
                    ("request_id", "in", self.ids),
                    ("verdict", "=", "failed"),
                    ("opens_corrective", "=", True),
                ]
            )
        )
        return failed.filtered(
            lambda answer: answer.equipment_id and answer.equipment_id.life_state != "disposed"
        )

    def _open_repairs(self):
        """Open one repair for each failed line that asks for it, however often it is closed."""
        failed = self._failures()
        if not failed:
            return
        # sudo: a repair may be out of reach by now, and is still the one of its line.
        opened = (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch([("source_answer_id", "in", failed.ids)], ["source_answer_id"])
        )
        values = [self._repair_values(answer) for answer in failed - opened.source_answer_id]
        self.env["maintenance.request"].with_context(**QUIET)._by_steps().create(values)

    def _repair_values(self, answer):
        found_on = self.env.company._day_of(answer.answered_at)
        asset = answer.equipment_id
        told = [
            f"{answer.name}: {answer.shown_value}",
            answer.shown_limits
            and self.env._("What passes: %(limits)s", limits=answer.shown_limits),
            answer.note,
            answer.advice,
        ]
        return {
            "name": self.env._("Failed: %(line)s – %(asset)s", line=answer.name, asset=asset.name),
            "description": plaintext2html("\n".join(filter(None, told))),
            "equipment_id": asset.id,
            "maintenance_type": "corrective",
            "priority": SEVERITIES[answer.severity][1],
            "reported_by": "technician",
            "reported_at": answer.answered_at,
            "due_date": found_on + timedelta(days=answer.days_until_due),
            "user_id": (answer.request_id.user_id or asset.technician_user_id).id,
            "source_answer_id": answer.id,
        }

    def _follow_failures(self):
        """Let the condition of assets follow what failed; it only grows worse by that."""
        worst = {}
        for answer in self._failures():
            condition = SEVERITIES[answer.severity][0]
            known = worst.get(answer.equipment_id, answer.equipment_id.condition)
            worst[answer.equipment_id] = max(known or "good", condition, key=_worth)
        for asset, condition in worst.items():
            if asset.condition != condition:
                self.env["maintenance.equipment"].browse(asset.id).write({"condition": condition})


def _worth(condition):
    return CONDITIONS_BY_WORTH.index(condition)
