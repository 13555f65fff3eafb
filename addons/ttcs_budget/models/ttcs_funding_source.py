from odoo import api, fields, models
from odoo.fields import Domain


class TtcsFundingSource(models.Model):
    """Where money comes from: level × nature × programme, within a period.

    A gift in kind has a value but no cash; it is a source like the others, marked in kind.
    A source that merged names its successor, so that old costs keep their source.
    """

    _name = "ttcs.funding.source"
    _description = "Funding source"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, tracking=True)
    code = fields.Char()
    sequence = fields.Integer(
        string="Priority", default=10, help="Sources with a lower number are used first."
    )
    level = fields.Selection(
        [
            ("central", "Central budget"),
            ("province", "Provincial budget"),
            ("district", "District budget"),
            ("commune", "Commune budget"),
            ("other", "Outside the budget"),
        ],
        required=True,
    )
    nature = fields.Selection(
        [("investment", "Development investment"), ("recurrent", "Recurrent expenditure")],
    )
    programme_id = fields.Many2one("ttcs.funding.programme", index=True, ondelete="restrict")
    in_kind = fields.Boolean(help="A gift of equipment or work: a value without cash.")
    valid_from = fields.Date(required=True, tracking=True)
    valid_to = fields.Date(tracking=True)
    successor_id = fields.Many2one("ttcs.funding.source", ondelete="restrict")
    note = fields.Text()
    in_force = fields.Boolean(compute="_compute_in_force", search="_search_in_force")

    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A funding source cannot end before it begins.",
    )
    _not_itself = models.Constraint(
        "CHECK (successor_id <> id)", "A funding source cannot follow itself."
    )
    _budget_has_nature = models.Constraint(
        "CHECK (level = 'other' OR nature IS NOT NULL)",
        "Budget money is either development investment or recurrent expenditure.",
    )
    _code_period = models.Constraint(
        "EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to, '[]') WITH &&)",
        "Another funding source holds this code in the same period.",
    )

    @api.depends("valid_from", "valid_to")
    def _compute_in_force(self):
        today = self.env.company._today()
        for source in self:
            source.in_force = bool(
                source.valid_from
                and source.valid_from <= today
                and (not source.valid_to or source.valid_to >= today)
            )

    def _search_in_force(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = self.env.company._today()
        domain = Domain("valid_from", "<=", today) & (
            Domain("valid_to", "=", False) | Domain("valid_to", ">=", today)
        )
        return domain if (operator == "in") == (True in value) else ~domain
