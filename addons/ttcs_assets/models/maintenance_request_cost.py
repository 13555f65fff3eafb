from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

PAYERS = [
    ("own", "Own budget"),
    ("warranty", "Supplier, under warranty"),
    ("contract", "Service contract"),
    ("insurance", "Insurance"),
    ("culprit", "Whoever caused the damage"),
]


class MaintenanceRequest(models.Model):
    """What a work order cost and who pays it, with the warning of a warranty that still runs.

    Costs are frozen with the closed order; whoever reopens it may correct them.  A price that is
    missing may be entered without reopening.
    """

    _inherit = "maintenance.request"

    currency_id = fields.Many2one("res.currency", related="company_id.currency_id")
    part_ids = fields.One2many("ttcs.order.part", "request_id", string="Parts used")
    unpriced_count = fields.Integer(
        compute="_compute_unpriced_count", string="Parts without a price"
    )
    labour_ids = fields.One2many("ttcs.order.labour", "request_id")
    parts_cost = fields.Monetary(compute="_compute_parts_cost", store=True)
    labour_cost = fields.Monetary(compute="_compute_labour_cost", store=True)
    other_cost = fields.Monetary(default=0, help="Transport, hire of a lift, earthworks…")
    cost_total = fields.Monetary(compute="_compute_cost_total", store=True, string="Cost in total")
    paid_by = fields.Selection(PAYERS, default="own", required=True, tracking=True)
    warranty_until = fields.Date(
        compute="_compute_warranty",
        help="The asset was under warranty on the day on which the fault was reported.",
    )
    warranty_supplier_id = fields.Many2one(
        "res.partner", string="Supplier", compute="_compute_warranty"
    )
    no_claim_reason = fields.Char(
        string="Why the supplier does not pay",
        tracking=True,
        help="Asked for when the own budget pays for an asset under warranty.",
    )

    _other_cost_whole = models.Constraint(
        "CHECK (other_cost >= 0 AND other_cost = trunc(other_cost))",
        "Other costs are an amount of whole đồng, not negative.",
    )
    _cost_adds_up = models.Constraint(
        "CHECK (cost_total = parts_cost + labour_cost + other_cost)",
        "The cost of a work order is the sum of parts, labour and other costs.",
    )
    _cost_is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "“%(order)s” is closed, so its costs and who pays them stay as they are. Reopen "
            "the work order to correct them.",
            order=diagnostics.message_detail,
        )
    )
    _warranty_is_claimed = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(asset)s is under warranty, yet the own budget would pay for this repair. Let the "
            "supplier pay, or write on the order why he does not.",
            asset=diagnostics.message_detail,
        )
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**self._first_costs(vals), **vals} for vals in vals_list])

    @api.model
    def _first_costs(self, vals):
        """The costs of an order without lines, told at once: orders come by the thousand, and
        what is computed afterwards is written a second time."""
        if vals.get("part_ids") or vals.get("labour_ids"):
            return {}
        other = vals.get("other_cost") or 0
        return {"parts_cost": 0, "labour_cost": 0, "other_cost": other, "cost_total": other}

    @api.depends("part_ids.amount")
    def _compute_parts_cost(self):
        for order in self:
            order.parts_cost = sum(order.part_ids.mapped("amount"))

    @api.depends("part_ids.unit_price")
    def _compute_unpriced_count(self):
        for order in self:
            order.unpriced_count = len(order.part_ids.filtered(lambda line: not line.unit_price))

    @api.depends("labour_ids.amount")
    def _compute_labour_cost(self):
        for order in self:
            order.labour_cost = sum(order.labour_ids.mapped("amount"))

    @api.depends("parts_cost", "labour_cost", "other_cost")
    def _compute_cost_total(self):
        for order in self:
            order.cost_total = order.parts_cost + order.labour_cost + order.other_cost

    def action_price_parts(self):
        """The parts whose prices are to be entered, also after the closing."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.ttcs_order_part_action"
        )
        action["domain"] = [("request_id", "=", self.id), ("unit_price", "=", 0)]
        action["context"] = {}
        return action

    def action_open_costs(self):
        """What the asset has cost so far, by month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.maintenance_request_action_cost"
        )
        action["domain"] = [("equipment_id", "=", self.equipment_id.id), ("cost_total", ">", 0)]
        action["context"] = {}
        return action

    @api.depends("reported_at", "equipment_id.warranty_date", "equipment_id.partner_id")
    def _compute_warranty(self):
        for order in self:
            asset = order.equipment_id
            reported = order.reported_at and self.env.company._day_of(order.reported_at)
            is_covered = bool(reported and asset.warranty_date and asset.warranty_date >= reported)
            order.warranty_until = is_covered and asset.warranty_date
            order.warranty_supplier_id = is_covered and asset.partner_id
