import hashlib
from contextlib import contextmanager
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..maintenance import Cadence, Schedule, Season

# What decides which dates a rule gives, beside the days off.
DATE_FIELDS = (
    "trigger", "every", "step", "anchor", "valid_to", "season_first", "season_last",
    "out_of_season", "on_days_off",
)  # fmt: skip


MANY = 1000


class TtcsMaintenanceRule(models.Model):
    """How rules become occurrences: set-wise, and again without harm.

    ``_expand`` writes what is due until a horizon into the ledger of occurrences.  Dates are
    worked out in Python once for each distinct schedule, and joined with the assets by one
    INSERT … SELECT; the ledger's key (rule, asset, nominal date) makes a second run write
    nothing.  An asset that joins gets its dates at the next run, one that leaves loses what was
    only planned.  The number of statements does not depend on rules, assets or dates.
    """

    _inherit = "ttcs.maintenance.rule"

    schedule_key = fields.Char(
        readonly=True, copy=False, help="Of the dates that the ledger holds for this rule."
    )

    # For which assets -----------------------------------------------------------------------

    @api.model
    def _scope(self, rule_ids=None, asset_ids=None):
        """SQL of which rule holds for which asset: rows ``(rule_id, equipment_id)``.

        Each kind of target is a branch with an equality of its own, so that 20,000 rules of one
        asset each are a hash join and not 400 million comparisons.
        """
        targets = (
            (1, "asset", SQL("asset.id = rule.equipment_id")),
            (2, "model", SQL("asset.model = rule.model_name")),
            (3, "category", SQL("asset.category_id = rule.category_id")),
            (4, "family", SQL("asset.family = rule.family")),
        )
        only = SQL("TRUE") if asset_ids is None else SQL("asset.id = ANY(%s)", list(asset_ids))
        matches = SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT rule.id, rule.task_id, rule.unit_id, %(rank)s AS rank,
                    asset.id AS equipment_id, asset.unit_id AS asset_unit_id
                FROM ttcs_maintenance_rule rule
                JOIN maintenance_equipment asset ON %(condition)s
                WHERE rule.active AND rule.target = %(target)s
                    AND asset.active AND asset.life_state = 'in_use' AND %(only)s
                """,
                rank=rank,
                target=target,
                condition=condition,
                only=only,
            )
            for rank, target, condition in targets
        )
        closest = SQL(
            """
            SELECT DISTINCT ON (match.task_id, match.equipment_id)
                match.id AS rule_id, match.equipment_id
            FROM (%(matches)s) match
            JOIN ttcs_unit_reach reach
                ON reach.from_unit_id = match.unit_id AND reach.to_unit_id = match.asset_unit_id
            JOIN ttcs_unit unit ON unit.id = match.unit_id
            ORDER BY match.task_id, match.equipment_id, match.rank, unit.level DESC, match.id DESC
            """,
            matches=matches,
        )
        if rule_ids is None:
            return closest
        return SQL("SELECT * FROM (%s) closest WHERE rule_id = ANY(%s)", closest, list(rule_ids))

    def _asset_counts(self):
        """For how many assets each rule holds: ``{rule id: count}``."""
        self._flush_scope()
        rows = self.env.execute_query(
            SQL("SELECT rule_id, count(*) FROM (%s) scope GROUP BY rule_id", self._scope(self.ids))
        )
        return dict(rows)

    def _asset_ids(self):
        """The ids of the assets for which these rules hold, whoever may see them."""
        self._flush_scope()
        return [asset for _rule, asset in self.env.execute_query(self._scope(self.ids))]

    @api.model
    def _flush_scope(self):
        self.env["maintenance.equipment"].flush_model()
        self.flush_model()

    # On which days --------------------------------------------------------------------------

    def _schedule(self):
        """The ``maintenance.Schedule`` of a rule by calendar or completion."""
        season = None
        if self.season_first:
            season = Season(int(self.season_first), int(self.season_last))
        return Schedule(
            Cadence(self.anchor, self.every, self.step),
            season,
            self.out_of_season,
            self.on_days_off,
        )

    def _dates(self, first, last, calendar):
        """What is due by the calendar; rules with equal schedules share one list.

        :returns: ``(groups, lists)``: ``{rule id: number of its list}`` and the lists of ``Due``
        """
        numbers = {}
        lists = []
        groups = {}
        for rule in self:
            begin, end = max(first, rule.anchor), min(last, rule.valid_to or last)
            schedule = rule._schedule()
            key = (schedule, begin, end)
            if key not in numbers:
                numbers[key] = len(lists)
                lists.append(schedule.between(begin, end, calendar))
            groups[rule.id] = numbers[key]
        return groups, lists

    def _key(self, days_off):
        """A fingerprint of everything that decides the dates of a rule."""
        parts = [str(self[name]) for name in DATE_FIELDS] + [days_off]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    @api.model
    def _key_of(self, calendar):
        days = [*sorted(calendar.days_off), None, *sorted(calendar.days_worked)]
        return hashlib.sha256(str(days).encode()).hexdigest()

    @api.model
    def _horizon(self):
        """Until when occurrences are planned: the end of next year, so that the plan of the
        coming year can be drawn up at any time in this one."""
        return date(self.env.company._today().year + 1, 12, 31)

    # Expanding ------------------------------------------------------------------------------

    @api.model
    def _expand(self, horizon=None):
        """Bring the ledger of occurrences up to date.

        :param horizon: last nominal date, by default the end of next year
        :returns: how many occurrences were planned
        """
        # sudo: the ledger is written by the engine only, for all places alike; who sees what of
        # it is decided by the rules of the occurrences.
        engine = self.sudo()
        engine.env["ttcs.maintenance.occurrence"]._check_guarantees()
        engine.env["ttcs.maintenance.occurrence"].flush_model()
        engine._flush_scope()
        rules = engine.search([])
        today = self.env.company._today()
        horizon = horizon or self._horizon()
        calendar = self.env["ttcs.calendar.day"]._work_calendar()
        with engine._joined_as_sets():
            engine._withdraw(today)
            by_calendar = rules.filtered(lambda rule: rule.trigger == "calendar")
            planned = by_calendar._expand_calendar(today, horizon, calendar)
        planned += rules.filtered(lambda rule: rule.trigger == "completion")._expand_completion(
            today, calendar
        )
        planned += rules.filtered(lambda rule: rule.trigger == "runtime")._expand_signals(
            today, calendar, engine._runtime_reached()
        )
        planned += rules.filtered(lambda rule: rule.trigger == "condition")._expand_signals(
            today, calendar, engine._conditions_seen()
        )
        self.env["ttcs.maintenance.occurrence"].invalidate_model()
        if planned > MANY:
            # Until PostgreSQL counts by itself it would take the ledger for as small as before.
            self.env.cr.execute("ANALYZE ttcs_maintenance_occurrence")
        return planned

    @contextmanager
    def _joined_as_sets(self):
        """The block's statements take all assets at once.

        The planner cannot know how many assets a rule has, guesses one, and then looks into the
        ledger row by row: ten minutes in place of ten seconds, seen when the ledger was new.
        """
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        yield
        self.env.cr.execute("SET LOCAL enable_nestloop = on")

    @api.model
    def _withdraw(self, today):
        """Take back what was only planned for assets that a rule no longer holds for.

        What is past due is kept, as left out with the reason; what a person decided stays.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH scope AS (%(scope)s), gone AS (
                    SELECT occurrence.id,
                        occurrence.nominal_date >= %(today)s
                            AND occurrence.decided_at IS NULL AS is_future
                    FROM ttcs_maintenance_occurrence occurrence
                    LEFT JOIN scope ON scope.rule_id = occurrence.rule_id
                        AND scope.equipment_id = occurrence.equipment_id
                    WHERE occurrence.state = 'planned' AND scope.rule_id IS NULL
                ), withdrawn AS (
                    DELETE FROM ttcs_maintenance_occurrence occurrence
                    USING gone WHERE gone.id = occurrence.id AND gone.is_future
                )
                UPDATE ttcs_maintenance_occurrence occurrence
                SET state = 'skipped', reason = %(reason)s
                FROM gone WHERE gone.id = occurrence.id AND NOT gone.is_future
                """,
                scope=self._scope(),
                today=today,
                reason=self.env._("The rule no longer holds for this asset."),
            )
        )

    def _expand_calendar(self, today, horizon, calendar):
        """Occurrences by the calendar, from today to the horizon."""
        groups, lists = self._dates(today, horizon, calendar)
        self._plan_anew(today, groups, lists, calendar)
        # Only where the last date is missing is anything missing: all dates of an asset are
        # written in one statement, and withdrawn in one.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_maintenance_occurrence
                    (rule_id, equipment_id, nominal_date, due_date, state)
                SELECT lacking.rule_id, lacking.equipment_id, due.nominal, due.day, 'planned'
                FROM (
                    SELECT scope.rule_id, scope.equipment_id, dated.list
                    FROM (%(scope)s) scope
                    JOIN %(dated)s ON dated.rule_id = scope.rule_id
                    JOIN unnest(%(lists)s::integer[], %(lasts)s::date[]) AS last (list, nominal)
                        ON last.list = dated.list
                    LEFT JOIN ttcs_maintenance_occurrence known
                        ON known.rule_id = scope.rule_id
                        AND known.equipment_id = scope.equipment_id
                        AND known.nominal_date = last.nominal
                    WHERE known.id IS NULL
                ) lacking
                JOIN %(due)s ON due.list = lacking.list
                ON CONFLICT (rule_id, equipment_id, nominal_date) DO NOTHING
                """,
                scope=self._scope(),
                dated=self._dated_rules(groups),
                due=self._due_dates(lists),
                lists=[number for number, dues in enumerate(lists) if dues],
                lasts=[dues[-1].nominal for dues in lists if dues],
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _dated_rules(self, groups):
        return SQL(
            "unnest(%s::integer[], %s::integer[]) AS dated (rule_id, list)",
            list(groups),
            list(groups.values()),
        )

    @api.model
    def _due_dates(self, lists):
        dues = [(number, due) for number, dues in enumerate(lists) for due in dues]
        return SQL(
            "unnest(%s::integer[], %s::date[], %s::date[]) AS due (list, nominal, day)",
            [number for number, _due in dues],
            [due.nominal for _number, due in dues],
            [due.day for _number, due in dues],
        )

    def _plan_anew(self, today, groups, lists, calendar):
        """Take back the future of rules whose dates changed, and move what keeps its nominal
        date to its new day.  What a person decided about stays as decided."""
        days_off = self._key_of(calendar)
        keys = {rule: rule._key(days_off) for rule in self}
        stale = self.filtered(lambda rule: rule.schedule_key != keys[rule])
        if not stale:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH due AS (
                    SELECT dated.rule_id, due.nominal, due.day
                    FROM %(dated)s JOIN %(due)s ON due.list = dated.list
                ), moved AS (
                    UPDATE ttcs_maintenance_occurrence occurrence SET due_date = due.day
                    FROM due
                    WHERE due.rule_id = occurrence.rule_id
                        AND due.nominal = occurrence.nominal_date
                        AND due.day <> occurrence.due_date
                        AND occurrence.state = 'planned' AND occurrence.decided_at IS NULL
                )
                DELETE FROM ttcs_maintenance_occurrence occurrence
                WHERE occurrence.rule_id = ANY(%(stale)s) AND occurrence.state = 'planned'
                    AND occurrence.decided_at IS NULL AND occurrence.nominal_date >= %(today)s
                    AND NOT EXISTS (
                        SELECT FROM due WHERE due.rule_id = occurrence.rule_id
                            AND due.nominal = occurrence.nominal_date)
                """,
                stale=stale.ids,
                today=today,
                dated=self._dated_rules({rule.id: groups[rule.id] for rule in stale}),
                due=self._due_dates(lists),
            )
        )
        for rule in stale:
            rule.schedule_key = keys[rule]
        stale.flush_recordset(["schedule_key"])

    def _expand_completion(self, today, calendar, asset_ids=None):
        """The one next occurrence of each asset, counted from the last completion.

        :param asset_ids: only for these, by default for all
        """
        if not self:
            return 0
        groups = self.env.execute_query(
            SQL(
                """
                SELECT scope.rule_id, last.done_date, array_agg(scope.equipment_id)
                FROM (%(scope)s) scope
                LEFT JOIN LATERAL (
                    SELECT max(COALESCE(done_date, due_date)) AS done_date
                    FROM ttcs_maintenance_occurrence done
                    WHERE done.rule_id = scope.rule_id AND done.state IN ('done', 'skipped')
                        AND done.equipment_id = scope.equipment_id
                ) last ON TRUE
                WHERE NOT EXISTS (
                    SELECT FROM ttcs_maintenance_occurrence open
                    WHERE open.rule_id = scope.rule_id AND open.state IN ('planned', 'opened')
                        AND open.equipment_id = scope.equipment_id)
                GROUP BY 1, 2
                """,
                scope=self._scope(self.ids, asset_ids),
            )
        )
        rows = []
        for rule_id, done_date, assets in groups:
            rule = self.browse(rule_id)
            schedule = rule._schedule()
            nominal = max(schedule.cadence.after(done_date), today) if done_date else None
            nominal = nominal or max(rule.anchor, today)
            if rule.valid_to and nominal > rule.valid_to:
                continue
            day = schedule.day_of(nominal, calendar)
            rows += [(rule_id, asset, nominal, day) for asset in assets]
        return self._insert(rows)

    def _expand_signals(self, today, calendar, signals):
        """An occurrence for each asset whose meter or condition asks for the work now.

        :param signals: SQL that gives ``(rule_id, equipment_id)``, wider than the rules' scope
        """
        if not self:
            return 0
        pairs = self.env.execute_query(
            SQL(
                """
                SELECT scope.rule_id, scope.equipment_id
                FROM (%(scope)s) scope
                JOIN (%(signals)s) signal ON signal.rule_id = scope.rule_id
                    AND signal.equipment_id = scope.equipment_id
                WHERE NOT EXISTS (
                    SELECT FROM ttcs_maintenance_occurrence open
                    WHERE open.rule_id = scope.rule_id AND open.state IN ('planned', 'opened')
                        AND open.equipment_id = scope.equipment_id)
                """,
                scope=self._scope(self.ids),
                signals=signals,
            )
        )
        in_force = {
            rule.id: rule.on_days_off
            for rule in self
            if rule.anchor <= today and (not rule.valid_to or today <= rule.valid_to)
        }
        day = {
            "keep": today,
            "next": calendar.next_working(today),
            # The day has come: it cannot be done before today.
            "previous": calendar.next_working(today),
        }
        return self._insert(
            [
                (rule, asset, today, day[in_force[rule]])
                for rule, asset in pairs
                if rule in in_force
            ]
        )

    def _insert(self, rows):
        """Write occurrences ``(rule, asset, nominal date, day)``; gives how many are new."""
        if not rows:
            return 0
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_maintenance_occurrence
                    (rule_id, equipment_id, nominal_date, due_date, state)
                SELECT *, 'planned'
                FROM unnest(%(rules)s::integer[], %(assets)s::integer[], %(nominals)s::date[],
                    %(days)s::date[])
                ON CONFLICT DO NOTHING
                """,
                **dict(
                    zip(
                        ("rules", "assets", "nominals", "days"),
                        map(list, zip(*rows, strict=True)),
                        strict=True,
                    )
                ),
            )
        )
        return self.env.cr.rowcount

    # Meters and conditions ------------------------------------------------------------------

    @api.model
    def _runtime_reached(self):
        """SQL of the pairs ``(rule_id, equipment_id)`` whose hours of operation since the last
        work have reached the rule's.  Readings come by hand, by work orders, and from the
        devices' add-on, which writes ``ttcs.meter.reading`` too."""
        return SQL(
            """
            SELECT rule.id AS rule_id, meter.equipment_id
            FROM ttcs_maintenance_rule rule
            CROSS JOIN LATERAL (
                SELECT DISTINCT ON (equipment_id) equipment_id, hours
                FROM ttcs_meter_reading ORDER BY equipment_id, read_at DESC, id DESC
            ) meter
            LEFT JOIN LATERAL (
                SELECT max(meter_hours) AS hours FROM ttcs_maintenance_occurrence done
                WHERE done.rule_id = rule.id AND done.equipment_id = meter.equipment_id
            ) base ON TRUE
            LEFT JOIN LATERAL (
                SELECT hours FROM ttcs_meter_reading first
                WHERE first.equipment_id = meter.equipment_id AND first.read_at >= rule.anchor
                ORDER BY read_at, id LIMIT 1
            ) start ON TRUE
            CROSS JOIN LATERAL (SELECT COALESCE(base.hours, start.hours) AS hours) since
            WHERE rule.trigger = 'runtime'
                -- A meter that was exchanged begins at nothing again.
                AND meter.hours - CASE WHEN meter.hours < since.hours THEN 0 ELSE since.hours END
                    >= rule.runtime_hours
            """
        )

    @api.model
    def _conditions_seen(self):
        """SQL of the pairs ``(rule_id, equipment_id)`` whose asset is in the rule's condition,
        and was not worked on since.  An add-on that knows more of an asset's state extends
        it by UNION."""
        return SQL(
            """
            SELECT rule.id AS rule_id, asset.id AS equipment_id
            FROM ttcs_maintenance_rule rule
            JOIN maintenance_equipment asset ON asset.condition = rule.condition
            WHERE rule.trigger = 'condition' AND NOT EXISTS (
                SELECT FROM ttcs_maintenance_occurrence done
                WHERE done.rule_id = rule.id AND done.equipment_id = asset.id
                    AND done.nominal_date >= asset.condition_since)
            """
        )
