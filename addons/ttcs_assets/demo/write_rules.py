"""Writes the maintenance rules of the demo province, and what they have led to so far."""

from __future__ import annotations

from datetime import date, timedelta

from odoo.api import Environment

# Code of the task: hours, labour and material in đồng for one asset.
COSTS = {
    "cluster_check": (0.5, 60_000, 15_000),
    "cluster_storm": (0.5, 80_000, 40_000),
    "station_check": (2.0, 150_000, 50_000),
    "board_check": (1.0, 100_000, 20_000),
    "earthing": (1.0, 120_000, 0),
}
STORM_SEASON_BEGINS, EARTHING_BEGINS = (4, 15), (3, 1)
# Every commune has its own week of the quarter for its clusters, so that work is spread.
WEEKS_OF_A_QUARTER = 13
# One in so many of the open orders is late, and one in so many of the planned was postponed.
LATE_EVERY, POSTPONED_EVERY = 7, 90


def write_rules(env: Environment, province_id: int, department_id: int, manager_id: int) -> None:
    """Make the rules, plan, open the orders that are due, and age some of them; then draw up
    the maintenance plans of the coming year."""
    tasks = {}
    for code, (hours, labour, material) in COSTS.items():
        tasks[code] = env.ref(f"ttcs_assets.ttcs_maintenance_task_{code}")
        tasks[code].write({"duration": hours, "labour_cost": labour, "material_cost": material})
    rules = [*_rules_of_province(env, province_id), *_rules_of_communes(env)]
    env["ttcs.maintenance.rule"].create(
        [{**rule, "task_id": tasks[code].id, "target": "family"} for code, rule in rules]
    )
    run = env["ttcs.maintenance.run"].create({"started_by_id": manager_id})
    run._prepare()
    while run._open_chunk():
        pass
    env.flush_all()
    _age(env)
    _postpone(env, manager_id)
    env.invalidate_all(flush=False)
    _write_plans(env, department_id, manager_id)


def _rules_of_province(env: Environment, province_id: int) -> list[tuple[str, dict]]:
    today = env.company._today()
    yearly = {"unit_id": province_id, "every": 1, "step": "year"}
    storm = date(today.year, *STORM_SEASON_BEGINS)
    earthing = date(today.year, *EARTHING_BEGINS)
    after_completion = {"trigger": "completion", "every": 6, "step": "month"}
    return [
        ("cluster_storm", {**yearly, "family": "cluster", "anchor": storm}),
        ("earthing", {**yearly, "family": "station", "anchor": earthing}),
        ("board_check", {"unit_id": province_id, "family": "board", **after_completion}),
    ]


def _rules_of_communes(env: Environment) -> list[tuple[str, dict]]:
    monday = env.company._today() - timedelta(days=env.company._today().weekday())
    communes = env["maintenance.equipment"].search([("family", "=", "cluster")]).commune_id
    rules = []
    for number, commune in enumerate(communes.sorted("id")):
        week = monday + timedelta(weeks=number % WEEKS_OF_A_QUARTER)
        quarterly = {"unit_id": commune.id, "every": 3, "step": "month", "anchor": week}
        monthly = {**quarterly, "every": 1, "anchor": monday + timedelta(days=number % 28)}
        rules.append(("cluster_check", {**quarterly, "family": "cluster"}))
        rules.append(("station_check", {**monthly, "family": "station"}))
    return rules


def _write_plans(env: Environment, department_id: int, manager_id: int) -> None:
    """Plans of all communes: some still drawn up, some submitted, one returned, most approved."""
    year = env.company._today().year + 1
    plan = env["ttcs.maintenance.plan"].create({"year": year, "agency_id": department_id})
    plan.action_prepare()
    submitter = env.ref("base.user_admin").id
    steps = {"submitted_by_id": submitter, "submitted_at": env.cr.now()}
    children = plan.child_ids.sorted("id")
    children[10:].write({"state": "submitted", **steps})
    children[10].write({"state": "returned", "return_reason": "Chưa có kinh phí vật tư"})
    children[25:].write(
        {"state": "approved", "approved_by_id": manager_id, "approved_at": env.cr.now()}
    )
    env.flush_all()


def _age(env: Environment) -> None:
    """Some of the open orders have been waiting for weeks."""
    env.cr.execute(
        """
        WITH late AS (
            UPDATE ttcs_maintenance_occurrence
            SET due_date = due_date - 7 - (id %% 40)::integer,
                nominal_date = nominal_date - 7 - (id %% 40)::integer
            WHERE state = 'opened' AND id %% %s = 0
            RETURNING id, due_date
        )
        UPDATE maintenance_request request SET due_date = late.due_date
        FROM late WHERE request.occurrence_id = late.id
        """,
        [LATE_EVERY],
    )


def _postpone(env: Environment, manager_id: int) -> None:
    """Some of the planned ones were moved by a person."""
    env.cr.execute(
        """
        UPDATE ttcs_maintenance_occurrence
        SET due_date = due_date + 10, reason = 'Chờ vật tư thay thế', decided_by_id = %s,
            decided_at = now() AT TIME ZONE 'UTC'
        WHERE state = 'planned' AND id %% %s = 0
        """,
        [manager_id, POSTPONED_EVERY],
    )
