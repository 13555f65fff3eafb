from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..maintenance.periods import period_days

GROUPINGS = [
    ("equipment_id", "Asset"),
    ("model_name", "Device model"),
    ("category_id", "Kind of asset"),
    ("commune_id", "Commune"),
    ("agency_id", "Agency"),
]
PERIODS = [
    ("last_12_months", "The last 12 months"),
    ("this_quarter", "This quarter"),
    ("last_quarter", "The last quarter"),
    ("this_year", "This year"),
    ("last_year", "The last year"),
    ("other", "Other days"),
]


class TtcsReliabilityPeriod(models.TransientModel):
    """Asks for which period, and by what, reliability is to be shown."""

    _name = "ttcs.reliability.period"
    _description = "Period of a reliability report"
    _inherit = ["ttcs.plausible.mixin"]

    period = fields.Selection(PERIODS, default="last_12_months", required=True)
    date_from = fields.Date(compute="_compute_dates", store=True, readonly=False, required=True)
    date_to = fields.Date(compute="_compute_dates", store=True, readonly=False, required=True)
    group_by = fields.Selection(GROUPINGS, default="commune_id", required=True, string="For each")

    _period_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "The period cannot end before it begins."
    )

    @api.depends("period")
    def _compute_dates(self):
        today = self.env.company._today()
        for asked in self.filtered(lambda asked: asked.period != "other"):
            asked.date_from, asked.date_to = period_days(asked.period, today)

    @api.constrains("date_from")
    def _check_has_begun(self):
        for asked in self:
            if asked.date_from > self.env.company._today():
                raise ValidationError(
                    self.env._(
                        "Nothing is known yet of a period that begins on %(day)s. Choose an "
                        "earlier one.",
                        day=f"{asked.date_from:%d/%m/%Y}",
                    )
                )

    def action_show(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.ttcs_reliability_action"
        )
        action["name"] = self.env._(
            "Reliability from %(start)s to %(end)s",
            start=f"{self.date_from:%d/%m/%Y}",
            end=f"{self.date_to:%d/%m/%Y}",
        )
        action["context"] = {
            "ttcs_reliability_from": str(self.date_from),
            "ttcs_reliability_to": str(self.date_to),
            "group_by": [] if self.group_by == "equipment_id" else [self.group_by],
            "pivot_row_groupby": [self.group_by],
            "graph_groupbys": [self.group_by],
        }
        return action
