"""Writes the maintenance rules of the demo province, and what they have led to so far."""

from __future__ import annotations

from datetime import date, timedelta

from odoo.api import Environment

# Code of the task, hours, labour and material in đồng, the rule that makes it due.
TASKS = (
    ("cluster_check", 0.5, 60_000, 15_000, {"family": "cluster", "every": 3, "step": "month"}),
    ("cluster_storm", 0.5, 80_000, 40_000, {"family": "cluster", "every": 1, "step": "year"}),
    ("station_check", 2.0, 150_000, 50_000, {"family": "station", "every": 1, "step": "month"}),
    (
        "board_check",
        1.0,
        100_000,
        20_000,
        {"family": "board", "every": 6, "step": "month", "trigger": "completion"},
    ),
    ("earthing", 1.0, 120_000, 0, {"family": "station", "every": 1, "step": "year"}),
)
STORM_SEASON_BEGINS = (4, 15)
# One in so many of the open orders is late, and one in so many of the planned was postponed.
LATE_EVERY, POSTPONED_EVERY = 7, 90


def write_rules(env: Environment, province_id: int, manager_id: int) -> None:
    """Make the rules, plan, open the orders that are due, and age some of them."""
    today = env.company._today()
    for code, hours, labour, material, rule in TASKS:
        task = env.ref(f"ttcs_assets.ttcs_maintenance_task_{code}")
        task.write({"duration": hours, "labour_cost": labour, "material_cost": material})
        anchor = today - timedelta(days=today.weekday())
        if code == "cluster_storm":
            anchor = date(today.year, *STORM_SEASON_BEGINS)
        env["ttcs.maintenance.rule"].create(
            {"task_id": task.id, "unit_id": province_id, "target": "family", "anchor": anchor}
            | rule
        )
    run = env["ttcs.maintenance.run"].create({"started_by_id": manager_id})
    run._prepare()
    while run._open_chunk():
        pass
    env.flush_all()
    _age(env)
    _postpone(env, manager_id)
    env.invalidate_all(flush=False)


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
