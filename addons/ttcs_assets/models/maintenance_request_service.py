import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..maintenance import started

# What moves the deadlines of an order, besides its pauses.
TERMS = {"priority", "equipment_id", "reported_at", "service_contract_id", "maintenance_type"}
LATE = {
    "is_response_late": ("response_due", "responded_at"),
    "is_repair_late": ("repair_due", "closed_at"),
}


class MaintenanceRequest(models.Model):
    """The service contract that covers an order, and the clocks that it starts.

    Found when the order is opened.  Deadlines are those of corrective work; preventive work
    has the day of its plan.  Stored, moved by pauses, and compared with when somebody answered
    (first took the order on) and when it was closed.
    """

    _inherit = "maintenance.request"

    service_contract_id = fields.Many2one(
        "ttcs.service.contract", index="btree_not_null", ondelete="restrict", copy=False
    )
    contractor_id = fields.Many2one(related="service_contract_id.contractor_id")
    response_due = fields.Datetime(readonly=True, copy=False)
    repair_due = fields.Datetime(readonly=True, copy=False)
    responded_at = fields.Datetime(readonly=True, copy=False)
    pause_ids = fields.One2many("ttcs.order.pause", "request_id", string="Pauses")
    # sudo in what is computed of the pauses: lists show everybody who reads orders what is late.
    is_paused = fields.Boolean(compute="_compute_is_paused", compute_sudo=True)
    is_response_late = fields.Boolean(
        compute="_compute_lateness",
        compute_sudo=True,
        search=lambda self, *term: self._search_late("is_response_late", *term),
        string="Answered late",
    )
    is_repair_late = fields.Boolean(
        compute="_compute_lateness",
        compute_sudo=True,
        search=lambda self, *term: self._search_late("is_repair_late", *term),
        string="Repaired late",
    )
    repair_late_minutes = fields.Integer(
        string="Late by (minutes)",
        readonly=True,
        copy=False,
        help="As the contract counts them, without pauses.",
    )
    penalty_percent = fields.Float(
        string="Penalty (%)",
        digits=(8, 2),
        readonly=True,
        copy=False,
        help="Of the monthly fee; the limit of the month is taken off in the report.",
    )
    penalty_fee = fields.Monetary(
        string="Fee that the penalty is counted from",
        readonly=True,
        copy=False,
        help="The monthly fee on the day of closing: one that is agreed later changes no month "
        "before it.",
    )
    penalty_limit = fields.Float(
        string="At most in a month (%)", digits=(6, 2), readonly=True, copy=False
    )

    @api.depends("pause_ids.ended_at")
    def _compute_is_paused(self):
        for order in self:
            order.is_paused = any(not pause.ended_at for pause in order.pause_ids)

    @api.depends("response_due", "repair_due", "responded_at", "closed_at", "is_paused")
    def _compute_lateness(self):
        now = fields.Datetime.now()
        for order in self:
            lasting = order.pause_ids.filtered(lambda pause: not pause.ended_at)
            for field, (due, done) in LATE.items():
                # What ran out before the pause began is late all the same.
                end = order[done] or lasting[:1].started_at or now
                order[field] = bool(order[due] and end > order[due])

    @api.model
    def _search_late(self, field, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        self.flush_model([*LATE[field]])
        self.env["ttcs.order.pause"].flush_model()
        due, done = map(SQL.identifier, LATE[field])
        late = SQL(
            """(
                SELECT late.id FROM maintenance_request late
                WHERE late.%(due)s < COALESCE(late.%(done)s, (
                    SELECT pause.started_at FROM ttcs_order_pause pause
                    WHERE pause.request_id = late.id AND pause.ended_at IS NULL),
                    now() AT TIME ZONE 'UTC')
            )""",
            due=due,
            done=done,
        )
        domain = fields.Domain("id", "in", late)
        return domain if (operator == "in") == (True in value) else ~domain

    # The clocks --------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_contract(vals_list))

    @api.model
    def _with_contract(self, vals_list):
        """The values with contract and deadlines: one query, whatever the number of orders."""
        # sudo: the contract holds whoever reports the fault.
        contracts = self.env["ttcs.service.contract"].sudo()
        asked = [
            vals for vals in vals_list if vals.get("equipment_id") and not vals.get("closed_at")
        ]
        if not asked:
            return vals_list
        now = fields.Datetime.now()
        moments = [fields.Datetime.to_datetime(vals.get("reported_at")) or now for vals in asked]
        day_of = {moment: self.env.company._day_of(moment) for moment in set(moments)}
        covering = contracts._covering(
            [vals["equipment_id"] for vals in asked], [day_of[moment] for moment in moments]
        )
        found = [
            contracts.browse(vals.get("service_contract_id") or contract)
            for vals, contract in zip(asked, covering, strict=True)
        ]
        clocks = contracts.union(*found)._clocks()
        terms = {
            id(vals): self._terms(contract, clocks, moment, vals)
            for vals, moment, contract in zip(asked, moments, found, strict=True)
            if contract
        }
        return [{**terms.get(id(vals), {}), **vals} for vals in vals_list]

    @api.model
    def _terms(self, contract, clocks, moment, vals):
        """Contract and deadlines of an order that is opened with these values."""
        terms = {"service_contract_id": contract.id}
        if vals.get("maintenance_type", "corrective") == "corrective":
            terms |= self._deadlines(contract, clocks, vals.get("priority"), moment, ())
        return terms

    @api.model
    def _deadlines(self, contract, clocks, priority, reported_at, pauses):
        """``response_due`` and ``repair_due``, False where the contract names no time.

        :param clocks: as ``_clocks`` gives them
        :param pauses: ``(started_at, ended_at)``, naive UTC
        """
        line = contract._line_of(priority)
        if not line:
            return {"response_due": False, "repair_due": False}
        clock = clocks[contract.id, line.runs]
        start = self._local(reported_at)
        halts = [(self._local(begin), self._local(end)) for begin, end in pauses]
        return {
            "response_due": self._utc(clock.due(start, line.response_minutes, halts)),
            "repair_due": self._utc(clock.due(start, line.repair_minutes, halts)),
        }

    def _set_deadlines(self):
        """Count the deadlines of open orders anew, after a pause or with another priority."""
        # sudo: terms of a contract that the department may have made.
        clocks = self.sudo().service_contract_id._clocks()
        for order in self.filtered(lambda order: not order.closed_at):
            contract = order.sudo().service_contract_id
            deadlines = {"response_due": False, "repair_due": False}
            if contract and order.maintenance_type == "corrective":
                deadlines = self._deadlines(
                    contract, clocks, order.priority, order.reported_at, order._ended_pauses()
                )
            super(MaintenanceRequest, order._by_steps()).write(deadlines)

    def _ended_pauses(self):
        return [
            (pause.started_at, pause.ended_at)
            for pause in self.pause_ids
            if pause.ended_at and pause.ended_at > pause.started_at
        ]

    def write(self, vals):
        if "equipment_id" in vals and "service_contract_id" not in vals:
            vals = {**vals, **self._contract_of(vals)}
        if vals.get("stage_id") and vals["stage_id"] != self._default_stage().id:
            answering = self.filtered(lambda order: not order.responded_at)
            # Whoever closes an order answered it at the latest when his work ended.
            answering._answered_at(vals.get("closed_at") or fields.Datetime.now())
        result = super().write(vals)
        if TERMS & vals.keys():
            self._set_deadlines()
        return result

    def _answered_at(self, moment):
        super().write({"responded_at": moment})

    def _before_closing(self, vals, moment):
        super()._before_closing(vals, moment)
        for pause in self.pause_ids.filtered(lambda pause: not pause.ended_at):
            pause.ended_at = max(moment, pause.started_at)

    def _after_closing(self):
        super()._after_closing()
        self.filtered("repair_due")._stop_clocks()

    def _contract_of(self, vals):
        # sudo: the contract holds whoever corrects which asset is meant.
        contracts = self.env["ttcs.service.contract"].sudo()
        today = self.env.company._today()
        [found] = contracts._covering([vals["equipment_id"] or None], [today])
        return {"service_contract_id": found}

    def _stop_clocks(self):
        """By how much orders that are being closed missed their contract's time."""
        # sudo: terms of a contract that the department may have made.
        clocks = self.sudo().service_contract_id._clocks()
        for order in self:
            contract = order.sudo().service_contract_id
            line = contract._line_of(order.priority)
            if not line:
                continue
            clock = clocks[contract.id, line.runs]
            pauses = [(self._local(a), self._local(b)) for a, b in order._ended_pauses()]
            late = clock.minutes_between(
                self._local(order.repair_due), self._local(order.closed_at), pauses
            )
            unit = 60 if contract.penalty_per == "hour" else clock.minutes_per_day
            super(MaintenanceRequest, order._by_steps()).write(
                {
                    "repair_late_minutes": late,
                    "penalty_percent": started(late, unit) * contract.penalty_percent,
                    "penalty_fee": contract.monthly_fee,
                    "penalty_limit": contract.penalty_cap,
                }
            )

    @api.model
    def _local(self, moment):
        zone = pytz.timezone(self.env.company._zone())
        return pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)

    @api.model
    def _utc(self, moment):
        zone = pytz.timezone(self.env.company._zone())
        return zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)

    # What people do ----------------------------------------------------------------------------

    def action_respond(self):
        """Take the order on: the contractor's first clock stops."""
        stages = self.env["maintenance.stage"].search([("done", "=", False)])
        for order in self:
            if order.stage_id == stages[:1]:
                order.stage_id = stages[1:2]
            elif not order.responded_at:
                order._by_steps().responded_at = fields.Datetime.now()

    def action_resume(self):
        """End the pause that lasts."""
        lasting = self.pause_ids.filtered(lambda pause: not pause.ended_at)
        if not lasting:
            raise UserError(self.env._("This work order is not paused."))
        lasting.ended_at = fields.Datetime.now()
        in_progress = self.env["maintenance.stage"].search([("done", "=", False)])[1:2]
        waiting = self.env.ref("ttcs_assets.maintenance_stage_waiting", raise_if_not_found=False)
        self.filtered(lambda order: order.stage_id == waiting).stage_id = in_progress
