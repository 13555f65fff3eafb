from odoo import api, models
from odoo.fields import Domain

LINE_FIELDS = (
    "id", "checklist_id", "section", "name", "kind", "uom", "has_lowest", "lowest", "has_highest",
    "highest", "expected", "required", "opens_corrective", "advice",
)  # fmt: skip
ANSWER_FIELDS = ("request_id", "line_id", "value", "note", "answered_at", "person")


class TtcsFieldArea(models.AbstractModel):
    """The checklists of the orders that a phone takes along, each of them once."""

    _inherit = "ttcs.field.area"

    @api.model
    def _area(self, commune_ids=None):
        """Adds ``order_checklists`` (which order has which), ``checklist_lines`` and the answers
        so far as ``checklist_answers``."""
        area = super()._area(commune_ids)
        order_ids = [row[0] for row in area["orders"]["rows"]]
        held = self._rows(
            "maintenance.request",
            Domain("id", "in", order_ids) & Domain("checklist_id", "!=", False),
            ("id", "checklist_id"),
        )
        return area | {
            "order_checklists": self._as_table(("order_id", "checklist_id"), held),
            "checklist_lines": self._as_table(
                LINE_FIELDS, self._checklist_lines({row[1] for row in held})
            ),
            "checklist_answers": self._as_table(
                ANSWER_FIELDS, self._checklist_answers([row[0] for row in held])
            ),
        }

    @api.model
    def _checklist_lines(self, checklist_ids):
        """In the order in which they are answered."""
        lines = self.env["ttcs.checklist.line"].search_fetch(
            [("checklist_id", "in", list(checklist_ids))], LINE_FIELDS
        )
        return [
            [self._json_value(row[name]) for name in LINE_FIELDS]
            for row in lines.read(LINE_FIELDS, load=None)
        ]

    @api.model
    def _checklist_answers(self, order_ids):
        answers = self.env["ttcs.checklist.answer"].search([("request_id", "in", order_ids)])
        # sudo: the names of colleagues who worked on the same orders.
        names = {answer.id: answer.sudo().answered_by_id.name for answer in answers}
        return [
            [
                answer.request_id.id,
                answer.line_id.id,
                answer._value(),
                answer.note or None,
                self._json_value(answer.answered_at),
                names[answer.id],
            ]
            for answer in answers
        ]
