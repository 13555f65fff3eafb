from odoo import fields, models


class TtcsDepreciationRegime(models.Model):
    """The rules for fixed assets in a period: what counts as one, and how fast it wears."""

    _name = "ttcs.depreciation.regime"
    _description = "Depreciation regime"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "valid_from desc, id"

    name = fields.Char(required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date()
    legal_document_id = fields.Many2one("ttcs.legal.document", ondelete="restrict")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    fixed_asset_threshold = fields.Monetary(
        required=True, help="An item of at least this original cost is a fixed asset."
    )
    rate_ids = fields.One2many("ttcs.depreciation.rate", "regime_id", string="Rates", copy=True)

    _period = models.Constraint(
        "EXCLUDE USING gist (daterange(valid_from, valid_to, '[]') WITH &&)",
        "Another depreciation regime holds in the same period.",
    )
    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A depreciation regime cannot end before it begins.",
    )
