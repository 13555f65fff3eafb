"""What a phone in the field costs the server: its area, and a day's actions in one request.

    make bench ARGS=field

Everything is rolled back.  The baseline closes as many work orders one by one as the office
screens do, in memory already and without the transport, the ledger and a savepoint for each.
"""

from __future__ import annotations

import gzip
import json
import time
import uuid

import _target

from odoo import SUPERUSER_ID, api

ACTIONS = 200


def technician(root: api.Environment) -> api.Environment:
    """A new technician of the commune with the most assets."""
    [(commune, _count), *_rest] = root["maintenance.equipment"]._read_group(
        [("commune_id", "!=", False)], ["commune_id"], ["__count"], order="__count desc", limit=1
    )
    agency = root["ttcs.agency"].search([("unit_id", "=", commune.id)], limit=1)
    user = root["res.users"].create({"name": "Đo tốc độ", "login": "do-toc-do@ttcs.example"})
    person = root["ttcs.person"].create({"name": user.name, "user_id": user.id})
    root["ttcs.assignment"].create(
        {
            "person_id": person.id,
            "agency_id": agency.id,
            "position_id": root.ref("ttcs_base.ttcs_position_station_operator").id,
            "duty_ids": root["ttcs.duty"].search([("code", "=", "maintenance")]).ids,
            "valid_from": "2025-07-01",
        }
    )
    return root(user=user.id, context={"lang": "vi_VN", "tz": "Asia/Ho_Chi_Minh"})


def timed(title: str, count: int, call) -> None:
    started = time.perf_counter()
    note = call()
    seconds = time.perf_counter() - started
    print(f"| {title} | {count:,} | {seconds:.2f} | {note or ''} |", flush=True)


def area(env: api.Environment) -> str:
    body = json.dumps(env["ttcs.field.area"]._area(), ensure_ascii=False).encode()
    return f"{len(body) / 1024:.0f} kB, {len(gzip.compress(body, 5)) / 1024:.0f} kB with gzip"


def receive(env: api.Environment, kind: str, payloads: list[dict]) -> str:
    entries = [
        {"uuid": str(uuid.uuid4()), "kind": kind, "payload": payload} for payload in payloads
    ]
    verdicts = env["ttcs.field.action"]._receive(entries, None, lambda _field: None)
    env.flush_all()
    done = sum(verdict["verdict"] == "done" for verdict in verdicts.values())
    return f"{done} done"


def main() -> None:
    with _target.registry(_target.PROVINCE).cursor() as cursor:
        root = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
        env = technician(root)
        assets = env["maintenance.equipment"].search([])
        some = [assets[number % len(assets)].id for number in range(ACTIONS)]
        print("## A phone in the field\n\n| Case | Items | Seconds | |\n|---|--:|--:|---|")
        timed("Area of the largest commune", len(assets), lambda: area(env))
        faults = [{"asset": one, "text": "Loa rè", "severity": "minor"} for one in some]
        timed("Fault reports", ACTIONS, lambda: receive(env, "report_fault", faults))
        seen = [{"asset": one, "condition": "good"} for one in some]
        timed("Conditions", ACTIONS, lambda: receive(env, "set_condition", seen))
        orders = env["maintenance.request"].search(
            [("closed_at", "=", False)], limit=2 * ACTIONS, order="id desc"
        )
        ours, others = orders[: len(orders) // 2], orders[len(orders) // 2 :]
        closings = [{"order": one.id, "result": "repaired"} for one in ours]
        timed("Work orders closed", len(ours), lambda: receive(env, "close_order", closings))
        timed("Baseline: closed one by one", len(others), lambda: close_one_by_one(others))
        cursor.rollback()
    _target.print_peak_memory()


def close_one_by_one(orders) -> None:
    stage = orders.env["maintenance.stage"].search([("done", "=", True)], limit=1)
    for order in orders:
        order.write({"result": "repaired", "stage_id": stage.id})
        order.env.flush_all()


if __name__ == "__main__":
    main()
