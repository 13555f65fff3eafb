from dateutil.relativedelta import relativedelta

from odoo import fields, models

GROUPINGS = [
    ("equipment_id", "Asset"),
    ("model_name", "Device model"),
    ("category_id", "Kind of asset"),
    ("commune_id", "Commune"),
    ("agency_id", "Agency"),
]


class TtcsReliabilityPeriod(models.TransientModel):
    """Asks for which period, and by what, reliability is to be shown."""

    _name = "ttcs.reliability.period"
    _description = "Period of a reliability report"

    date_from = fields.Date(
        required=True,
        default=lambda self: (
            self.env.company._today() - relativedelta(months=12) + relativedelta(days=1)
        ),
    )
    date_to = fields.Date(required=True, default=lambda self: self.env.company._today())
    group_by = fields.Selection(GROUPINGS, default="commune_id", required=True, string="For each")

    _period_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "The period cannot end before it begins."
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
