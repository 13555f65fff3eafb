from odoo import api, fields, models


class MaintenanceEquipment(models.Model):
    _inherit = "maintenance.equipment"

    device_ids = fields.One2many("ttcs.device", "equipment_id", string="Devices fitted")
    device_fitting_ids = fields.One2many(
        "ttcs.device.fitting", "equipment_id", string="Devices that served it"
    )
    device_count = fields.Integer(compute="_compute_device_count", string="Devices")

    roll_call_count = fields.Integer(compute="_compute_roll_call_count", string="Roll calls")

    def _compute_device_count(self):
        counts = self._counted("ttcs.device")
        for asset in self:
            asset.device_count = counts.get(asset, 0)

    def _compute_roll_call_count(self):
        counts = self._counted("ttcs.roll.call.line")
        for asset in self:
            asset.roll_call_count = counts.get(asset, 0)

    def _counted(self, model):
        of_these = [("equipment_id", "in", self.ids)]
        return dict(self.env[model]._read_group(of_these, ["equipment_id"], ["__count"]))

    def action_open_devices(self):
        """The devices fitted to this asset."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_devices.ttcs_device_action")
        return {**action, "domain": [("equipment_id", "=", self.id)], "context": {}}

    def action_open_roll_calls(self):
        """How this asset was heard, call by call."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_devices.ttcs_roll_call_line_action"
        )
        return {**action, "domain": [("equipment_id", "=", self.id)], "context": {}}

    def get_chart(self, figure, days):
        """The curves of the devices on this asset; see ``ttcs.device.get_chart``."""
        self.ensure_one()
        return self.device_ids.get_chart(figure, days)

    @api.model
    def _cron_show_connections(self):
        """Show on every asset how its devices are; one statement, only what changed.

        An asset whose devices are all in the store or retired is watched by no wire again.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH heard AS (
                SELECT equipment_id, max(seen_at) AS seen_at,
                    CASE WHEN bool_or(connection = 'playing') THEN 'playing'
                        WHEN bool_or(connection IN ('online', 'faulty')) THEN 'online'
                        ELSE 'offline' END AS connection
                FROM ttcs_device_last WHERE equipment_id IS NOT NULL GROUP BY 1
            )
            UPDATE maintenance_equipment asset
            SET connection = told.connection, connection_date = told.seen_at
            FROM (
                SELECT id, COALESCE(heard.connection, 'unmonitored') AS connection, heard.seen_at
                FROM maintenance_equipment
                LEFT JOIN heard ON heard.equipment_id = id
                WHERE heard.equipment_id IS NOT NULL
                    OR id IN (SELECT equipment_id FROM ttcs_device_fitting
                        WHERE taken_off_at > now() AT TIME ZONE 'UTC' - interval '1 day')
            ) told
            WHERE asset.id = told.id AND asset.connection IS DISTINCT FROM told.connection
            """
        )
        self.invalidate_model(["connection", "connection_date"])
