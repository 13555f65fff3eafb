"""How long the reform of 01/07/2025 takes to hand assets over, beside writing record by record.

    make bench ARGS=reform

Nothing stays in the database.  For each number of assets Đồng Tháp is loaded (305 communes of
the old map), assets, tags, work orders and users are placed there as of 30/06/2025, and the
reform is run: its queries and seconds are printed.  The baseline
writes the new place of a sample with the ORM, one record after the other as a screen would; it is
linear, so it is extrapolated.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import date

import _target

from odoo import api

PROVINCE = "82"
LAST_OLD_DAY = date(2025, 6, 30)
REFORM = date(2025, 7, 1)
SAMPLE = 200
BATCH = 1000
ADMINISTRATOR = 2
ASSETS = (2_000, 20_000)
USERS = 300


def place_assets(env: api.Environment, count: int) -> None:
    """Clusters in turn in every commune of the old map, one in ten of them at a hamlet."""
    old = env["ttcs.unit"].search([("level", "=", 3), ("valid_to", "=", LAST_OLD_DAY)])
    hamlets = env["ttcs.unit"].create(
        [
            {
                "name": "1",
                "kind_id": env.ref("ttcs_base.ttcs_unit_kind_hamlet").id,
                "parent_id": unit.id,
                "valid_from": unit.valid_from,
                "valid_to": LAST_OLD_DAY,
            }
            for unit in old
        ]
    )
    committees = {
        agency.unit_id: agency
        for agency in env["ttcs.agency"].search([("unit_id", "in", old.ids)])
    }
    kind = env.ref("ttcs_assets.maintenance_equipment_category_cluster")
    places = [(unit, unit) for unit in old for _repeat in range(9)]
    places += list(zip(hamlets, old, strict=True))
    copies = Counter(places[number % len(places)] for number in range(count))
    originals = env["maintenance.equipment"].create(
        [
            {
                "name": f"Cụm loa {unit.full_name}",
                "category_id": kind.id,
                "unit_id": unit.id,
                "agency_id": committees[commune].id,
                "in_use_date": "2022-01-01",
                "original_cost": 12_000_000,
            }
            for unit, commune in copies
        ]
    )
    env.flush_all()
    copy_assets(env, dict(zip(originals.ids, copies.values(), strict=True)))
    assets = env["maintenance.equipment"].search([("category_id", "=", kind.id)])
    for start in range(0, len(assets), BATCH):
        env["ttcs.tag"]._issue_for(assets[start : start + BATCH])
        env.flush_all()
        env.invalidate_all()
    env["maintenance.request"].create(
        [{"name": "Hỏng", "equipment_id": asset.id} for asset in assets[::20]]
    )
    env.flush_all()
    env.invalidate_all()


def copy_assets(env: api.Environment, wanted: dict[int, int]) -> None:
    """Copies of assets in one statement, placement triggers included.

    :param wanted: how many of each there shall be, the asset itself counted
    """
    env.cr.execute(
        """
        SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
        WHERE table_name = 'maintenance_equipment' AND column_name <> 'id'
        """
    )
    columns = env.cr.fetchone()[0]
    env.cr.execute(
        f"""
        INSERT INTO maintenance_equipment ({columns})
        SELECT {columns} FROM maintenance_equipment
        JOIN unnest(%s::integer[], %s::integer[]) AS wanted (original, copies)
            ON wanted.original = maintenance_equipment.id
        CROSS JOIN LATERAL generate_series(2, wanted.copies)
        """,
        [list(wanted), list(wanted.values())],
    )


def employ_users(env: api.Environment, count: int) -> None:
    """Users, each assigned to an old committee in turn."""
    committees = env["ttcs.agency"].search(
        [("kind", "=", "commune_committee"), ("valid_to", "=", LAST_OLD_DAY)]
    )
    users = env["res.users"].create(
        [{"name": f"User {n}", "login": f"user{n}@ttcs.example"} for n in range(count)]
    )
    people = env["ttcs.person"].create([{"name": user.name, "user_id": user.id} for user in users])
    duty = env.ref("ttcs_assets.ttcs_duty_assets")
    position = env.ref("ttcs_base.ttcs_position_station_operator")
    env["ttcs.assignment"].create(
        [
            {
                "person_id": person.id,
                "agency_id": committees[number % len(committees)].id,
                "position_id": position.id,
                "duty_ids": [(6, 0, duty.ids)],
                "valid_from": "2022-01-01",
            }
            for number, person in enumerate(people)
        ]
    )


def seconds_per_orm_write(env: api.Environment) -> float:
    """Writes the place that a sample's lineage gives, one record after the other; undone."""
    single = env["ttcs.unit.lineage"].search([("date", "=", REFORM), ("kind", "=", "merge")])
    successor = {edge.predecessor_id: edge.successor_id for edge in single}
    committee = {
        agency.unit_id: agency
        for agency in env["ttcs.agency"].search([("unit_id", "in", single.successor_id.ids)])
    }
    sample = env["maintenance.equipment"].search(
        [("unit_id", "in", [unit.id for unit in successor])], limit=SAMPLE
    )
    env.invalidate_all()
    started = time.perf_counter()
    for asset in sample:
        unit = successor[asset.unit_id]
        asset.write({"unit_id": unit.id, "agency_id": committee[unit].id})
        orders = asset.maintenance_ids.filtered(lambda order: not order.closed_at)
        orders.write({"unit_id": unit.id, "agency_id": committee[unit].id})
        env.flush_all()
    return (time.perf_counter() - started) / len(sample)


def measure(env: api.Environment, assets: int, users: int) -> str:
    env["ttcs.province.load"]._load(PROVINCE)
    quiet = env["base"].with_context(tracking_disable=True, mail_create_nolog=True).env
    place_assets(quiet, assets)
    employ_users(quiet, users)
    env.flush_all()
    env.cr.execute("ANALYZE")
    attempt = env.cr.savepoint()
    each = seconds_per_orm_write(env)
    attempt.close(rollback=True)
    env.invalidate_all()
    reform = env["ttcs.reform"].create({"name": "Reform", "date": REFORM})
    reform.flush_recordset()
    before, started = env.cr.sql_log_count, time.perf_counter()
    reform._run()
    env.flush_all()
    seconds, queries = time.perf_counter() - started, env.cr.sql_log_count - before
    env.invalidate_all()
    communes = env["ttcs.unit"].search_count([("level", "=", 3), ("valid_to", "=", LAST_OLD_DAY)])
    started = time.perf_counter()
    before = env.cr.sql_log_count
    reform._run()
    env.flush_all()
    again, queries_again = time.perf_counter() - started, env.cr.sql_log_count - before
    return (
        f"| {communes} | {assets:,} | {users} | {reform.move_count:,} | "
        f"{reform.open_question_count:,} | {queries} | {seconds:.1f} | {queries_again} | "
        f"{again:.1f} | {each * assets:.0f} |"
    )


def main() -> None:
    print("## Reform of 01/07/2025\n")
    print(
        "| old communes | assets | users | moved | asked | queries | seconds | queries again |"
        f" seconds again | ORM, one by one (from {SAMPLE}), seconds |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for assets in ASSETS:
        with _target.registry(_target.EMPTY).cursor() as cursor:
            env = api.Environment(cursor, ADMINISTRATOR, {})
            print(measure(env, assets, USERS), flush=True)
            cursor.rollback()
        _target.registry(_target.EMPTY).clear_all_caches()
    _target.print_peak_memory()


if __name__ == "__main__":
    main()
