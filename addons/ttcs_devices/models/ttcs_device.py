from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ttcs_wire.contract import new_device_code

STATES = [
    ("new", "Not enrolled"),
    ("enrolled", "In service"),
    ("shut_out", "Shut out"),
    ("retired", "Retired"),
]


class TtcsDevice(models.Model):
    """A thing with a network connection, fitted to an asset or in a store.

    Its code is its name on the wire for life, opaque and never used again.  While it is fitted
    it stands where its asset stands and belongs to whom the asset belongs (by trigger), so a
    reform moves only those in a store by themselves.  Who served which asset when is in
    ``ttcs.device.fitting``: a replaced controller leaves the asset its history.
    """

    _name = "ttcs.device"
    _description = "Device"
    _inherit = ["mail.thread", "ttcs.placed.mixin", "ttcs.guarded.mixin"]
    _order = "id desc"
    _rec_names_search = ["code", "serial_no", "equipment_id.name", "equipment_id.code"]

    code = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: new_device_code(),
        help="The name of the device on the network, for its whole life.",
    )
    model_id = fields.Many2one("ttcs.device.model", required=True, index=True, ondelete="restrict")
    vendor_id = fields.Many2one(related="model_id.vendor_id")
    serial_no = fields.Char(string="Serial number", copy=False)
    agency_id = fields.Many2one(required=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="new", copy=False)
    reason = fields.Char(readonly=True, copy=False, help="Why it was shut out or retired.")
    equipment_id = fields.Many2one(
        "maintenance.equipment",
        string="Fitted to",
        readonly=True,
        index=True,
        ondelete="restrict",
        copy=False,
    )
    fitting_ids = fields.One2many("ttcs.device.fitting", "device_id", string="Assets served")
    enrolled_at = fields.Datetime(readonly=True, copy=False, string="Enrolled on")
    test_mode = fields.Boolean(
        tracking=True, copy=False, help="While it is on, drills and trials sound on this device."
    )
    sample_seconds = fields.Integer(
        required=True, default=60, string="Sends a sample every (s)", copy=False
    )
    max_volume = fields.Integer(
        required=True, default=100, string="Highest volume (%)", tracking=True, copy=False
    )
    runtime_entered = fields.Integer(
        readonly=True,
        copy=False,
        help="Seconds on air that are in the meter of an asset already, as the device counts.",
    )
    note = fields.Text()
    last_ids = fields.One2many("ttcs.device.last", "device_id", string="Presence")
    connection = fields.Selection(
        related="last_ids.connection", string="Connection", depends=["state"]
    )
    seen_at = fields.Datetime(related="last_ids.seen_at", string="Last heard", depends=["state"])

    _code_unique = models.Constraint("UNIQUE (code)", "This code names another device.")
    _serial_unique = models.Constraint(
        "UNIQUE (model_id, serial_no)", "A device of this model has this serial number already."
    )
    _closed_has_reason = models.Constraint(
        "CHECK (state NOT IN ('shut_out', 'retired') OR reason IS NOT NULL)",
        "Say why the device is shut out or retired.",
    )
    _retired_is_off = models.Constraint(
        "CHECK (state <> 'retired' OR equipment_id IS NULL)",
        "Take the device off its asset before retiring it.",
    )
    _settings_possible = models.Constraint(
        "CHECK (sample_seconds BETWEEN 5 AND 86400 AND max_volume BETWEEN 0 AND 100)",
        "A device sends a sample every 5 to 86,400 seconds; its highest volume is 0 to 100 %.",
    )
    _steps = TriggerConstraint(
        lambda env, diagnostics: env._(
            "Device %(code)s: its code stays for life, a retired device does not come back, and "
            "one that was enrolled is retired, not deleted.",
            code=diagnostics.message_detail or "",
        )
    )

    @api.depends("serial_no", "model_id", "code")
    def _compute_display_name(self):
        for device in self:
            known = device.serial_no or (device.code or "")[:6]
            device.display_name = f"{device.model_id.display_name or ''} {known}".strip()

    @api.model
    def _is_handed_over(self):
        """A fitted device follows its asset; a retired one stays where it was."""
        return SQL("record.equipment_id IS NULL AND record.state <> 'retired'")

    @api.constrains("agency_id", "unit_id")
    def _check_follows_asset(self):
        for device in self.filtered("equipment_id"):
            asset = device.equipment_id
            if (device.agency_id, device.unit_id) != (asset.agency_id, asset.unit_id):
                raise UserError(
                    self.env._(
                        "%(device)s is fitted to %(asset)s and goes where that goes. Take it off "
                        "first.",
                        device=device.display_name,
                        asset=asset.display_name,
                    )
                )

    # Fitting ----------------------------------------------------------------------------------

    def _fit(self, asset, replaced=None, reason=None):
        """Fit a device to an asset, taking off the one that it replaces.

        :param replaced: a device now on this asset, which goes into the store
        :raises UserError: when the device is elsewhere, or one of both is out of use
        """
        self.ensure_one()
        self._check_may_serve()
        if self.state == "retired":
            raise UserError(
                self.env._("%(device)s is retired. Take another.", device=self.display_name)
            )
        if self.equipment_id == asset:
            return
        if self.equipment_id:
            raise UserError(
                self.env._(
                    "%(device)s is fitted to %(asset)s. Take it off there first.",
                    device=self.display_name,
                    asset=self.equipment_id.display_name,
                )
            )
        if not asset.active:
            raise UserError(self.env._("%(asset)s is no longer in use.", asset=asset.display_name))
        if replaced:
            replaced._take_off(reason)
        # sudo: a technician fits what he may not edit; who may was checked above.
        self.sudo().write(
            {
                "equipment_id": asset.id,
                "agency_id": asset.agency_id.id,
                "unit_id": asset.unit_id.id,
                "runtime_entered": self.sudo().last_ids.runtime,
            }
        )
        self._refresh_fittings()

    def _take_off(self, reason):
        """Take devices off their assets into the store of the agency that owns them.

        :param reason: kept with the fitting that ends
        """
        self._check_may_serve()
        self.env.cr.execute("SELECT set_config('ttcs.device_reason', %s, true)", [reason or ""])
        # sudo: as in _fit
        self.sudo().write({"equipment_id": False, "unit_id": False})
        self._refresh_fittings()
        self.env.cr.execute("SELECT set_config('ttcs.device_reason', '', true)")

    def _refresh_fittings(self):
        """Let the triggers write the history of fittings, and forget what was read of it."""
        self.env.flush_all()
        self.env["ttcs.device.fitting"].invalidate_model()
        self.invalidate_recordset(["fitting_ids"])
        self.env["maintenance.equipment"].invalidate_model(["device_ids", "device_fitting_ids"])

    def action_fit(self):
        """The dialog that fits this device to an asset."""
        self.ensure_one()
        return self.env["ttcs.device.fit"]._dialog(device_id=self.id)

    def action_take_off(self):
        """The dialog that asks why it is taken off."""
        return self.env["ttcs.device.step"]._dialog(
            self.env._("Take off"), device_ids=self.ids, step="take_off"
        )

    def action_order(self):
        """An order to these devices, to be written."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ttcs_devices.ttcs_device_order_action"
            ),
            "views": [(False, "form")],
            "context": {
                "default_target_kind": "devices",
                "default_device_ids": self.ids,
                "default_operation": "report",
            },
        }

    def action_test_mode_on(self):
        """Let drills and trials sound on these devices."""
        self.write({"test_mode": True})

    def action_test_mode_off(self):
        """Keep drills and trials from these devices."""
        self.write({"test_mode": False})

    def action_open_commands(self):
        """What the device was asked to do, and what it did."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_devices.ttcs_device_command_action"
        )
        return {**action, "domain": [("device_id", "=", self.id)], "context": {}}

    def action_open_telemetry(self):
        """The charts of the device."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_devices.ttcs_device_hour_action"
        )
        return {**action, "domain": [("device_id", "=", self.id)], "context": {}}
