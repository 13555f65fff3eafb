from odoo import models

from ..inventory import LineReport


class TtcsInventoryLine(models.Model):
    """A line as the minutes print it."""

    _inherit = "ttcs.inventory.line"

    def _as_report(self):
        self.ensure_one()
        words = self._fields["condition"]._description_selection(self.env)
        proposals = dict(self._fields["proposal"]._description_selection(self.env))
        return LineReport(
            name=self.name,
            code=self.code or "",
            ledger_code=self.ledger_code or "",
            kind=self.kind or "",
            place=self.place or "",
            quantity=self.quantity,
            original_cost=int(self.original_cost),
            residual_value=int(self.residual_value),
            counted_quantity=self.counted_quantity,
            counted_cost=int(self.counted_cost),
            counted_residual=int(self.counted_residual),
            state=self.state,
            condition=dict(words).get(self.counted_condition or self.condition, ""),
            remark=self._remark(),
            explanation=self.explanation or "",
            proposal=proposals.get(self.proposal, ""),
        )

    def _remark(self):
        """What the last column of the minutes says."""
        text = {
            "pending": "Chưa kiểm đếm",
            "missing": "Thiếu",
            "elsewhere": f"Tìm thấy ở nơi khác: {self.found_by or ''}",
            "unexpected": "Thừa",
        }.get(self.state, "")
        if self.origin_line_id:
            text = f"Thừa; theo sổ ở: {self.origin_line_id.sheet_id._title()}"
        broken = "Hỏng" if self.counted_condition in ("broken", "stopped") else ""
        return "; ".join(filter(None, (text, broken, self.note)))
