import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import config

from odoo.addons.ttcs_base.instance_settings import instance_settings

from ..bridge_keys import BridgePublic
from ..enrolment_codes import code_hash, new_code

CODE_MINUTES = 15
SERVING_GROUPS = (
    "ttcs_devices.ttcs_devices_group_user",
    "ttcs_assets.ttcs_assets_group_maintenance_user",
)
BROKER_PARAMETER = "ttcs_devices.broker_url"


class TtcsDevice(models.Model):
    """Who may speak on the wire: enrolment, shutting out, retiring."""

    _inherit = "ttcs.device"

    def _check_may_serve(self):
        """Whoever enrols and fits devices: operators and technicians, within their reach.

        :raises AccessError: for anybody else
        """
        self.check_access("read")
        if not self.env.su and not any(map(self.env.user.has_group, SERVING_GROUPS)):
            raise AccessError(self.env._("Only operators and technicians enrol and fit devices."))

    def _check_may_manage(self):
        """:raises AccessError: for whoever does not manage devices in reach"""
        self.check_access("write")
        managing = "ttcs_devices.ttcs_devices_group_manager"
        if not self.env.su and not self.env.user.has_group(managing):
            raise AccessError(
                self.env._("Only who manages devices shuts them out, lets them in, retires them.")
            )

    # Enrolment --------------------------------------------------------------------------------

    def _issue_code(self):
        """A one-time code with which the device fetches its credentials; older ones end.

        :returns: the code; the database keeps only its hash
        :raises UserError: for a retired device, and while the bridge has no keys
        """
        self.ensure_one()
        self._check_may_serve()
        if self.connection_id:
            raise UserError(
                self.env._(
                    "%s speaks through a connection and needs no code: put it in service.",
                    self.display_name,
                )
            )
        if self.state == "retired":
            raise UserError(
                self.env._("%(device)s is retired. Take another.", device=self.display_name)
            )
        if self.state == "shut_out":
            raise UserError(
                self.env._(
                    "%(device)s is shut out: %(reason)s. Let it in first.",
                    device=self.display_name,
                    reason=self.reason,
                )
            )
        self._bridge_public()
        code = new_code()
        # sudo: nobody writes enrolments otherwise; who may was checked above.
        enrolments = self.env["ttcs.device.enrolment"].sudo()
        now = fields.Datetime.now()
        enrolments.search([("device_id", "=", self.id), ("used_at", "=", False)]).write(
            {"expires_at": now}
        )
        enrolments.create(
            {
                "device_id": self.id,
                "code_hash": code_hash(code),
                "expires_at": now + timedelta(minutes=CODE_MINUTES),
            }
        )
        return code

    def _enrol(self):
        """Make new credentials; called once a valid code was shown.

        :returns: what the device is told, as ``docs/device-protocol.md`` says
        """
        self.ensure_one()
        public = self._bridge_public()
        password = secrets.token_urlsafe(24)
        self.env.cr.execute(
            "INSERT INTO ttcs_tele.credential (device, act, sealed) VALUES (%s, 'set', %s)",
            [self.code, public.sealed(password, self.code)],
        )
        self._by_steps().write({"state": "enrolled", "enrolled_at": fields.Datetime.now()})
        self._message_log(body=self.env._("Enrolled: new credentials, the old ones are void."))
        return {
            "dev": self.code,
            "password": password,
            "broker": self._broker_url(),
            "keys": public.signing,
        }

    def action_issue_code(self):
        """Show a one-time code, as text and as QR."""
        self.ensure_one()
        return self.env["ttcs.device.code"]._show(self)

    # Shutting out -----------------------------------------------------------------------------

    def _shut_out(self, reason):
        """Cut devices off at once; commands that wait for them expire."""
        self._check_may_manage()
        self._check_state("enrolled")
        self._ask_broker("shut_out")
        self._by_steps().write({"state": "shut_out", "reason": reason})
        self._log_step(self.env._("Shut out: %s", reason))

    def action_let_in(self):
        """Let devices speak again, with the credentials that they had."""
        self._check_may_manage()
        self._check_state("shut_out")
        self._ask_broker("let_in")
        self._by_steps().write({"state": "enrolled", "reason": False})
        self._log_step(self.env._("Let in again"))

    def _retire(self, reason):
        """Take devices out of use for good: credentials and open codes go."""
        self._check_may_manage()
        self._take_off(reason)
        self._ask_broker("remove")
        self._by_steps().write({"state": "retired", "reason": reason})
        self._log_step(self.env._("Retired: %s", reason))

    def action_shut_out(self):
        """The dialog that asks why."""
        return self.env["ttcs.device.step"]._dialog(
            self.env._("Shut out"), device_ids=self.ids, step="shut_out"
        )

    def action_retire(self):
        """The dialog that asks why."""
        return self.env["ttcs.device.step"]._dialog(
            self.env._("Retire"), device_ids=self.ids, step="retire"
        )

    def _check_state(self, state):
        others = self.filtered(lambda device: device.state != state)
        if others:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(device)s: its state is “%(state)s”, so this cannot be done.",
                    device=others[0].display_name,
                    state=states[others[0].state],
                )
            )

    def _ask_broker(self, act):
        self.env.cr.execute(
            "INSERT INTO ttcs_tele.credential (device, act) SELECT unnest(%s), %s",
            [self.mapped("code"), act],
        )

    def _log_step(self, body):
        self._message_log_batch(bodies={device.id: body for device in self})

    @api.model
    def _bridge_public(self):
        """:raises UserError: while no bridge has made its keys"""
        folder = instance_settings(config["config"]).get("wire_keys")
        public = BridgePublic.from_folder(folder)
        if public is None:
            raise UserError(
                self.env._(
                    "The bridge to the devices has not been started yet, so no device can be "
                    "enrolled. Tell the administrator."
                )
            )
        return public

    @api.model
    def _broker_url(self):
        """Where devices find the broker: the setting, else this server at the usual port."""
        # sudo: settings of the instance that every device is told.
        parameters = self.env["ir.config_parameter"].sudo()
        chosen = parameters.get_param(BROKER_PARAMETER)
        if chosen:
            return chosen
        host = parameters.get_param("web.base.url", "").partition("://")[2]
        port = instance_settings(config["config"]).get("mqtt_port", "1883")
        return f"mqtt://{host.partition('/')[0].partition(':')[0]}:{port}"
