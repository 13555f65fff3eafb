from datetime import date
from decimal import Decimal

from odoo import api, fields, models


class TtcsDepreciationRate(models.Model):
    """How fast one kind of asset wears under a regime."""

    _name = "ttcs.depreciation.rate"
    _description = "Depreciation rate"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "regime_id, category_id, id"

    regime_id = fields.Many2one("ttcs.depreciation.regime", required=True, ondelete="cascade")
    category_id = fields.Many2one(
        "maintenance.equipment.category", string="Kind", required=True, ondelete="cascade"
    )
    useful_life_years = fields.Integer(string="Useful life (years)")
    rate = fields.Float(string="Rate (% a year)", digits=(5, 2), required=True)

    _kind_unique = models.Constraint(
        "UNIQUE (regime_id, category_id)", "This kind of asset has a rate in this regime already."
    )
    _rate_possible = models.Constraint(
        "CHECK (rate >= 0 AND rate <= 100)", "A yearly rate lies between 0 and 100 %."
    )

    @api.model
    def _rates_by_year(self, years):
        """Yearly rates in percent by (category id, year); one query for all.

        The regime of a year is the one in force on its 31 December, when the year's amount
        is booked.
        """
        rates = {}
        # sudo: rates are public rules, not records of anyone.
        for rate in self.sudo().search([]):
            regime = rate.regime_id
            for year in years:
                booking_day = date(year, 12, 31)
                if regime.valid_from <= booking_day and (
                    not regime.valid_to or booking_day <= regime.valid_to
                ):
                    rates[rate.category_id.id, year] = Decimal(str(rate.rate))
        return rates
