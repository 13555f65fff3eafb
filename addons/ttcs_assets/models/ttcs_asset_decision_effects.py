from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from .ttcs_asset_decision import WITH_RECEIVER


class TtcsAssetDecision(models.Model):
    """What a decision does to assets once it is carried out; set-wise, for any number."""

    _inherit = "ttcs.asset.decision"

    def _carry_out(self, lines, date):
        """Carry out lines of an approved dossier as of a date.

        Transferred assets stand at the receiver's from that day on; others are disposed of.
        Parts that are built in and stand with an asset go along.

        :param lines: those to carry out; others stay open
        """
        self.ensure_one()
        self.check_access("write")
        lines = lines.filtered(lambda line: line.state == "open")
        self._check_may_carry_out(lines, date)
        # Rows in order of ids, so that two who meet wait for each other and do not lock up.
        self.env.cr.execute(
            "SELECT id FROM maintenance_equipment WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [lines.equipment_id.ids],
        )
        rows = self._moves(lines)
        if self.kind in WITH_RECEIVER:
            self._transfer(rows, date)
        else:
            self._dispose([row[0] for row in rows], date)
        lines._by_steps().write({"state": "carried_out", "carried_out_on": date})
        lines.flush_recordset()
        self._note("carried_out", None)
        if not any(line.state == "open" for line in self.line_ids):
            self._move({"state": "carried_out"})

    def _check_may_carry_out(self, lines, date):
        problem = None
        if self.state != "approved":
            problem = self.env._("it is not approved, or closed already")
        elif not lines:
            problem = self.env._("none of its assets is open")
        elif not date or date < self.decision_date:
            problem = self.env._("the day lies before the decision")
        elif date > self.env.company._today():
            problem = self.env._("the day lies in the future")
        else:
            problem = self._problem_of_assets()
        if problem:
            raise UserError(
                self.env._(
                    "%(dossier)s cannot be carried out: %(problem)s.",
                    dossier=self.display_name,
                    problem=problem,
                )
            )

    def _moves(self, lines):
        """Rows ``(id, old place, old agency, new place, new agency)`` of assets and parts."""
        # sudo: the receiver's office may be out of the giver's reach.
        receiver = self.sudo().receiver_agency_id
        place = self.receiver_unit_id or receiver.unit_id
        rows = [
            (
                line.equipment_id.id,
                line.equipment_id.unit_id.id or None,
                line.equipment_id.agency_id.id,
                (line.new_unit_id or place).id or None,
                receiver.id or None,
            )
            for line in lines
        ]
        assets = self.env["maintenance.equipment"]
        parts = assets._following_parts(rows)
        busy = self._standing_elsewhere([row[0] for row in parts])
        return rows + [row for row in parts if row[0] not in busy]

    def _standing_elsewhere(self, asset_ids):
        """Parts that another open dossier speaks of do not go along unasked."""
        self.env.cr.execute(
            "SELECT equipment_id FROM ttcs_asset_decision_line"
            " WHERE state = 'open' AND equipment_id = ANY(%s)",
            [asset_ids],
        )
        return {row[0] for row in self.env.cr.fetchall()}

    def _transfer(self, rows, date):
        assets = self.env["maintenance.equipment"]
        ids = [row[0] for row in rows]
        assets.browse(ids)._end_custody(date)
        assets._place_exactly(rows, date)
        # The orders went along with their assets; whoever had them no longer reaches them.
        orders = self._open_orders(ids)
        orders.write({"user_id": False})
        self._tell_orders(
            orders,
            self.env._(
                "The asset was transferred to %(agency)s by decision %(number)s. This order goes "
                "with it and waits for a technician there.",
                agency=self.sudo().receiver_agency_id.name,
                number=self.decision_number,
            ),
        )

    def _dispose(self, ids, date):
        reason = self.env._(
            "%(kind)s by decision %(number)s",
            kind=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
            number=self.decision_number,
        )
        assets = self.env["maintenance.equipment"].browse(ids)
        assets._end_custody(date)
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE maintenance_equipment
            SET life_state = 'disposed', disposed_on = %s, write_uid = %s,
                write_date = now() AT TIME ZONE 'UTC'
            WHERE id = ANY(%s)
            """,
            [date, self.env.uid, ids],
        )
        # sudo: tags of these assets may have been issued to another office.
        tags = self.env["ttcs.tag"].sudo()
        tags.search([("equipment_id", "in", ids), ("state", "=", "assigned")])._revoke(reason)
        orders = self._open_orders(ids)
        # Work on what is gone is nobody's task: cancelled, as core calls an archived order.
        orders.write(
            {
                "archive": True,
                "resolution": reason,
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
            }
        )
        self._tell_orders(orders, reason)
        self.env.invalidate_all()

    def _open_orders(self, asset_ids):
        # sudo: the decision binds orders of any office, whoever carries it out.
        orders = self.env["maintenance.request"].sudo().with_context(tracking_disable=True)
        return orders.search([("equipment_id", "in", asset_ids), ("closed_at", "=", False)])

    def _tell_orders(self, orders, text):
        """A note on each order, in one batch."""
        note = Markup("<p>%s</p>") % text
        orders._message_log_batch(
            bodies={order.id: note for order in orders}, author_id=self.env.user.partner_id.id
        )
