"""How quickly maintenance rules become occurrences, and occurrences work orders.

    make bench ARGS=maintenance

Prints rows of Markdown tables: a year of monthly maintenance for every asset of a province by
one rule for each family and by one rule for each asset, runs that have nothing to do, and the
opening of the orders; beside them Odoo's own creation of work orders, and OCA's
``maintenance_plan`` in a database of its own.  Everything is rolled back.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import _target

from odoo.api import SUPERUSER_ID, Environment

ORDERS = 2000


def main() -> None:
    print("## Maintenance rules\n")
    with _target.registry(_target.PROVINCE).cursor() as cursor:
        env = Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
        measure(env)
        cursor.rollback()
    # Its add-ons path is another, so it needs a process of its own.
    subprocess.run([sys.executable, Path(__file__).with_name("_maintenance_plan.py")], check=True)
    _target.print_peak_memory()


def measure(env: Environment) -> None:
    """Print one row for each case."""
    assets = env["maintenance.equipment"].search([("life_state", "=", "in_use")])
    print(f"{len(assets):,} assets in use, monthly maintenance for twelve months.\n")
    print("| case | rows | seconds | rows/s | queries |")
    print("|---|---|---|---|---|", flush=True)
    today = env.company._today()
    horizon = today.replace(year=today.year + 1) - timedelta(days=1)
    rules = env["ttcs.maintenance.rule"]
    rules.search([]).active = False
    task = env["ttcs.maintenance.task"].create({"name": "Bảo dưỡng", "duration": 0.5})
    units = top_units(env)
    common = {"task_id": task.id, "anchor": today, "on_days_off": "next"}
    for_families = rules.create(
        [
            {**common, "target": "family", "family": family, "unit_id": unit.id}
            for family in ("station", "cluster", "board", "component")
            for unit in units
        ]
    )
    expand(env, "a year, by rules for families", horizon)
    expand(env, "again: nothing to do", horizon)
    join(env, assets, horizon)
    for_families.active = False
    expand(env, "taking a year back: the rules are archived", horizon)
    rules.create(
        [
            {
                **common,
                "target": "asset",
                "equipment_id": asset.id,
                "unit_id": asset.unit_id.id,
            }
            for asset in assets
            if asset.unit_id
        ]
    )
    expand(env, "a year, by one rule for each asset", horizon)
    expand(env, "again: nothing to do", horizon)
    occurrences = env["ttcs.maintenance.occurrence"]
    show(env, "opening orders, in chunks of 500", lambda: open_orders(occurrences, ORDERS))
    by_core(env, assets)


def top_units(env: Environment):
    """The largest places that assets stand in."""
    units = env["maintenance.equipment"].search([]).unit_id
    tops = {int(unit.parent_path.split("/")[0]) for unit in units}
    return env["ttcs.unit"].browse(sorted(tops))


def expand(env: Environment, title: str, horizon) -> None:
    show(env, title, lambda: env["ttcs.maintenance.rule"]._expand(horizon))


def join(env: Environment, assets, horizon) -> None:
    """One asset more: it gets its year at the next run."""
    assets[0].copy({"code": False})
    expand(env, "one asset more", horizon)


def open_orders(occurrences, wanted: int) -> int:
    total = 0
    while total < wanted and (opened := occurrences._open_chunk()):
        total += opened
    return total


def by_core(env: Environment, assets) -> None:
    """The same orders by Odoo's own batch creation, with its defaults."""
    assets = assets[:200]
    values = [
        {
            "name": asset.name,
            "equipment_id": asset.id,
            "maintenance_type": "preventive",
            "schedule_date": "2027-01-04 01:00:00",
        }
        for asset in assets
    ]
    orders = env["maintenance.request"].with_context(tracking_disable=False)
    show(
        env, "the same by a plain create of the suite's orders", lambda: len(orders.create(values))
    )


def show(env: Environment, title: str, action: Callable[[], int]) -> None:
    """Run an action with cold ORM caches and print what it took."""
    env.flush_all()
    env.invalidate_all()
    before, started = env.cr.sql_log_count, time.perf_counter()
    rows = action()
    env.flush_all()
    seconds = time.perf_counter() - started
    queries = env.cr.sql_log_count - before
    rate = f"{rows / seconds:,.0f}" if rows else "-"
    print(f"| {title} | {rows:,} | {seconds:.2f} | {rate} | {queries:,} |", flush=True)


if __name__ == "__main__":
    main()
