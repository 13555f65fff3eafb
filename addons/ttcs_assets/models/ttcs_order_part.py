from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..maintenance import part_amount

PRICINGS = [("priced", "Priced"), ("missing", "No price yet")]


class TtcsOrderPart(models.Model):
    """A part that a work order used: from the catalogue or named freely, at the price of then.

    With the order it is frozen; only a price that is missing may still be entered, once.
    """

    _name = "ttcs.order.part"
    _description = "Part used by a work order"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "request_id, id"

    request_id = fields.Many2one(
        "maintenance.request", string="Work order", required=True, index=True, ondelete="restrict"
    )
    part_id = fields.Many2one("ttcs.spare.part", index=True, ondelete="restrict")
    name = fields.Char(
        required=True, compute="_compute_from_part", store=True, readonly=False, precompute=True
    )
    uom = fields.Char(
        string="Unit of measure",
        compute="_compute_from_part",
        store=True,
        readonly=False,
        precompute=True,
    )
    quantity = fields.Float(digits=(12, 2), default=1, required=True)
    currency_id = fields.Many2one("res.currency", related="request_id.currency_id")
    unit_price = fields.Monetary(
        required=True, compute="_compute_unit_price", store=True, readonly=False, precompute=True
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, precompute=True)
    pricing = fields.Selection(PRICINGS, compute="_compute_pricing")
    serial_taken = fields.Char(string="Serial number taken out")
    serial_fitted = fields.Char(string="Serial number fitted")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a part is more than zero."
    )
    _price_whole = models.Constraint(
        "CHECK (unit_price >= 0 AND unit_price = trunc(unit_price))",
        "A price is an amount of whole đồng, not negative.",
    )
    _amount_adds_up = models.Constraint(
        "CHECK (amount IS NOT NULL AND amount = round(quantity * unit_price))",
        "The amount of a part is its quantity times its price.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "“%(order)s” is closed, so its parts stay as they are. Reopen the work order to "
            "correct them.",
            order=diagnostics.message_detail,
        )
    )

    @api.depends("part_id")
    def _compute_from_part(self):
        for line in self:
            part = line.part_id
            line.name = part.name or line.name
            line.uom = part.uom or line.uom

    # Apart from the name, so that a price that is told is not computed with it.
    @api.depends("part_id")
    def _compute_unit_price(self):
        for line in self:
            line.unit_price = line.part_id.unit_price if line.part_id else line.unit_price

    @api.depends("unit_price")
    def _compute_pricing(self):
        for line in self:
            line.pricing = "priced" if line.unit_price else "missing"

    @api.depends("quantity", "unit_price")
    def _compute_amount(self):
        for line in self:
            line.amount = part_amount(line.quantity, line.unit_price)
