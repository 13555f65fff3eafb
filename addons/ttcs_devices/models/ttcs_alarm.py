from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .ttcs_alarm_rule import SEVERITY_NAMES

CLEARED_BECAUSE = [
    ("gone", "The condition is gone"),
    ("rule", "The rule was switched off"),
    ("device", "The device is out of service"),
]


class TtcsAlarm(models.Model):
    """Something is wrong with a device: raised and cleared by the watch, handled by people.

    Two things are told apart: whether it still stands (``cleared_at``), which only the device
    says, and whether somebody has seen to it (``acknowledged_at``, the person in charge, the
    work order).  Of one device and rule one alarm at most is open.  Clearing adds a note to
    the work order and never closes it.
    """

    _name = "ttcs.alarm"
    _description = "Alarm"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "cleared_at desc, severity_rank, raised_at desc, id desc"

    device_id = fields.Many2one(
        "ttcs.device", required=True, readonly=True, index=True, ondelete="restrict"
    )
    rule_id = fields.Many2one(
        "ttcs.alarm.rule", required=True, readonly=True, index=True, ondelete="restrict"
    )
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", readonly=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True, ondelete="restrict")
    commune_id = fields.Many2one("ttcs.unit", readonly=True, index=True, ondelete="restrict")
    agency_id = fields.Many2one("ttcs.agency", readonly=True, index=True, ondelete="restrict")
    severity = fields.Selection(SEVERITY_NAMES, required=True, readonly=True)
    severity_rank = fields.Integer(readonly=True)
    began_at = fields.Datetime(
        required=True, readonly=True, help="When the condition began, as far as it is known."
    )
    raised_at = fields.Datetime(required=True, readonly=True, index=True)
    cleared_at = fields.Datetime(readonly=True, index=True)
    cleared_because = fields.Selection(CLEARED_BECAUSE, readonly=True, string="Cleared because")
    minutes = fields.Integer(compute="_compute_minutes")
    acknowledged_at = fields.Datetime(readonly=True)
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="In charge", index=True, ondelete="restrict", readonly=True
    )
    outage_id = fields.Many2one(
        "ttcs.outage", string="Mass outage", readonly=True, index=True, ondelete="restrict"
    )
    request_id = fields.Many2one(
        "maintenance.request", string="Work order", readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("acknowledged", "Seen"),
            ("repair", "Being repaired"),
            ("cleared", "Over"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _one_open = models.UniqueIndex(
        "(device_id, rule_id) WHERE cleared_at IS NULL",
        "This device has an open alarm of this rule already.",
    )
    _period_ordered = models.Constraint(
        "CHECK (raised_at >= began_at AND (cleared_at IS NULL OR cleared_at >= began_at))",
        "An alarm is raised after its condition began, and over after that.",
    )
    _cleared_has_reason = models.Constraint(
        "CHECK ((cleared_at IS NULL) = (cleared_because IS NULL))",
        "An alarm is over for a reason.",
    )
    _acknowledged_by_somebody = models.Constraint(
        "CHECK ((acknowledged_at IS NULL) = (acknowledged_by_id IS NULL))",
        "An alarm was seen by somebody.",
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "An alarm keeps what raised it, and what is over stays over: %s.",
            diagnostics.message_detail,
        )
    )

    @api.depends("rule_id.name", "device_id", "equipment_id")
    def _compute_display_name(self):
        for alarm in self:
            where = alarm.equipment_id.name or alarm.device_id.display_name
            alarm.display_name = f"{alarm.rule_id.name} – {where}"

    @api.depends("began_at", "cleared_at")
    def _compute_minutes(self):
        now = fields.Datetime.now()
        for alarm in self:
            length = (alarm.cleared_at or now) - (alarm.began_at or now)
            alarm.minutes = int(length.total_seconds() // 60)

    @api.depends("cleared_at", "acknowledged_at", "request_id.closed_at", "outage_id.request_id")
    def _compute_state(self):
        for alarm in self:
            # sudo: that a work order is open, nothing else of it.
            order = (alarm.request_id or alarm.sudo().outage_id.request_id).sudo()
            if alarm.cleared_at:
                alarm.state = "cleared"
            elif order and not order.closed_at:
                alarm.state = "repair"
            else:
                alarm.state = "acknowledged" if alarm.acknowledged_at else "new"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        open_ = fields.Domain("cleared_at", "=", False)
        repair = open_ & (
            fields.Domain("request_id.closed_at", "=", False)
            & fields.Domain("request_id", "!=", False)
            | fields.Domain("outage_id.request_id.closed_at", "=", False)
            & fields.Domain("outage_id.request_id", "!=", False)
        )
        seen = fields.Domain("acknowledged_at", "!=", False)
        domains = {
            "cleared": ~open_,
            "repair": repair,
            "acknowledged": open_ & ~repair & seen,
            "new": open_ & ~repair & ~seen,
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    # What people do ---------------------------------------------------------------------------

    def _check_may_handle(self):
        self.check_access("write")

    def action_acknowledge(self):
        """Say that it was seen; whoever says so first is noted."""
        self._check_may_handle()
        # sudo: checked above; steps write what people do not.
        unseen = self.sudo().filtered(lambda alarm: not alarm.acknowledged_at)
        unseen.write(
            {"acknowledged_at": fields.Datetime.now(), "acknowledged_by_id": self.env.uid}
        )

    def action_take(self):
        """Take it on oneself."""
        self._check_may_handle()
        self.action_acknowledge()
        # sudo: as above
        self.sudo().write({"user_id": self.env.uid})

    def _assign(self, user):
        """Give it to somebody."""
        self._check_may_handle()
        self.action_acknowledge()
        # sudo: as above
        self.sudo().write({"user_id": user.id})

    def action_assign(self):
        """The dialog that asks to whom."""
        return self.env["ttcs.alarm.assign"]._dialog(self)

    def action_open_order(self):
        """Open the work order that an alarm asks for, or show the one that is open."""
        self.ensure_one()
        self._check_may_handle()
        if not self.equipment_id:
            raise UserError(
                self.env._(
                    "%s is fitted to no asset, so there is nothing to repair.",
                    self.device_id.display_name,
                )
            )
        order = self.request_id or self.outage_id.request_id
        if not order:
            self._open_orders()
            order = self.request_id
        return {
            "type": "ir.actions.act_window",
            "res_model": "maintenance.request",
            "res_id": order.id,
            "views": [(False, "form")],
        }
