"""What the screens of the register ask of the database with 20,000 items in it.

    make bench ARGS=screens

Counts the queries of a list, a kanban, a grouped list and the map as the province's asset
manager opens them, records not in memory: in a process that has just started, which also reads
groups, rules and actions, and in one that has served somebody before.  The baseline is core's
own list of equipment on the same records, without the suite's record rules (as superuser).
"""

from __future__ import annotations

import time

import _target

from odoo import SUPERUSER_ID, api

LIST_FIELDS = {
    name: {}
    for name in ("code", "name", "in_use_date", "original_cost", "condition", "connection")
} | {name: {"fields": {"display_name": {}}} for name in ("category_id", "unit_id", "commune_id")}
CORE_FIELDS = {"name": {}, "serial_no": {}, "category_id": {"fields": {"display_name": {}}}}
IN_USE = [("life_state", "=", "in_use")]


def measured(env: api.Environment, call) -> tuple[int, int, float]:
    """Queries of a first and of a second opening, and milliseconds of the second one."""
    queries = []
    env.registry.clear_all_caches()
    for _turn in range(2):
        env.invalidate_all()
        before, started = env.cr.sql_log_count, time.perf_counter()
        call()
        milliseconds = (time.perf_counter() - started) * 1000
        queries.append(env.cr.sql_log_count - before)
    return *queries, milliseconds


def main() -> None:
    with _target.registry(_target.PROVINCE).cursor() as cursor:
        root = api.Environment(cursor, SUPERUSER_ID, {"lang": "vi_VN"})
        manager = root["res.users"].search([("login", "=", "taisan")])
        env = root(user=manager.id)
        assets, core = env["maintenance.equipment"], root["maintenance.equipment"]
        total = core.search_count([])
        cases = {
            "List, 80 of a page": lambda: assets.web_search_read(IN_USE, LIST_FIELDS, limit=80),
            "Kanban, 40 of a page": lambda: assets.web_search_read(IN_USE, LIST_FIELDS, limit=40),
            "List grouped by commune": lambda: assets.web_read_group(
                IN_USE, ["commune_id"], ["__count", "original_cost:sum"]
            ),
            "Map, every point": lambda: assets.get_map(IN_USE),
            "Work of today": lambda: env["ttcs.today"].get_page(),
            "Baseline: core's list, superuser": lambda: core.web_search_read(
                [], CORE_FIELDS, limit=80
            ),
        }
        print(f"## Screens of the register, {total:,} items\n")
        print("| Screen | Queries, just started | Queries | Milliseconds |")
        print("|---|--:|--:|--:|")
        for title, call in cases.items():
            first, then, milliseconds = measured(env, call)
            print(f"| {title} | {first} | {then} | {milliseconds:.0f} |")
    _target.print_peak_memory()


if __name__ == "__main__":
    main()
