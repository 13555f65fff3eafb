from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

STATES = [
    ("draft", "Being prepared"),
    ("called", "Called"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
HEARD = ("clear", "noisy")


class TtcsRollCall(models.Model):
    """A broadcast at which people who live near each loudspeaker tell how it sounds.

    It is for what no wire watches: FM and wired stations, clusters without a device.  Those that
    a wire does watch may be asked about too; then the two are laid side by side.  Calling it
    writes a line for each asset and an invitation for each listener; from its beginning until its
    end listeners and passers-by answer, and the database itself counts (``invariants.py``).
    """

    _name = "ttcs.roll.call"
    _description = "Roll call of loudspeakers"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "begins_at desc, id desc"

    name = fields.Char(compute="_compute_name", string="Roll call")
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["ttcs.placed.mixin"]._default_agency_id(),
    )
    unit_id = fields.Many2one(related="agency_id.unit_id", store=True, index=True, string="Place")
    place_ids = fields.Many2many(
        "ttcs.unit",
        "ttcs_roll_call_unit_rel",
        string="Places",
        domain="[('in_reach', '=', True), ('in_force', '=', True)]",
        help="Every cluster of these communes or hamlets is called.",
    )
    begins_at = fields.Datetime(
        required=True,
        string="Broadcast begins",
        default=lambda self: self._next_half_hour(),
        help="From then on answers are taken.",
    )
    minutes = fields.Integer(
        required=True, default=120, string="Answers for (minutes)", help="From the beginning on."
    )
    ends_at = fields.Datetime(
        compute="_compute_ends_at", store=True, precompute=True, string="Answers until"
    )
    on_air = fields.Char(
        string="What is broadcast", help="Told to listeners, such as: the commune's news."
    )
    scope = fields.Selection(
        [("unwatched", "Only what no wire watches"), ("all", "All, beside what devices say")],
        required=True,
        default="unwatched",
        string="Which loudspeakers",
    )
    plan_id = fields.Many2one(
        "ttcs.roll.call.plan", readonly=True, index=True, ondelete="restrict", copy=False
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True
    )
    called_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    left_out_count = fields.Integer(
        readonly=True,
        copy=False,
        string="Called elsewhere",
        help="Loudspeakers that another roll call asks about at the same time.",
    )
    line_ids = fields.One2many("ttcs.roll.call.line", "roll_call_id", string="Loudspeakers")
    invitation_ids = fields.One2many(
        "ttcs.roll.call.invitation", "roll_call_id", string="Listeners"
    )
    line_count = fields.Integer(compute="_compute_counts", string="Loudspeakers called")
    heard_count = fields.Integer(compute="_compute_counts", string="Heard")
    noisy_count = fields.Integer(compute="_compute_counts", string="Noisy")
    silent_count = fields.Integer(compute="_compute_counts", string="Make no sound")
    unanswered_count = fields.Integer(compute="_compute_counts", string="No answer")
    without_listener_count = fields.Integer(
        compute="_compute_counts", string="Without a listener nearby"
    )
    listener_count = fields.Integer(compute="_compute_counts", string="Listeners invited")
    answered_count = fields.Integer(compute="_compute_counts", string="Listeners who answered")

    _minutes_possible = models.Constraint(
        "CHECK (minutes BETWEEN 5 AND 1440)",
        "Answers are taken for between 5 minutes and a day.",
    )
    _called_is_dated = models.Constraint(
        "CHECK ((state IN ('called', 'closed')) <= (called_at IS NOT NULL)"
        " AND (state = 'closed') = (closed_at IS NOT NULL))",
        "A roll call that was called or closed has the moment of it.",
    )
    _planned_once = models.UniqueIndex(
        "(plan_id, begins_at) WHERE plan_id IS NOT NULL",
        "The plan has made this roll call already.",
    )
    _steps = TriggerConstraint(
        lambda env, diagnostics: env._(
            "A roll call that has been called stays as it is; it can be closed or cancelled, and "
            "a new one prepared."
        )
    )

    @api.model
    def _next_half_hour(self):
        now = fields.Datetime.now()
        return now.replace(minute=0, second=0) + timedelta(minutes=30 if now.minute < 30 else 60)

    @api.depends("begins_at", "place_ids.full_name")
    def _compute_name(self):
        zoned = self.with_context(tz=self.env.company._zone())
        for call in self:
            at = call.begins_at and fields.Datetime.context_timestamp(zoned, call.begins_at)
            places = ", ".join(call.place_ids[:3].mapped("full_name"))
            if len(call.place_ids) > 3:
                places += "…"
            call.name = " – ".join(filter(None, (at and f"{at:%H:%M %d/%m/%Y}", places)))

    @api.depends("begins_at", "minutes")
    def _compute_ends_at(self):
        for call in self:
            call.ends_at = call.begins_at and call.begins_at + timedelta(minutes=call.minutes)

    @api.depends("line_ids.verdict", "line_ids.listeners", "invitation_ids.answered_at")
    def _compute_counts(self):
        lines = self.env["ttcs.roll.call.line"]._read_group(
            [("roll_call_id", "in", self.ids)],
            ["roll_call_id", "verdict"],
            ["__count"],
        )
        told = {(call.id, verdict): count for call, verdict, count in lines}
        alone = dict(
            self.env["ttcs.roll.call.line"]._read_group(
                [("roll_call_id", "in", self.ids), ("listeners", "=", 0)],
                ["roll_call_id"],
                ["__count"],
            )
        )
        invited = {
            call.id: (count, answered)
            for call, count, answered in self.env["ttcs.roll.call.invitation"]._read_group(
                [("roll_call_id", "in", self.ids)],
                ["roll_call_id"],
                ["__count", "answered_at:count"],
            )
        }
        for call in self:
            of_call = {v: told.get((call.id, v), 0) for v in (*HEARD, "silent", False)}
            call.line_count = sum(of_call.values())
            call.heard_count = of_call["clear"] + of_call["noisy"]
            call.noisy_count = of_call["noisy"]
            call.silent_count = of_call["silent"]
            call.unanswered_count = of_call[False]
            call.without_listener_count = alone.get(call, 0)
            call.listener_count, call.answered_count = invited.get(call.id, (0, 0))

    def action_call(self):
        """List the loudspeakers and the listeners, and take answers from the beginning on."""
        for call in self:
            call._call()
        return True

    def action_close(self):
        """End it before its time, or after it: what came in is the result."""
        self.check_access("write")
        self._check_state("called")
        # sudo: a step of the record; who may take it was checked.
        self.sudo()._close()
        return True

    def action_cancel(self):
        """It does not count: the broadcast fell out."""
        self.check_access("write")
        self._check_state("draft", "called")
        # sudo: as above.
        self.sudo()._cancel()
        return True

    def action_open_lines(self):
        """The loudspeakers of it; the context says which."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_devices.ttcs_roll_call_line_action"
        )
        verdicts = self.env.context.get("verdicts")
        domain = [("roll_call_id", "=", self.id)]
        if verdicts:
            domain.append(("verdict", "in", verdicts))
        return {**action, "name": self.name, "domain": domain, "context": {}}

    def _check_state(self, *states):
        names = dict(self._fields["state"]._description_selection(self.env))
        for call in self:
            if call.state not in states:
                raise UserError(
                    self.env._(
                        "%(name)s: %(state)s. Reload the page.",
                        name=call.name,
                        state=names[call.state],
                    )
                )
