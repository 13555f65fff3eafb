from decimal import Decimal

from odoo import api, fields, models

from ..depreciation import accumulated_depreciation, last_booked_year


class TtcsAssetBookMixin(models.AbstractModel):
    """The book side of an asset: cost by source, depreciation, residual value.

    It stands beside the asset software that the office must use and does not replace it: the
    figures are those of the circular in force, for reports, inventories and decisions.
    ``ttcs_as_of`` in the context asks for another day than today.
    """

    _name = "ttcs.asset.book.mixin"
    _description = "Book side of an asset"

    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        default=lambda self: self.env.company.currency_id,
    )
    original_cost = fields.Monetary(help="Nguyên giá, in đồng.")
    cost_ids = fields.One2many("ttcs.asset.cost", "equipment_id", string="Cost by source")
    acquisition = fields.Selection(
        [
            ("purchase", "Purchase"),
            ("construction", "Construction investment"),
            ("assigned", "Assigned or transferred"),
            ("gift", "Gift"),
            ("inventory_surplus", "Found in an inventory"),
        ],
        default="purchase",
    )
    in_use_date = fields.Date(string="In use since")
    acquisition_year = fields.Integer(string="Year of manufacture")
    ledger_code = fields.Char(
        index=True, help="Code of the asset in the office's asset software or ledger."
    )
    accumulated_depreciation = fields.Monetary(compute="_compute_depreciation")
    residual_value = fields.Monetary(compute="_compute_depreciation")
    book_class = fields.Selection(
        [
            ("fixed_asset", "Fixed asset"),
            ("tool", "Tool or instrument"),
            ("unknown", "No cost yet"),
        ],
        compute="_compute_depreciation",
    )

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("original_cost", "in_use_date", "category_id")
    @api.depends_context("ttcs_as_of")
    def _compute_depreciation(self):
        as_of = fields.Date.to_date(self.env.context.get("ttcs_as_of"))
        as_of = as_of or self.env.company._today()
        bases = [asset._depreciation_basis() for asset in self]
        booked = self._depreciation_of(set(bases), as_of)
        for asset, basis in zip(self, bases, strict=True):
            cost = basis[0]
            asset.accumulated_depreciation = booked[basis][0]
            asset.residual_value = cost - booked[basis][0]
            is_fixed = booked[basis][1]
            asset.book_class = "fixed_asset" if is_fixed else "tool" if cost else "unknown"

    def _depreciation_basis(self):
        """What alone decides an asset's depreciation: ``(cost, in use since, kind)``."""
        self.ensure_one()
        return int(self.original_cost), self.in_use_date or None, self.category_id.id

    @api.model
    def _depreciation_of(self, bases, as_of):
        """What was booked up to a date, for any number of assets that share a few bases.

        :param bases: set of ``_depreciation_basis``
        :returns: ``{basis: (accumulated depreciation in đồng, whether it is a fixed asset)}``
        """
        first = min((since.year for _cost, since, _kind in bases if since), default=None)
        years = range(first, last_booked_year(as_of) + 1) if first else range(0)
        rates = self.env["ttcs.depreciation.rate"]._rates_by_year(years)
        threshold = self._fixed_asset_threshold(as_of)
        booked = {}
        for basis in bases:
            cost, since, category = basis
            is_fixed = cost > 0 and cost >= threshold
            amount = 0
            if is_fixed:
                amount = accumulated_depreciation(
                    cost,
                    since,
                    as_of,
                    lambda year, category=category: rates.get((category, year), Decimal(0)),
                )
            booked[basis] = amount, is_fixed
        return booked

    @api.model
    def _fixed_asset_threshold(self, date):
        """Least original cost of a fixed asset on a date, in đồng; 0 where no regime holds."""
        regime = (
            self.env["ttcs.depreciation.regime"]
            .sudo()  # sudo: the threshold is a public rule
            .search([("valid_from", "<=", date)], order="valid_from desc", limit=1)
        )
        return regime.fixed_asset_threshold if regime else 0
