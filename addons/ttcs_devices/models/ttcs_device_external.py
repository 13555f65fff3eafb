from odoo import fields, models
from odoo.exceptions import UserError


class TtcsDevice(models.Model):
    """Devices that speak through a connection instead of MQTT."""

    _inherit = "ttcs.device"

    connection_id = fields.Many2one(
        "ttcs.device.connection",
        string="Speaks through",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="Left empty: MQTT with our broker.",
    )
    external_code = fields.Char(
        string="Name there", copy=False, help="As the vendor's console or files call it."
    )

    _named_there = models.Constraint(
        "CHECK ((connection_id IS NULL) = (COALESCE(external_code, '') = ''))",
        "A device that speaks through a connection has a name there, and no other device has one.",
    )
    _external_once = models.UniqueIndex(
        "(connection_id, external_code) WHERE connection_id IS NOT NULL",
        "Another device of this connection has this name.",
    )

    def action_put_in_service(self):
        """Let devices speak through their connection, which is known: no code is needed."""
        self._check_may_manage()
        self._check_state("new")
        if any(not device.connection_id for device in self):
            raise UserError(
                self.env._("A device that speaks MQTT is enrolled with a one-time code.")
            )
        self._by_steps().write({"state": "enrolled", "enrolled_at": fields.Datetime.now()})
        self._log_step(self.env._("Put in service through its connection"))
