from odoo import api, fields, models
from odoo.exceptions import UserError


class TtcsChecklistFilling(models.TransientModel):
    """Answers an order's checklist in the office; only what was answered is written."""

    _name = "ttcs.checklist.filling"
    _description = "Fill in a checklist"

    request_id = fields.Many2one("maintenance.request", required=True, readonly=True)
    line_ids = fields.One2many("ttcs.checklist.filling.line", "filling_id", string="Lines")

    @api.model
    def _begin(self, order):
        """The form of an order's checklist with the answers so far.

        :raises UserError: when the order is closed or has no checklist
        """
        if order.closed_at or not order.checklist_id:
            raise UserError(
                self.env._(
                    "“%(order)s” has no checklist to fill in, or is closed.", order=order.name
                )
            )
        answers = {answer.line_id: answer for answer in order.answer_ids}
        lines = order.checklist_id.line_ids | order.answer_ids.line_id
        typed = self.env["ttcs.checklist.filling.line"]
        return self.create(
            {
                "request_id": order.id,
                "line_ids": [
                    (0, 0, typed._values_of(line, answers.get(line)))
                    for line in lines.sorted(lambda line: (line.sequence, line.id))
                ],
            }
        )

    def action_save(self):
        """Write the answers, or none of them when one is wrong or has changed meanwhile."""
        self.ensure_one()
        self._check_unchanged()
        given = [line._given() for line in self.line_ids]
        newer = self.request_id._answer(list(filter(None, given)))
        if newer:
            raise UserError(self._told_of([standing for standing, _given in newer]))
        self.line_ids.filtered("photo")._keep_photos()
        return {"type": "ir.actions.act_window_close"}

    def _check_unchanged(self):
        """Refuse to write over what somebody answered while this form was open."""
        known = {line.line_id: line.known_at for line in self.line_ids}
        changed = self.request_id.answer_ids.filtered(
            lambda answer: (
                answer.answered_at != known.get(answer.line_id)
                and answer.answered_by_id != self.env.user
            )
        )
        if changed:
            raise UserError(self._told_of(changed))

    def _told_of(self, answers):
        # sudo: the names of colleagues who worked on the same order.
        people = {answer.sudo().answered_by_id.name for answer in answers}
        return self.env._(
            "%(person)s answered meanwhile: %(lines)s. Nothing was written over; open the "
            "checklist again.",
            person=", ".join(sorted(people)),
            lines="; ".join(answer.name for answer in answers),
        )
