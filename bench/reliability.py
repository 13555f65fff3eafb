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
from _failure_history import DOWNTIMES, write_downtimes, write_repairs

from odoo.api import SUPERUSER_ID, Environment


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


def show(env: Environment, title: str, action: Callable[[], int]) -> None:
    """Run an action once with cold ORM caches, as a person does."""
    env.flush_all()
    env.invalidate_all()
    started = time.perf_counter()
    rows = action()
    print(f"| {title} | {rows:,} | {time.perf_counter() - started:.2f} |", flush=True)


if __name__ == "__main__":
    main()
