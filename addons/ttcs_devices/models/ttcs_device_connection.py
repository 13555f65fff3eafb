import json
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ttcs_wire.contract import Refused
from ttcs_wire.gateway import capabilities, read_settings

EXAMPLES = {
    "push": {"interval": 60},
    "poll": {
        "url": "https://console.example/api/devices",
        "interval": 60,
        "mapping": {
            "items": "data.devices",
            "code": "deviceCode",
            "fields": {
                "time": {"path": "updated_at"},
                "online": {"path": "status"},
                "playing": {"path": "is_playing"},
                "volume": {"path": "volume", "scale": 6.67},
            },
        },
        "orders": {
            "volume": {
                "path": "/api/devices/{code}/volume",
                "body": {"volume": "{level}"},
                "scale": 0.15,
            }
        },
    },
    "file": {
        "folder": "vendor",
        "format": "csv",
        "interval": 3600,
        "mapping": {
            "code": "Mã thiết bị",
            "fields": {
                "time": {"path": "Thời điểm"},
                "playing": {"path": "Đang phát"},
                "volume": {"path": "Âm lượng"},
            },
        },
    },
    "heartbeat": {"url": "mqtts://broker.example", "topic": "heartbeat", "interval": 60},
}

KINDS = [
    ("push", "They send us our messages by HTTP"),
    ("poll", "We ask their console by HTTP"),
    ("file", "They leave files in a folder"),
    ("heartbeat", "Heartbeats on their broker (MQTT)"),
]


class TtcsDeviceConnection(models.Model):
    """Devices that do not speak MQTT with our broker: by which way, and how their words are read.

    The gateway (``ttcs_wire.gateway``) carries it out and tells here how it fares.  The settings
    are data that it checks by the same types (``read_settings``); the secret is sealed for it.
    """

    _name = "ttcs.device.connection"
    _description = "Connection to devices of a vendor"
    _inherit = ["ttcs.named.mixin", "ttcs.guarded.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["ttcs.placed.mixin"]._default_agency_id(),
    )
    vendor_id = fields.Many2one("ttcs.device.vendor", index=True, ondelete="restrict")
    kind = fields.Selection(KINDS, required=True, default="push", string="Way")
    settings = fields.Text(
        compute="_compute_settings",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="As docs/device-protocol.md says, in JSON.",
    )
    operations = fields.Char(
        compute="_compute_operations",
        store=True,
        string="Codes of operations",
        help="Operations that devices of this connection carry out.",
    )
    operation_names = fields.Char(compute="_compute_operation_names", string="Can be asked")
    secret = fields.Char(
        compute="_compute_secret",
        inverse="_inverse_secret",
        groups="ttcs_base.ttcs_base_group_administrator",
        help="Entered once and never shown again; only the gateway can read it.",
    )
    has_secret = fields.Boolean(compute="_compute_status", string="Has a secret")
    device_ids = fields.One2many("ttcs.device", "connection_id", string="Devices")
    device_count = fields.Integer(compute="_compute_device_count", string="Number of devices")
    ok_at = fields.Datetime(compute="_compute_status", string="Last in order")
    error = fields.Char(compute="_compute_status", string="What is wrong")
    received = fields.Integer(compute="_compute_status", string="Messages kept")
    refused = fields.Integer(compute="_compute_status", string="Messages set apart")
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint("UNIQUE (name)", "A connection has this name already.")

    @api.depends("kind")
    def _compute_settings(self):
        for connection in self:
            example = EXAMPLES.get(connection.kind, {})
            connection.settings = json.dumps(example, ensure_ascii=False, indent=2)

    @api.depends("kind", "settings")
    def _compute_operations(self):
        for connection in self:
            try:
                found = capabilities(connection.kind, json.loads(connection.settings or "{}"))
            except (ValueError, Refused):
                found = ()
            connection.operations = ",".join(sorted(found))

    @api.depends("operations")
    def _compute_operation_names(self):
        operation = self.env["ttcs.device.order"]._fields["operation"]
        names = dict(operation._description_selection(self.env))
        for connection in self:
            codes = filter(None, (connection.operations or "").split(","))
            connection.operation_names = ", ".join(names[code] for code in codes) or self.env._(
                "Nothing: it is only listened to"
            )

    def _compute_secret(self):
        self.secret = False

    def _inverse_secret(self):
        for connection in self.filtered("secret"):
            secret = connection.secret.strip()
            if not connection.id or not secret:
                continue
            self.env.flush_all()
            # The bridge's public key seals it: nobody reads it here again.
            sealed = (
                self.env["ttcs.device"]
                ._bridge_public()
                .sealed(secret, f"connection-{connection.id}")
            )
            self.env.cr.execute(
                "UPDATE ttcs_tele.connection SET sealed = %s, version = version + 1 WHERE id = %s",
                [sealed, connection.id],
            )

    def _compute_status(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, ok_at, error, received, refused, sealed IS NOT NULL"
            " FROM ttcs_tele.connection WHERE id = ANY(%s)",
            [self.ids],
        )
        found = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        for connection in self:
            told = found.get(connection._origin.id, (False, False, 0, 0, False))
            connection.ok_at, connection.error = told[0] or False, told[1] or False
            connection.received, connection.refused, connection.has_secret = told[2:]

    def _compute_device_count(self):
        counts = dict(
            self.env["ttcs.device"]._read_group(
                [("connection_id", "in", self.ids)], ["connection_id"], ["__count"]
            )
        )
        for connection in self:
            connection.device_count = counts.get(connection._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_is_json(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_is_json([vals])
        return super().write(vals)

    def _check_is_json(self, vals_list):
        """Before the database reads them; a person sees where it goes wrong."""
        for vals in vals_list:
            try:
                json.loads(vals.get("settings") or "{}")
            except json.JSONDecodeError as error:
                raise ValidationError(
                    self.env._(
                        "The settings cannot be read from line %(line)s, sign %(sign)s on: a "
                        "quote, comma or brace is missing or too many there.",
                        line=error.lineno,
                        sign=error.colno,
                    )
                ) from None
            except (ValueError, RecursionError):
                raise ValidationError(
                    self.env._("The settings cannot be read: they are nested too deeply.")
                ) from None

    @api.constrains("kind", "settings")
    def _check_settings(self):
        for connection in self:
            try:
                read_settings(connection.kind, json.loads(connection.settings or "{}"))
            except Refused as refusal:
                raise ValidationError(
                    self.env._(
                        "The settings of “%(name)s” cannot be used: %(reason)s. Compare them with "
                        "the example that appears when the way is chosen.",
                        name=connection.name,
                        reason=connection._in_words(refusal.reason),
                    )
                ) from None

    @api.model
    def _in_words(self, reason):
        """What the checker of the settings says, in words of the person who wrote them."""
        said, _at, place = reason.partition(" - at ")
        told = self._complaint(said)
        place = "".join(re.findall(r"`\$\.?([^`]*)`", place))
        if not place:
            return told
        return self.env._("at “%(place)s” %(what)s", place=place, what=told)

    @api.model
    def _complaint(self, said):
        words = {
            r"Object missing required field `(.*)`": self.env._("“%s” is missing"),
            r"Object contains unknown field `(.*)`": self.env._("there is no setting “%s”"),
            r"Invalid enum value '?(.*?)'?": self.env._("“%s” is no word known here"),
            r"Expected `float` >= (.*?)(?:\.0)?": self.env._("the number is to be at least %s"),
            r"Expected `float` > (.*?)(?:\.0)?": self.env._("the number is to be above %s"),
            r"Expected `float` <= (.*?)(?:\.0)?": self.env._("the number is to be at most %s"),
            r"Expected `str` of length <= (.*)": self.env._("the text has more than %s letters"),
            r"Expected `str` of length >= (.*)": self.env._("the text has less than %s letters"),
            r"Expected `str` matching regex .*": self.env._("it is not written as in the example"),
            r"Expected `(?:float|int)`, got .*": self.env._("a number is expected"),
            r"Expected `str`, got .*": self.env._("a text in quotes is expected"),
            r"Expected `object`, got .*": self.env._("a group in braces is expected"),
        }
        for pattern, told in words.items():
            found = re.fullmatch(pattern, said)
            if found:
                return told % found.groups()
        return said

    def action_open_devices(self):
        """The devices of this connection."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_devices.ttcs_device_action")
        return {
            **action,
            "domain": [("connection_id", "=", self.id)],
            "context": {"default_connection_id": self.id},
        }
