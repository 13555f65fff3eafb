"""How quickly an inventory round opens over a province, and is reconciled.

    make bench ARGS=inventory

Prints rows of a Markdown table: the opening of a round (sheets and lines by value), a tick of
everything, the reconciliation, and as a baseline the same lines made by the ORM's batch create
from records read through it.  Everything is rolled back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import _target

from odoo.api import SUPERUSER_ID, Environment

# The baseline is measured on so many and shown per thousand as well.
SAMPLE = 2_000


def main() -> None:
    print("## Inventory of the province\n")
    with _target.registry(_target.PROVINCE).cursor() as cursor:
        measure(Environment(cursor, SUPERUSER_ID, {"tracking_disable": True}))
        cursor.rollback()
    _target.print_peak_memory()


def measure(env: Environment) -> None:
    """Print one row for each case."""
    inventory = make_inventory(env)
    print("| case | assets | seconds | queries | assets/s |")
    print("|---|--:|--:|--:|--:|", flush=True)
    show(env, "opening the round", inventory.action_open, lambda: inventory.line_count)
    lines = env["ttcs.inventory.line"].search([("inventory_id", "=", inventory.id)])
    total = len(lines)
    show(env, "reconciling books and count", inventory.action_reconcile, lambda: total)
    show(env, "ticking all as found", lines.action_found, lambda: total)
    show(env, "reconciling once more", inventory.action_reconcile, lambda: total)
    by_orm(env, inventory, lines[:SAMPLE])
    sheets = inventory.sheet_ids
    show(env, "closing the counting of all sheets", sheets.action_close_counting, lambda: total)
    different = lines.search([("inventory_id", "=", inventory.id), ("is_unexplained", "=", True)])
    different.write({"explanation": "Đã kiểm tra", "proposal": "repair"})
    inventory.conclusion = "Đã kiểm kê xong."
    show(env, "closing the round: snapshots, three files", inventory.action_close, lambda: total)


def make_inventory(env: Environment):
    """A round over the whole province, frozen today."""
    committees = env["ttcs.agency"].search([("kind", "=", "commune_committee")])
    current = committees.filtered(lambda agency: not agency.valid_to)
    province = env["ttcs.unit"].browse(int(current[0].unit_id.parent_path.split("/")[0]))
    agency = env["ttcs.agency"].search([("unit_id", "=", province.id)], limit=1)
    today = env.company._today()
    return env["ttcs.inventory"].create(
        {
            "name": "Đo tốc độ",
            "agency_id": agency.id,
            "unit_id": province.id,
            "freeze_date": today,
            "due_date": today + timedelta(days=30),
        }
    )


def show(
    env: Environment, title: str, action: Callable[[], object], size: Callable[[], int]
) -> None:
    """Run an action once with cold ORM caches, as a person does."""
    env.flush_all()
    env.invalidate_all()
    before, started = env.cr.sql_log_count, time.perf_counter()
    action()
    env.flush_all()
    seconds = time.perf_counter() - started
    queries = env.cr.sql_log_count - before
    assets = size()
    print(
        f"| {title} | {assets:,} | {seconds:.2f} | {queries:,} | {assets / seconds:,.0f} |",
        flush=True,
    )


def by_orm(env: Environment, inventory, lines) -> None:
    """The same lines as records: read, computed and created through the ORM; then taken back."""
    # Browsed anew: read from the lines it would be fetched one by one.
    assets = env["maintenance.equipment"].browse(lines.equipment_id.ids)
    sheets = {line.equipment_id.id: line.sheet_id for line in lines}

    def create() -> None:
        dated = assets.with_context(ttcs_as_of=inventory.freeze_date)
        env["ttcs.inventory.line"].create(
            [
                {
                    "inventory_id": other.id,
                    "sheet_id": copies[sheets[asset.id].id],
                    "equipment_id": asset.id,
                    "unit_id": sheets[asset.id].unit_id.id,
                    "agency_id": asset.agency_id.id,
                    "place_id": asset.unit_id.id,
                    "code": asset.code,
                    "ledger_code": asset.ledger_code,
                    "name": asset.name,
                    "kind": asset.category_id.name,
                    "family": asset.family,
                    "place": asset.unit_id.full_name,
                    "serial_no": asset.serial_no,
                    "custodian": asset.custodian_id.name,
                    "condition": asset.condition,
                    "in_use_date": asset.in_use_date,
                    "quantity": 1,
                    "original_cost": asset.original_cost,
                    "accumulated_depreciation": asset.accumulated_depreciation,
                    "residual_value": asset.residual_value,
                }
                for asset in dated
            ]
        )
        env.flush_all()

    other = inventory.copy({"name": "Đo bằng ORM"})
    copies = {sheet.id: sheet.copy({"inventory_id": other.id}).id for sheet in lines.sheet_id}
    with env.cr.savepoint() as savepoint:
        show(env, "baseline: the lines by the ORM's batch create", create, lambda: len(assets))
        check(env, lines, other)
        savepoint.rollback()
    env.invalidate_all()


def check(env: Environment, lines, other) -> None:
    """Both ways book the same đồng, else the times mean nothing."""
    made = env["ttcs.inventory.line"].search([("inventory_id", "=", other.id)])
    booked = {line.equipment_id.id: line.accumulated_depreciation for line in made}
    for line in lines:
        if booked[line.equipment_id.id] != line.accumulated_depreciation:
            raise SystemExit(f"{line.name}: the statement and the ORM book differently")


if __name__ == "__main__":
    main()
