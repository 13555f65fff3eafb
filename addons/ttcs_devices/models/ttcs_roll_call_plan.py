from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..orders.operations import minute_of_day
from .ttcs_device_programme import DAYS

# Roll calls are made ready so long before, so that messages can be sent in good time.
DAYS_AHEAD = 2


class TtcsRollCallPlan(models.Model):
    """A roll call that returns each week: which days, at what time, where."""

    _name = "ttcs.roll.call.plan"
    _description = "Plan of roll calls"
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
    place_ids = fields.Many2many(
        "ttcs.unit",
        "ttcs_roll_call_plan_unit_rel",
        string="Places",
        required=True,
        domain="[('in_reach', '=', True), ('in_force', '=', True)]",
    )
    begins_at = fields.Float(required=True, string="Broadcast begins", default=17.0)
    minutes = fields.Integer(required=True, default=120, string="Answers for (minutes)")
    on_air = fields.Char(string="What is broadcast")
    scope = fields.Selection(
        selection=lambda self: self.env["ttcs.roll.call"]._fields["scope"].selection,
        required=True,
        default="unwatched",
        string="Which loudspeakers",
    )
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean()
    wednesday = fields.Boolean()
    thursday = fields.Boolean()
    friday = fields.Boolean()
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    roll_call_ids = fields.One2many("ttcs.roll.call", "plan_id", string="Roll calls")
    trouble = fields.Char(readonly=True, copy=False, string="Not called because")
    active = fields.Boolean(default=True)

    _time_possible = models.Constraint(
        "CHECK (begins_at >= 0 AND begins_at < 24)", "A broadcast begins between 00:00 and 23:59."
    )
    _minutes_possible = models.Constraint(
        "CHECK (minutes BETWEEN 5 AND 1440)",
        "Answers are taken for between 5 minutes and a day.",
    )
    _has_days = models.Constraint(
        f"CHECK ({' OR '.join(f'{day} IS TRUE' for day in DAYS)})",
        "Choose at least one day of the week.",
    )

    @api.model
    def _cron_call(self):
        """Each hour: call what is due until the day after tomorrow; repeatable."""
        for plan in self.search([]):
            plan._call_due()
            self.env["ir.cron"]._commit_progress(1)

    def _call_due(self):
        """Call what is due and not called yet; what stands against it is noted on the plan.

        In the name of whoever wrote the plan: its loudspeakers are those in his reach.
        """
        self.ensure_one()
        plan = self.with_user(self.write_uid).with_context(tz=self.env.company._zone())
        trouble = False
        for moment in self._moments():
            # sudo: whether the plan has made it already.
            made = self.env["ttcs.roll.call"].sudo()
            if made.search_count([("plan_id", "=", self.id), ("begins_at", "=", moment)]):
                continue
            try:
                with self.env.cr.savepoint():
                    call = plan.env["ttcs.roll.call"].create(plan._values(moment))
                    # sudo: which plan made it is not written by hand.
                    call.sudo().plan_id = plan
                    call.action_call()
            except UserError as refusal:
                trouble = str(refusal)
        # sudo: a note of the plan itself.
        self.sudo().trouble = trouble

    def _moments(self):
        """The beginnings from now until two days ahead, in UTC."""
        zone = pytz.timezone(self.env.company._zone())
        now = fields.Datetime.now()
        today = self.env.company._today()
        minute = minute_of_day(self.begins_at)
        moments = []
        for day in (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)):
            if not self[DAYS[day.weekday()]]:
                continue
            local = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
            moment = zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
            if moment > now:
                moments.append(moment)
        return moments

    def _values(self, moment):
        return {
            "agency_id": self.agency_id.id,
            "place_ids": self.place_ids.ids,
            "begins_at": moment,
            "minutes": self.minutes,
            "on_air": self.on_air,
            "scope": self.scope,
        }

    def action_call_due(self):
        """Call what is due now, not at the next full hour."""
        self.check_access("write")
        self._call_due()

    def action_open_calls(self):
        """The roll calls that this plan made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_devices.ttcs_roll_call_action"
        )
        return {**action, "domain": [("plan_id", "=", self.id)], "context": {}}
