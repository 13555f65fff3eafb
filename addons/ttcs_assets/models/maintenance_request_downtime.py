from odoo import api, fields, models

# The results after which the asset works again.
WORKS_AGAIN = ("repaired", "maintained", "partly", "no_fault")


class MaintenanceRequest(models.Model):
    """A fault that makes an asset broken begins its downtime, its repair ends it."""

    _inherit = "maintenance.request"

    downtime_ids = fields.One2many("ttcs.downtime", "request_id", string="Downtimes")
    downtime_minutes = fields.Integer(
        compute="_compute_downtime_minutes", compute_sudo=True, string="Downtime (minutes)"
    )
    downtime_count = fields.Integer(compute="_compute_downtime_minutes", compute_sudo=True)

    @api.depends("downtime_ids.minutes", "downtime_ids.ended_at")
    def _compute_downtime_minutes(self):
        now = fields.Datetime.now()
        for order in self:
            lasting = order.downtime_ids.filtered(lambda downtime: not downtime.ended_at)
            so_far = sum(
                int((now - downtime.started_at).total_seconds() // 60) for downtime in lasting
            )
            order.downtime_minutes = sum(order.downtime_ids.mapped("minutes")) + so_far
            order.downtime_count = len(order.downtime_ids)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        # Nearly all orders are of the maintenance rules; those cost nothing here.
        corrective = [
            order
            for order, vals in zip(orders, vals_list, strict=True)
            if vals.get("maintenance_type", "corrective") == "corrective"
        ]
        self.browse([order.id for order in corrective])._begin_downtimes()
        return orders

    def _after_closing(self):
        # First, with the moment of the closing: a better condition would end them now.
        self._end_downtimes()
        super()._after_closing()

    def _begin_downtimes(self):
        """Begin the downtime of broken assets with the report of their fault."""
        broken = self.filtered(
            lambda order: not order.closed_at and order.equipment_id.condition == "broken"
        )
        # sudo: whoever reports a fault says that the asset is down.
        self.env["ttcs.downtime"].sudo()._begin_each(
            [(order.equipment_id.id, order.reported_at, order.id) for order in broken]
        )

    def _end_downtimes(self):
        # sudo: whoever closes the order says that the asset works again.
        downtimes = self.env["ttcs.downtime"].sudo()
        repaired = self.filtered(lambda order: order.result in WORKS_AGAIN)
        for moment, orders in repaired.grouped("closed_at").items():
            downtimes._end(orders.equipment_id, moment)

    def action_open_asset(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "maintenance.equipment",
            "res_id": self.equipment_id.id,
            "views": [(False, "form")],
        }

    def action_open_downtimes(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_assets.ttcs_downtime_action")
        action["domain"] = [("request_id", "=", self.id)]
        action["context"] = {
            "default_equipment_id": self.equipment_id.id,
            "default_request_id": self.id,
            "default_started_at": self.reported_at,
        }
        return action
