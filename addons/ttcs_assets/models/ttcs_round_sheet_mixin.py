from odoo import api, fields, models
from odoo.fields import Domain


class TtcsRoundSheetMixin(models.AbstractModel):
    """What one place answers in a round (``ttcs.round.mixin``), until a day of its own.

    The model names the field of its round, and the states in which its answer is awaited.
    """

    _name = "ttcs.round.sheet.mixin"
    _description = "Sheet of a round"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
    _round_field = None
    _awaited_states = ()

    due_date = fields.Date(required=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    @api.model
    def _domain_awaited(self):
        """The sheets of open rounds that have not been answered."""
        of_open_round = Domain(f"{self._round_field}.state", "=", "open")
        return Domain("state", "in", self._awaited_states) & of_open_round

    @api.depends(lambda self: ("due_date", "state", f"{self._round_field}.state"))
    def _compute_is_late(self):
        today = self.env.company._today()
        awaited = self.filtered_domain(self._domain_awaited())
        for sheet in self:
            sheet.is_late = sheet in awaited and sheet.due_date < today

    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = self._domain_awaited() & Domain("due_date", "<", self.env.company._today())
        return late if (operator == "in") == (True in value) else ~late
