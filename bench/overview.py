"""How quickly the overview of maintenance of a province is drawn.

    make bench ARGS=overview

Prints rows of a Markdown table: 20,000 assets with 50,000 repairs of a year, for the province and
for one commune, and as a baseline the same figures asked of the ORM, a statement for each commune
and figure, as dashboards put together from core's searches do.  Everything is rolled back.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import _target
from _failure_history import write_repairs
from dateutil.relativedelta import relativedelta

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Domain

MONTHS = 12


def main() -> None:
    print("## Overview of maintenance, a year of the province\n")
    with _target.registry(_target.PROVINCE).cursor() as cursor:
        measure(Environment(cursor, SUPERUSER_ID, {"tracking_disable": True}))
        cursor.rollback()
    _target.print_peak_memory()


def measure(env: Environment) -> None:
    """Print one row for each case."""
    write_repairs(env, env["maintenance.equipment"].search([]).ids)
    overview = env["ttcs.maintenance.overview"]
    communes = env["ttcs.unit"].search([("level", "=", 3), ("in_force", "=", True)])
    print("| Case | Queries | Seconds |")
    print("|---|--:|--:|", flush=True)
    show(env, "The province", lambda: overview.get_overview(MONTHS))
    show(env, "One commune", lambda: overview.get_overview(MONTHS, commune_id=communes[0].id))
    show(env, "36 months", lambda: overview.get_overview(36))
    show(env, "Baseline: a count per commune, month and figure", lambda: baseline(env, communes))


def baseline(env: Environment, communes) -> None:
    """Late orders of each commune, faults and costs of each month; no years in service."""
    orders, today = env["maintenance.request"], env.company._today()
    late = Domain("closed_at", "=", False) & Domain("due_date", "<", today)
    for commune in communes:
        for kind in ("preventive", "corrective"):
            of_kind = Domain("maintenance_type", "=", kind)
            orders.search_count(late & of_kind & Domain("commune_id", "=", commune.id))
    first = today.replace(day=1) - relativedelta(months=MONTHS - 1)
    for month in range(MONTHS):
        start = first + relativedelta(months=month)
        within = [start, start + relativedelta(months=1)]
        for field in ("reported_at", "closed_at"):
            orders.search_count([(field, ">=", within[0]), (field, "<", within[1])])
        orders._read_group(
            [("closed_at", ">=", within[0]), ("closed_at", "<", within[1])],
            aggregates=["parts_cost:sum", "labour_cost:sum", "other_cost:sum", "cost_total:sum"],
        )


def show(env: Environment, title: str, action: Callable[[], object]) -> None:
    """Run an action once with cold ORM caches, as a person does."""
    env.flush_all()
    env.invalidate_all()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    action()
    seconds = time.perf_counter() - started
    print(f"| {title} | {env.cr.sql_log_count - queries} | {seconds:.2f} |", flush=True)


if __name__ == "__main__":
    main()
