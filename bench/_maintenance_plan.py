"""OCA's ``maintenance_plan`` on the same work, started by ``maintenance.py`` in its own process.

Monthly plans for twelve months, a plan for each asset, and a run that has nothing to do.  Sizes
are small because its time grows with each plan; rates are what is compared.
"""

from __future__ import annotations

import os
import time

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

PLANS = 200
# Its documented setting for many requests: nobody is told of each.
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}


def main() -> None:
    database = os.environ["TTCS_BENCH_PEER_DB"]
    options = ["-c", os.environ["TTCS_BENCH_CONFIG"], "-d", database, "--no-http"]
    options += ["--addons-path", os.environ["TTCS_BENCH_PEER_ADDONS"], "--log-level=critical"]
    config.parse_config(options)
    with Registry(database).cursor() as cursor:
        measure(Environment(cursor, SUPERUSER_ID, QUIET))
        cursor.rollback()


def measure(env: Environment) -> None:
    equipment = env["maintenance.equipment"].create(
        [{"name": f"Cụm loa {number}"} for number in range(PLANS)]
    )
    env["maintenance.plan"].create(
        [
            {
                "equipment_id": asset.id,
                "interval": 1,
                "interval_step": "month",
                "maintenance_plan_horizon": 12,
                "planning_step": "month",
                "skip_notify_follower_on_requests": True,
                "maintenance_team_id": env.ref("maintenance.equipment_team_maintenance").id,
            }
            for asset in equipment
        ]
    )
    title = f"OCA maintenance_plan, {PLANS} plans of one asset each"
    show(env, title, PLANS)
    show(env, "OCA maintenance_plan again: nothing to do", PLANS)


def show(env: Environment, title: str, plans: int) -> None:
    requests = env["maintenance.request"]
    env.flush_all()
    env.invalidate_all()
    known = requests.search_count([])
    before, started = env.cr.sql_log_count, time.perf_counter()
    env["maintenance.equipment"]._cron_generate_requests()
    env.flush_all()
    seconds = time.perf_counter() - started
    queries = env.cr.sql_log_count - before
    rows = requests.search_count([]) - known
    rate = f"{rows / seconds:,.0f}" if rows else f"{plans / seconds:,.0f} plans"
    print(f"| {title} | {rows:,} | {seconds:.2f} | {rate} | {queries:,} |", flush=True)


if __name__ == "__main__":
    main()
