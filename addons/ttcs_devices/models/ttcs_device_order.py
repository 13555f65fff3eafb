from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..orders import EMERGENCY_OPERATIONS, OPERATIONS

OPERATION_NAMES = [
    ("play", "Play a recording"),
    ("stop", "Stop what sounds or is shown"),
    ("volume", "Set the volume"),
    ("show", "Show a text on boards"),
    ("screen_hours", "Set when screens are off"),
    ("apply_schedule", "Apply a broadcast schedule"),
    ("relay", "Switch the relay"),
    ("reboot", "Restart"),
    ("report", "Ask how it is"),
]
STATES = [
    ("draft", "Being written"),
    ("waiting", "Waits for a second person"),
    ("released", "Being carried out"),
    ("finished", "Finished"),
    ("cancelled", "Cancelled"),
]
# Whatever changes one of these changes who gets the order: a list made before is void.
TARGETING = {"operation", "mode", "target_kind", "device_ids", "place_ids"}
# What an order is, fixed when it is submitted.
CONTENT = TARGETING | {
    "agency_id", "reason", "recording_id", "volume", "text", "seconds", "off_from", "off_to",
    "relay_on", "schedule_id", "not_before", "valid_minutes",
}  # fmt: skip


class TtcsDeviceOrder(models.Model):
    """What devices are asked to do: what, which of them, by whom, why, and what became of it.

    The list of devices is made from the places and devices chosen, shown, and frozen when the
    order is submitted.  Releasing it writes one signed-to-be command for each of them, in the
    same transaction and by the database itself, so no order is carried out twice or in part, and
    no command leaves without one (``invariants.py``).  What became of each command only the
    device tells (``ttcs.device.command``).
    """

    _name = "ttcs.device.order"
    _description = "Order to devices"
    _inherit = ["mail.thread", "mail.activity.mixin", "ttcs.form.mixin", "ttcs.guarded.mixin"]
    _order = "id desc"
    _given_at_creation = frozenset({"is_emergency"})

    name = fields.Char(compute="_compute_name", string="Order")
    operation = fields.Selection(OPERATION_NAMES, required=True, default="play", tracking=True)
    is_emergency = fields.Boolean(
        readonly=True, copy=True, help="Goes before everything else, with a cancel prepared."
    )
    mode = fields.Selection(
        [("actual", "In earnest"), ("exercise", "Drill"), ("test", "Trial")],
        required=True,
        default="actual",
        tracking=True,
        help="A drill and a trial sound only on devices whose test mode is on.",
    )
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["ttcs.placed.mixin"]._default_agency_id(),
    )
    unit_id = fields.Many2one(related="agency_id.unit_id", store=True, index=True, string="Place")
    reason = fields.Text(required=True, string="Why", tracking=True)
    target_kind = fields.Selection(
        [("devices", "Chosen devices"), ("places", "All devices of places")],
        required=True,
        default="devices",
        string="To",
    )
    device_ids = fields.Many2many(
        "ttcs.device", "ttcs_device_order_device_rel", string="Devices", copy=True
    )
    place_ids = fields.Many2many(
        "ttcs.unit",
        "ttcs_device_order_unit_rel",
        string="Places",
        domain="[('in_reach', '=', True), ('in_force', '=', True)]",
    )
    recording_id = fields.Many2one("ttcs.device.recording", index=True, ondelete="restrict")
    volume = fields.Integer(string="Volume (%)", default=50)
    text = fields.Text(string="Text to show")
    seconds = fields.Integer(string="For (s)", help="Left at 0: until it is stopped.", default=0)
    off_from = fields.Float(string="Screen off from", default=22.0)
    off_to = fields.Float(string="Screen on from", default=5.0)
    relay_on = fields.Boolean(string="Switch on", default=True)
    schedule_id = fields.Many2one("ttcs.device.schedule", index=True, ondelete="restrict")
    not_before = fields.Datetime(
        string="Not before", copy=False, help="Left empty: as soon as it is released."
    )
    valid_minutes = fields.Integer(
        compute="_compute_valid_minutes",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        string="Valid for (minutes)",
        help="A device that cannot be reached for so long does not carry it out later.",
    )
    arguments = fields.Json(readonly=True, copy=False)
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    target_ids = fields.One2many("ttcs.device.order.target", "order_id", copy=False)
    command_ids = fields.One2many("ttcs.device.command", "order_id", string="Device by device")
    cancels_id = fields.Many2one(
        "ttcs.device.order", string="Cancels order", readonly=True, copy=False, ondelete="cascade"
    )
    cancel_ids = fields.One2many("ttcs.device.order", "cancels_id", string="Prepared cancel")
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    submitted_at = fields.Datetime(readonly=True, copy=False, string="Submitted on")
    approved_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", string="Second person"
    )
    alone_reason = fields.Char(
        readonly=True, copy=False, string="Why without a second person", tracking=True
    )
    return_reason = fields.Char(readonly=True, copy=False, string="Returned because")
    released_at = fields.Datetime(readonly=True, copy=False, string="Released on", tracking=True)
    finished_at = fields.Datetime(readonly=True, copy=False, string="Finished on")
    cancelled_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    cancelled_at = fields.Datetime(readonly=True, copy=False, string="Cancelled on")
    target_count = fields.Integer(compute="_compute_counts", string="Devices asked")
    done_count = fields.Integer(compute="_compute_counts", string="Carried it out")
    undone_count = fields.Integer(compute="_compute_counts", string="Did not")
    now_count = fields.Integer(compute="_compute_prospects", string="Get it at once")
    later_count = fields.Integer(compute="_compute_prospects", string="Silent now")
    refusing_count = fields.Integer(compute="_compute_prospects", string="Not in test mode")
    left_out_count = fields.Integer(compute="_compute_prospects", string="Left out")

    _emergency_warns = models.Constraint(
        "CHECK (NOT is_emergency OR operation IN ('play', 'show', 'relay', 'stop'))",
        "An emergency order plays, shows, switches a siren, or stops.",
    )
    _cancelled_once = models.UniqueIndex(
        "(cancels_id) WHERE cancels_id IS NOT NULL", "This order has its cancel already."
    )
    _mode_fits = models.Constraint(
        "CHECK (mode = 'actual' OR operation NOT IN ('stop', 'apply_schedule'))",
        "Stopping something and applying a schedule are always done in earnest.",
    )
    _volume_possible = models.Constraint(
        "CHECK (volume BETWEEN 0 AND 100)", "The volume lies between 0 and 100 %."
    )
    _valid_minutes_possible = models.Constraint(
        "CHECK (valid_minutes BETWEEN 1 AND 10080)",
        "An order is valid for at least a minute and at most a week (10,080 minutes).",
    )
    _seconds_possible = models.Constraint(
        "CHECK (seconds BETWEEN 0 AND 86400)", "A text is shown for at most a day (86,400 s)."
    )
    _hours_possible = models.Constraint(
        "CHECK (off_from >= 0 AND off_from < 24 AND off_to >= 0 AND off_to < 24)",
        "The hours of a screen lie between 00:00 and 23:59.",
    )
    _second_is_another = models.Constraint(
        "CHECK (approved_by_id <> submitted_by_id)",
        "Whoever submits an order is not its second person.",
    )
    _released_is_dated = models.Constraint(
        "CHECK ((state IN ('released', 'finished')) = (released_at IS NOT NULL))",
        "A released order has the moment of its release.",
    )
    _steps = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(order)s cannot be changed that way any more: somebody else was faster, or it was "
            "submitted. Open it anew to see how it is.",
            order=diagnostics.message_detail,
        )
    )
    _is_sent = TriggerConstraint(
        lambda env, diagnostics: (
            env._("%s reaches no device: choose others.", diagnostics.message_detail)
            if diagnostics.message_hint == "nobody"
            else env._(
                "%s needs a second person. An emergency may go out without one after a minute, "
                "with a reason.",
                diagnostics.message_detail,
            )
        )
    )

    @api.depends(
        "operation", "recording_id.name", "volume", "schedule_id.name", "relay_on", "text"
    )
    def _compute_name(self):
        operations = dict(self._fields["operation"]._description_selection(self.env))
        for order in self:
            what = {
                "play": order.recording_id.name,
                "volume": f"{order.volume} %",
                "apply_schedule": order.schedule_id.name,
                "show": (order.text or "")[:60],
                "relay": order.relay_on and self.env._("on") or self.env._("off"),
            }.get(order.operation)
            order.name = ": ".join(filter(None, (operations.get(order.operation), what)))

    @api.depends("name")
    def _compute_display_name(self):
        for order in self:
            number = f"{order._origin.id} · " if order._origin else ""
            order.display_name = f"{number}{order.name}"

    @api.depends("operation")
    def _compute_valid_minutes(self):
        for order in self:
            order.valid_minutes = OPERATIONS[order.operation or "play"].minutes

    @api.onchange("is_emergency")
    def _onchange_emergency(self):
        if self.is_emergency and self.operation not in EMERGENCY_OPERATIONS:
            self.operation = "play"

    @api.depends("state")
    def _compute_counts(self):
        groups = self.env["ttcs.device.command"]._read_group(
            [("order_id", "in", self.ids), ("is_left_out", "=", False)],
            ["order_id", "state"],
            ["__count"],
        )
        for order in self:
            counts = {state: count for of, state, count in groups if of == order._origin}
            order.target_count = sum(counts.values())
            order.done_count = counts.get("done", 0)
            order.undone_count = sum(
                counts.get(state, 0) for state in ("failed", "refused", "expired", "cancelled")
            )

    @api.depends("target_ids")
    def _compute_prospects(self):
        groups = self.env["ttcs.device.order.target"]._read_group(
            [("order_id", "in", self.ids)], ["order_id", "prospect"], ["__count"]
        )
        for order in self:
            counts = {prospect: count for of, prospect, count in groups if of == order._origin}
            order.now_count = counts.pop("now", 0)
            order.later_count = counts.pop("when_back", 0)
            order.refusing_count = counts.pop("refuses", 0)
            order.left_out_count = sum(counts.values())

    def write(self, vals):
        if CONTENT & set(vals):
            for order in self:
                order._check_state("draft")
        if TARGETING & set(vals):
            self._forget_targets()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for order in self:
            if order.state != "draft" or order.submitted_at or order.cancels_id:
                raise UserError(
                    self.env._(
                        "%s is kept. Only an order that is being written can be deleted.",
                        order.display_name,
                    )
                )

    @api.model
    def _domain_for_me(self):
        """Orders that wait for a second person whom the user may be."""
        if not self._may_be_second():
            return Domain.FALSE
        return Domain("state", "=", "waiting") & Domain("submitted_by_id", "!=", self.env.uid)
