from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# Work without a next time is not postponed for ever either.
FARTHEST_DAYS = 366
STATES = [
    ("planned", "Planned"),
    ("opened", "Order open"),
    ("done", "Done"),
    ("skipped", "Left out"),
]


class TtcsMaintenanceOccurrence(models.Model):
    """One time that a maintenance task is due on an asset: the ledger of preventive work.

    Rows are planned by the engine (``ttcs.maintenance.rule._expand``) and become work orders
    some days ahead.  ``nominal_date`` names the occurrence for good; ``due_date`` follows the
    days off of the year, or a person who postponed it.  The place is the asset's: what is still
    to be done moves with it.
    """

    _name = "ttcs.maintenance.occurrence"
    _description = "Maintenance due"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "due_date, id"
    # Hundreds of thousands of rows a year, written by the engine and its decisions only.
    _log_access = False

    rule_id = fields.Many2one(
        "ttcs.maintenance.rule", required=True, readonly=True, ondelete="restrict"
    )
    task_id = fields.Many2one(related="rule_id.task_id")
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", required=True, readonly=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(related="equipment_id.unit_id", string="Place")
    commune_id = fields.Many2one(related="equipment_id.commune_id", string="Commune")
    agency_id = fields.Many2one(related="equipment_id.agency_id", string="Owning agency")
    category_id = fields.Many2one(related="equipment_id.category_id", string="Kind of asset")
    nominal_date = fields.Date(required=True, readonly=True, string="By the rule on")
    due_date = fields.Date(required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="planned")
    done_date = fields.Date(readonly=True, string="Done on")
    meter_hours = fields.Float(readonly=True, digits=(12, 1), string="Hours when done")
    reason = fields.Char(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True, help="When a person left it out or postponed it.")
    request_ids = fields.One2many("maintenance.request", "occurrence_id", string="Work order")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _asset_rule_date_unique = models.Constraint(
        "UNIQUE (equipment_id, rule_id, nominal_date)",
        "This maintenance is in the ledger already.",
    )
    # The guard against pile-up: no second order while the first of its kind is open.
    _one_order_open = models.UniqueIndex(
        "(rule_id, equipment_id) WHERE state = 'opened'",
        "An order for this work on this asset is open already.",
    )
    _due_idx = models.Index("(due_date) WHERE state IN ('planned', 'opened')")
    _decision_has_reason = models.Constraint(
        "CHECK (decided_at IS NULL OR (COALESCE(reason, '') <> '' AND decided_by_id IS NOT NULL))",
        "Say why maintenance is left out or postponed.",
    )
    _skipped_has_reason = models.Constraint(
        "CHECK (state <> 'skipped' OR COALESCE(reason, '') <> '')",
        "Say why maintenance is left out.",
    )
    _done_has_date = models.Constraint(
        "CHECK ((state = 'done') = (done_date IS NOT NULL))", "What is done has a day."
    )

    @api.depends("rule_id", "equipment_id", "due_date")
    def _compute_display_name(self):
        for occurrence in self:
            day = f"{occurrence.due_date:%d/%m/%Y}" if occurrence.due_date else ""
            parts = (occurrence.task_id.name, occurrence.equipment_id.display_name, day)
            occurrence.display_name = " - ".join(filter(None, parts))

    @api.depends("due_date", "state")
    def _compute_is_late(self):
        today = self.env.company._today()
        for occurrence in self:
            is_open = occurrence.state in ("planned", "opened")
            occurrence.is_late = is_open and occurrence.due_date < today

    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        domain = fields.Domain("due_date", "<", self.env.company._today())
        domain &= fields.Domain("state", "in", ("planned", "opened"))
        return domain if (operator == "in") == (True in value) else ~domain

    def write(self, vals):
        """Only the engine and the decisions below write: each says why."""
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Maintenance that is due is changed by “Postpone or leave out”, which keeps "
                    "the reason, or by its work order."
                )
            )
        return super().write(vals)

    def _skip(self, reason):
        """Leave out what is planned.

        :raises UserError: when an order is open or it is over
        """
        self._decide(reason, {"state": "skipped"})

    def _postpone(self, day, reason):
        """Move what is planned to another day; its nominal date stays.

        :raises UserError: when the day has passed, an order is open or it is over
        """
        if day < self.env.company._today():
            raise UserError(
                self.env._("%(day)s has passed. Choose today or later.", day=f"{day:%d/%m/%Y}")
            )
        self._check_before_next(day)
        self._decide(reason, {"due_date": day})

    def _check_before_next(self, day):
        """Whoever wants to pass the next time leaves this one out, and says so.

        :raises UserError: naming the first that would pass the next of its rule and asset, or
            stand more than ``FARTHEST_DAYS`` after its day
        """
        self.flush_model()
        limits = self.env.execute_query(
            SQL(
                """
                SELECT due.id, LEAST(
                    due.nominal_date + %(farthest)s::integer, (
                        SELECT min(later.due_date) - 1
                        FROM ttcs_maintenance_occurrence later
                        WHERE later.rule_id = due.rule_id
                            AND later.equipment_id = due.equipment_id
                            AND later.nominal_date > due.nominal_date
                            AND later.state IN ('planned', 'opened')))
                FROM ttcs_maintenance_occurrence due WHERE due.id = ANY(%(ids)s)
                """,
                farthest=FARTHEST_DAYS,
                ids=self.ids,
            )
        )
        for occurrence, latest in limits:
            if day > latest:
                raise UserError(
                    self.env._(
                        "%(occurrence)s can be postponed to %(latest)s at the latest, before it "
                        "is due again. Choose an earlier day, or leave it out this time.",
                        occurrence=self.browse(occurrence).display_name,
                        latest=f"{latest:%d/%m/%Y}",
                    )
                )

    def _take_back(self, reason):
        """Plan again what was left out by mistake.

        :raises UserError: when it was not left out by a person, or its day has passed
        """
        today = self.env.company._today()
        for occurrence in self:
            left_out = occurrence.state == "skipped" and occurrence.decided_by_id
            if not left_out or occurrence.due_date < today:
                raise UserError(
                    self.env._(
                        "%(occurrence)s cannot be taken back into the plan: only what a person "
                        "left out, before its day has passed.",
                        occurrence=occurrence.display_name,
                    )
                )
        self._decide(reason, {"state": "planned"}, decided="skipped")

    def _decide(self, reason, values, decided="planned"):
        """:param decided: the state in which an occurrence is before the decision"""
        self.check_access("write")
        over = self.filtered(lambda occurrence: occurrence.state != decided)
        if over:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(occurrence)s is no longer planned (%(state)s). Change its work order "
                    "instead.",
                    occurrence=over[0].display_name,
                    state=states[over[0].state],
                )
            )
        # sudo: the rights to these records were checked above; the ledger's fields are written
        # by its methods only.
        self.sudo().write(
            {
                **values,
                "reason": reason.strip(),
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )

    def _complete(self, done_date):
        """Record that the work was done on a day, and plan what follows from it.

        Occurrences of the same work that came due while its order was open are covered by it.
        """
        if not self:
            return
        # sudo: whoever closed the order has done the work; the ledger follows.
        ledger = self.sudo()
        ledger.write({"state": "done", "done_date": done_date, "decided_at": False})
        ledger._note_meters()
        ledger._cover(done_date)
        completion = ledger.rule_id.filtered(lambda rule: rule.trigger == "completion")
        completion._expand_completion(
            self.env.company._today(),
            self.env["ttcs.calendar.day"]._work_calendar(),
            self.equipment_id.ids,
        )
        self.env["ttcs.maintenance.occurrence"].invalidate_model()

    def _note_meters(self):
        """What the meters showed at last, from which the next hours are counted."""
        self.flush_recordset()
        self.env["ttcs.meter.reading"].flush_model()
        self.env.cr.execute(
            """
            UPDATE ttcs_maintenance_occurrence occurrence SET meter_hours = latest.hours
            FROM (
                SELECT DISTINCT ON (equipment_id) equipment_id, hours FROM ttcs_meter_reading
                WHERE equipment_id = ANY(%s) ORDER BY equipment_id, read_at DESC, id DESC
            ) latest
            WHERE latest.equipment_id = occurrence.equipment_id AND occurrence.id = ANY(%s)
            """,
            [self.equipment_id.ids, self.ids],
        )

    def _cover(self, done_date):
        self.env.cr.execute(
            """
            UPDATE ttcs_maintenance_occurrence late SET state = 'skipped', reason = %(reason)s
            FROM ttcs_maintenance_occurrence done
            WHERE done.id = ANY(%(ids)s) AND late.rule_id = done.rule_id
                AND late.equipment_id = done.equipment_id AND late.state = 'planned'
                AND late.due_date <= %(day)s
            """,
            {
                "ids": self.ids,
                "day": done_date,
                "reason": self.env._(
                    "Covered by the work done on %(day)s.", day=f"{done_date:%d/%m/%Y}"
                ),
            },
        )
