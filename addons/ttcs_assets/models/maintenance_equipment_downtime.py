from odoo import fields, models

from ..maintenance import Reliability


class MaintenanceEquipment(models.Model):
    """An asset that turns out broken is down since its fault was reported, until it works."""

    _inherit = "maintenance.equipment"

    downtime_ids = fields.One2many("ttcs.downtime", "equipment_id", string="Downtimes")
    year_failures = fields.Integer(compute="_compute_reliability", string="Failures in 12 months")
    year_availability = fields.Float(
        compute="_compute_reliability",
        digits=(5, 2),
        string="Availability in 12 months (%)",
        help="Without power cuts, planned works and whatever else does not count against it.",
    )
    year_hours_between_failures = fields.Float(
        compute="_compute_reliability",
        digits=(12, 1),
        string="MTBF (hours)",
        help="Mean operating time between failures, of the last 12 months.",
    )
    year_minutes_to_restoration = fields.Float(
        compute="_compute_reliability",
        digits=(12, 1),
        string="MTTR (minutes)",
        help="Mean time to restoration, of the last 12 months.",
    )

    def _compute_reliability(self):
        figures = self.env["ttcs.reliability"]._figures_of(self._origin)
        for asset in self:
            row = figures.get(asset._origin.id, {})
            year = Reliability(
                failures=row.get("failures", 0),
                down=row.get("down_minutes", 0),
                excluded=row.get("excluded_minutes", 0),
                observed=row.get("observed_minutes", 0),
            )
            asset.year_failures = year.failures
            asset.year_availability = year.availability or 0
            asset.year_hours_between_failures = year.hours_between_failures or 0
            asset.year_minutes_to_restoration = year.minutes_to_restoration or 0

    def write(self, vals):
        if "condition" not in vals:
            return super().write(vals)
        changing = self.filtered(lambda asset: asset.condition != vals["condition"])
        result = super().write(vals)
        if vals["condition"] == "broken":
            changing._begin_downtimes()
        elif vals["condition"] in ("good", "degraded"):
            # sudo: whoever sets the condition says that the asset works.
            self.env["ttcs.downtime"].sudo()._end(changing, fields.Datetime.now())
        return result

    def _begin_downtimes(self):
        """Begin the downtimes of those with a corrective order that is open."""
        if self:
            # sudo: whoever sets the condition says so; the orders only tell since when.
            orders = self.env["maintenance.request"].sudo()
            orders.search(
                [
                    ("equipment_id", "in", self.ids),
                    ("maintenance_type", "=", "corrective"),
                    ("closed_at", "=", False),
                    ("archive", "=", False),
                ],
                order="reported_at, id",
            )._begin_downtimes()
