"""How quickly the reliability of a province over a year is told.

    make bench ARGS=reliability

Prints rows of a Markdown table: 20,000 assets with 50,000 downtimes by commune, by device model
and as a list, and as a baseline core's own MTBF and MTTR, which count whole days between the
dates of repairs, computed for the same assets from as many repairs.  Everything is rolled back.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import _target

from odoo.api import SUPERUSER_ID, Environment

DOWNTIMES = 50_000
# Hours between two downtimes of one asset, so that none overlap.
APART = 24


def main() -> None:
    print("## Reliability of the province over a year\n")
    with _target.registry(_target.PROVINCE).cursor() as cursor:
        measure(Environment(cursor, SUPERUSER_ID, {"tracking_disable": True}))
        cursor.rollback()
    _target.print_peak_memory()


def measure(env: Environment) -> None:
    """Print one row for each case."""
    assets = env["maintenance.equipment"].search([])
    write_downtimes(env, assets.ids)
    write_repairs(env, assets.ids)
    figures = env["ttcs.reliability"]
    measures = ["availability:avg", "failures:sum", "hours_between_failures:avg"]
    print(f"{len(assets):,} assets, {DOWNTIMES:,} downtimes and as many repairs of a year.\n")
    print("| case | rows | seconds |")
    print("|---|--:|--:|", flush=True)
    show(env, "by commune", lambda: len(figures._read_group([], ["commune_id"], measures)))
    show(env, "by device model", lambda: len(figures._read_group([], ["model_name"], measures)))
    show(
        env,
        "each asset, all figures read",
        lambda: len(figures.search([]).read(["availability", "failures", "down_minutes"])),
    )
    show(env, "core: MTBF and MTTR of each asset, in days", lambda: core(assets))


def core(assets) -> int:
    """Core's figures of all assets."""
    return len(assets.read(["mtbf", "mttr"]))


def write_downtimes(env: Environment, assets: list[int]) -> None:
    """Downtimes of 30 to 629 minutes, spread over the assets and the last eleven months."""
    env.cr.execute(
        """
        INSERT INTO ttcs_downtime (equipment_id, started_at, ended_at, minutes, cause_id)
        SELECT (%(assets)s::integer[])[1 + number %% %(count)s], start,
            start + (30 + number %% 600) * interval '1 minute', 30 + number %% 600, cause.id
        FROM generate_series(0, %(downtimes)s - 1) number
        CROSS JOIN LATERAL (
            SELECT date_trunc('day', now() AT TIME ZONE 'UTC') - interval '330 days'
                + (number / %(count)s) * %(apart)s * interval '1 hour'
                + number %% 300 * interval '1 day' AS start
        ) placed
        JOIN ttcs_downtime_cause cause
            ON cause.code = CASE number %% 5 WHEN 0 THEN 'power' ELSE 'fault' END
        ON CONFLICT DO NOTHING
        """,
        {"assets": assets, "count": len(assets), "downtimes": DOWNTIMES, "apart": APART},
    )
    env.cr.execute("ANALYZE ttcs_downtime")


def write_repairs(env: Environment, assets: list[int]) -> None:
    """As many closed corrective orders, for core to count."""
    stage = env["maintenance.stage"].search([("done", "=", True)], limit=1)
    team = env["maintenance.team"].search([], limit=1)
    env.cr.execute(
        """
        INSERT INTO maintenance_request (name, equipment_id, stage_id, maintenance_team_id,
            company_id, maintenance_type, request_date, close_date, reported_at, closed_at,
            kanban_state, reported_by, paid_by)
        SELECT 'Đo tốc độ', (%(assets)s::integer[])[1 + number %% %(count)s], %(stage)s, %(team)s,
            %(company)s, 'corrective', day, day + 1, day, day + 1, 'normal', 'officer', 'own'
        FROM generate_series(0, %(repairs)s - 1) number
        CROSS JOIN LATERAL (SELECT current_date - 330 + number %% 300 AS day) placed
        """,
        {
            "assets": assets,
            "count": len(assets),
            "stage": stage.id,
            "team": team.id,
            "company": env.company.id,
            "repairs": DOWNTIMES,
        },
    )
    env.cr.execute("ANALYZE maintenance_request")


def show(env: Environment, title: str, action: Callable[[], int]) -> None:
    """Run an action once with cold ORM caches, as a person does."""
    env.flush_all()
    env.invalidate_all()
    started = time.perf_counter()
    rows = action()
    print(f"| {title} | {rows:,} | {time.perf_counter() - started:.2f} |", flush=True)


if __name__ == "__main__":
    main()
