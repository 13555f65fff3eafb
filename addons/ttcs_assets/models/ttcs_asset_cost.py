from odoo import fields, models


class TtcsAssetCost(models.Model):
    """The part of an asset's original cost that one funding source paid."""

    _name = "ttcs.asset.cost"
    _description = "Cost of an asset by source"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "equipment_id, id"
    _rec_name = "funding_source_id"

    equipment_id = fields.Many2one(
        "maintenance.equipment", required=True, index=True, ondelete="cascade"
    )
    funding_source_id = fields.Many2one(
        "ttcs.funding.source", required=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="equipment_id.currency_id")
    amount = fields.Monetary(required=True)

    _source_unique = models.Constraint(
        "UNIQUE (equipment_id, funding_source_id)", "This source stands here already."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0 AND amount = trunc(amount))",
        "A share of the cost is a positive amount of whole đồng.",
    )
