from datetime import date

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

# How often each task falls due on the assets of an agency in a year.  By the calendar the ledger
# holds the whole year; after completion it holds the next time only, and the others follow at
# the rule's interval, as if each were done on its day.
TIMES_OF_A_YEAR = """
    SELECT asset.agency_id, rule.task_id, asset.family, asset.id AS equipment_id,
        sum(CASE WHEN rule.trigger = 'completion' AND occurrence.state IN ('planned', 'opened')
            THEN (
                SELECT count(*) FROM generate_series(0, 3660) number
                WHERE number * rule.every <= 3660 AND (occurrence.due_date
                    + number * rule.every * CASE rule.step
                        WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '1 week'
                        WHEN 'month' THEN interval '1 month' ELSE interval '1 year' END
                    ) BETWEEN %(first)s AND %(last)s)
            ELSE (occurrence.due_date BETWEEN %(first)s AND %(last)s)::integer
        END) AS times
    FROM ttcs_maintenance_occurrence occurrence
    JOIN ttcs_maintenance_rule rule ON rule.id = occurrence.rule_id
    JOIN maintenance_equipment asset ON asset.id = occurrence.equipment_id
    WHERE occurrence.state <> 'skipped' AND occurrence.due_date <= %(last)s
        AND asset.agency_id = ANY(%(agencies)s)
    GROUP BY asset.agency_id, rule.task_id, asset.family, asset.id
"""


class TtcsMaintenancePlan(models.Model):
    """How plans are made for all agencies below, and filled from the ledger."""

    _inherit = "ttcs.maintenance.plan"

    def action_prepare(self):
        """Make the plans of the agencies below that own assets, and fill all that are drafts."""
        self.ensure_one()
        self.check_access("write")
        self._check_drawn_up()
        if self.parent_id:
            self._fill()
            return
        known = self.child_ids.agency_id | self.agency_id
        owners = self._owners_below() - known
        # sudo: whoever draws up the plan of an area makes the plans of its agencies; each of
        # them belongs to its agency.
        children = self.sudo().create(
            [
                {"year": self.year, "agency_id": agency.id, "parent_id": self.id}
                for agency in owners
            ]
        )
        drafts = (self.child_ids | children).filtered(lambda plan: plan.state == "draft")
        (self | drafts).sudo()._fill()

    def _owners_below(self):
        """The agencies that own assets in use in the area of this plan."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT asset.agency_id FROM maintenance_equipment asset
                JOIN ttcs_agency agency ON agency.id = asset.agency_id
                JOIN ttcs_unit_reach reach ON reach.to_unit_id = agency.unit_id
                    AND reach.from_unit_id = %s
                LEFT JOIN ttcs_maintenance_plan known
                    ON known.agency_id = agency.id AND known.year = %s
                WHERE asset.active AND asset.life_state = 'in_use' AND known.id IS NULL
                """,
                self.unit_id.id,
                self.year,
            )
        )
        return self.env["ttcs.agency"].browse([row[0] for row in rows])

    def _check_drawn_up(self):
        for plan in self:
            if plan.state not in ("draft", "returned"):
                raise UserError(
                    self.env._(
                        "%(plan)s was submitted. It can be changed when it is returned.",
                        plan=plan.display_name,
                    )
                )
            horizon = self.env["ttcs.maintenance.rule"]._horizon()
            if plan.year > horizon.year:
                raise UserError(
                    self.env._(
                        "The maintenance rules plan until the end of %(year)s. Draw up the plan "
                        "of a later year when its time has come.",
                        year=horizon.year,
                    )
                )

    def _fill(self):
        """Take what the rules make due in the year; one statement for all plans of a year.

        A line whose number of times an agency explained keeps it; its assets and the times by
        the rules are brought up to date beside it.
        """
        self.env.flush_all()
        for year, plans in self.grouped("year").items():
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO ttcs_maintenance_plan_line AS line
                        (plan_id, task_id, family, asset_count, planned_times, times,
                        labour_cost, material_cost, cost, create_uid, create_date)
                    SELECT plan.id, task.id, due.family, count(*), sum(due.times),
                        sum(due.times), task.labour_cost, task.material_cost,
                        sum(due.times) * (task.labour_cost + task.material_cost),
                        %(uid)s, now() AT TIME ZONE 'UTC'
                    FROM (%(due)s) due
                    JOIN ttcs_maintenance_plan plan
                        ON plan.agency_id = due.agency_id AND plan.id = ANY(%(plans)s)
                    JOIN ttcs_maintenance_task task ON task.id = due.task_id
                    WHERE due.times > 0
                    GROUP BY plan.id, task.id, due.family
                    ON CONFLICT (plan_id, task_id, family) DO UPDATE SET
                        asset_count = excluded.asset_count,
                        planned_times = excluded.planned_times,
                        times = CASE WHEN COALESCE(line.note, '') = '' THEN excluded.times
                            ELSE line.times END,
                        cost = CASE WHEN COALESCE(line.note, '') = '' THEN excluded.times
                            ELSE line.times END * (line.labour_cost + line.material_cost)
                    """,
                    uid=self.env.uid,
                    plans=plans.ids,
                    due=SQL(
                        TIMES_OF_A_YEAR,
                        first=date(year, 1, 1),
                        last=date(year, 12, 31),
                        agencies=plans.agency_id.ids,
                    ),
                )
            )
        self.env.invalidate_all()
