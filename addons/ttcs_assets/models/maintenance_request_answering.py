from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


@dataclass(frozen=True)
class GivenAnswer:
    """An answer that somebody gave: ``value`` as ``maintenance.read_value`` takes it,
    ``answered_at`` naive UTC."""

    line_id: int
    value: str | float | None
    note: str
    answered_at: datetime


class MaintenanceRequest(models.Model):
    """How answers to an order's checklist are written."""

    _inherit = "maintenance.request"

    def _answer(self, given):
        """Write answers in the name of the user.

        What another person answered later stands: such answers are given back, nothing of them
        is written.  What is corrected of another person's answers is told in a note.

        :param given: list of ``GivenAnswer``, each of a line of this order's checklist
        :returns: list of ``(standing answer, GivenAnswer)`` that met a newer one
        :raises AnswerError: when a value is not of its line's kind
        :raises UserError: when the order is closed
        """
        self.ensure_one()
        self.check_access("write")
        if self.closed_at:
            raise UserError(
                self.env._(
                    "“%(order)s” is closed, so the answers to its checklist stay as they are. "
                    "Reopen the work order to correct them.",
                    order=self.name,
                )
            )
        # An order that was just reopened is so in the database before its answers change.
        self.flush_recordset()
        # sudo: answers are written here only, after the right to change the order was checked.
        answers = self.env["ttcs.checklist.answer"].sudo()
        known = {
            answer.line_id.id: answer for answer in answers.search([("request_id", "=", self.id)])
        }
        lines = {
            line.id: line
            for line in self.env["ttcs.checklist.line"].browse([one.line_id for one in given])
        }
        fresh, newer, corrected = [], [], []
        for one in given:
            standing = known.get(one.line_id)
            if standing is None:
                fresh.append(self._answer_values(lines[one.line_id], one))
            elif standing._is_same(one):
                continue
            elif standing.answered_by_id != self.env.user and (
                standing.answered_at > one.answered_at
            ):
                newer.append((standing, one))
            else:
                corrected.append((standing, standing.shown_value))
                standing.write(answers._columns_of(standing, one.value) | self._answered(one))
        answers.create(fresh)
        answers.flush_model()
        self._tell_corrected(corrected)
        return newer

    def _answer_values(self, line, one):
        return {
            "request_id": self.id,
            "line_id": line.id,
            **line._kept_values(),
            **self.env["ttcs.checklist.answer"]._columns_of(line, one.value),
            **self._answered(one),
        }

    def _answered(self, one):
        return {
            "note": one.note or False,
            "answered_at": one.answered_at,
            "answered_by_id": self.env.uid,
        }

    def _tell_corrected(self, corrected):
        """Keep what an answer was before as a note."""
        if not corrected:
            return
        rows = Markup().join(
            Markup("<li>%s: %s → %s</li>") % (answer.name, before, answer.shown_value)
            for answer, before in corrected
        )
        self.message_post(
            body=Markup("<p>%s</p><ul>%s</ul>") % (self.env._("Answers corrected:"), rows),
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
