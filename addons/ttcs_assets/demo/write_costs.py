"""Writes parts, costs, downtimes and a service contract into the demo province."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from odoo import fields
from odoo.api import Environment

from .costs import HOURLY_RATE, PARTS, cause_of, cost_of

# Of the corrective orders so many kept their asset from working until they were closed.
SHARE_DOWN = 0.6
CONTRACTOR = "Công ty TNHH Dịch vụ kỹ thuật truyền thanh (đơn vị bảo trì mẫu)"
# Priority: minutes until the answer, minutes until the repair, what they are counted in.
DEADLINES = {
    "3": (60, 1_440, "always"),
    "2": (120, 960, "working"),
    "1": (240, 2_400, "working"),
    "0": (480, 4_800, "working"),
}


def write_costs(env: Environment, province_id: int, department_id: int) -> None:
    """Give closed orders their costs, faults their downtimes and stations a contractor."""
    parts = _write_parts(env)
    orders = env["maintenance.request"].search(
        [("closed_at", "!=", False), ("result", "!=", False)], order="id"
    )
    _write_lines(env, orders, parts)
    _write_downtimes(env, orders)
    _write_contract(env, province_id, department_id)
    env.flush_all()


def _write_parts(env: Environment) -> dict[str, int]:
    kinds = env["maintenance.equipment.category"].search([])
    by_code = {kind.code: kind.id for kind in kinds}
    created = env["ttcs.spare.part"].create(
        [
            {
                "code": part.code,
                "name": part.name,
                "uom": part.uom,
                "unit_price": part.price,
                "category_ids": [(6, 0, [by_code[kind] for kind in part.kinds])],
            }
            for part in PARTS
        ]
    )
    return {part.code: part.id for part in created}


def _write_lines(env: Environment, orders, parts: dict[str, int]) -> None:
    """Costs of closed orders: they are opened for the time of writing, as corrections are."""
    closed = {order.id: order.closed_at for order in orders}
    persons = {person.user_id.id: person.id for person in env["ttcs.person"].search([])}
    fallback = env["ttcs.person"].search([("user_id", "!=", False)], limit=1).id
    costs = {
        order.id: cost_of(number, order.resolution or "") for number, order in enumerate(orders)
    }
    env.flush_all()
    env.cr.execute(
        "UPDATE maintenance_request SET closed_at = NULL WHERE id = ANY(%s)", [list(closed)]
    )
    env.invalidate_all()
    env["ttcs.order.part"].create(
        [
            {"request_id": order, "part_id": parts[code], "quantity": quantity}
            for order, cost in costs.items()
            for code, quantity in cost.parts
        ]
    )
    env["ttcs.order.labour"].create(
        [
            {
                "request_id": order.id,
                "person_id": persons.get(order.closed_by_id.id, fallback),
                "minutes": costs[order.id].minutes,
                "hourly_rate": HOURLY_RATE,
            }
            for order in orders
        ]
    )
    env.flush_all()
    env.cr.execute(
        """
        UPDATE maintenance_request request
        SET closed_at = done.closed_at, other_cost = done.other,
            cost_total = request.parts_cost + request.labour_cost + done.other,
            paid_by = CASE WHEN asset.warranty_date >= ttcs_day_of(request.reported_at)
                THEN 'warranty' ELSE done.payer END
        FROM unnest(%(ids)s::integer[], %(closed)s::timestamp[], %(others)s::numeric[],
            %(payers)s::text[]) AS done (id, closed_at, other, payer),
            maintenance_equipment asset
        WHERE request.id = done.id AND asset.id = request.equipment_id
        """,
        {
            "ids": list(closed),
            "closed": list(closed.values()),
            "others": [costs[order].other for order in closed],
            "payers": [costs[order].payer for order in closed],
        },
    )
    env.invalidate_all()


def _write_downtimes(env: Environment, orders) -> None:
    """Downtimes of repairs that are done; one asset is down once at a time."""
    downtimes = env["ttcs.downtime"]
    causes = {cause.code: cause.id for cause in env["ttcs.downtime.cause"].search([])}
    until: dict[int, datetime] = {}
    values = []
    for number, order in enumerate(orders.sorted("reported_at")):
        asset = order.equipment_id.id
        start, end = order.reported_at, order.closed_at
        random = Random(f"downtime {number}")
        is_down = order.maintenance_type == "corrective" and random.random() < SHARE_DOWN
        if not is_down or start < until.get(asset, start) or end <= start:
            continue
        until[asset] = end
        values.append(
            {
                "equipment_id": asset,
                "started_at": start,
                "ended_at": max(start, end - timedelta(minutes=random.randint(0, 30))),
                "cause_id": causes[cause_of(number, order.resolution or "")],
                "request_id": order.id,
            }
        )
    downtimes.create(values)
    broken = env["maintenance.request"].search(
        [
            ("closed_at", "=", False),
            ("maintenance_type", "=", "corrective"),
            ("equipment_id.condition", "=", "broken"),
        ]
    )
    broken._begin_downtimes()


def _write_contract(env: Environment, province_id: int, department_id: int) -> None:
    """A contract for all boards of the province; its orders of a year count their deadlines."""
    today = env.company._today()
    contractor = env["ttcs.agency"].create(
        {"name": CONTRACTOR, "kind": "contractor", "unit_id": province_id}
    )
    contract = env["ttcs.service.contract"].create(
        {
            "number": f"01/{today.year}/HĐ-BTSC",
            "contractor_id": contractor.id,
            "agency_id": department_id,
            "valid_from": today - timedelta(days=365),
            "valid_to": today + timedelta(days=180),
            "unit_ids": [(6, 0, [province_id])],
            "category_ids": [
                (6, 0, env.ref("ttcs_assets.maintenance_equipment_category_board").ids)
            ],
            "monthly_fee": 48_000_000,
            "penalty_percent": 0.5,
            "penalty_per": "day",
            "penalty_cap": 8,
            "line_ids": [
                (0, 0, {"priority": priority, "response_minutes": response,
                        "repair_minutes": repair, "runs": runs})
                for priority, (response, repair, runs) in DEADLINES.items()
            ],
        }
    )  # fmt: skip
    _write_deadlines(env, contract)


def _write_deadlines(env: Environment, contract) -> None:
    """Deadlines of the year's repairs of what the contract covers, answered after some hours."""
    orders = env["maintenance.request"].search(
        [
            ("category_id", "in", contract.category_ids.ids),
            ("request_date", ">=", contract.valid_from),
            ("maintenance_type", "=", "corrective"),
        ],
        order="id",
    )
    clocks = contract._clocks()
    # What is closed keeps its deadlines: it is open while they are written.
    closed = {order.id: order.closed_at for order in orders if order.closed_at}
    env.flush_all()
    env.cr.execute(
        "UPDATE maintenance_request SET closed_at = NULL WHERE id = ANY(%s)", [list(closed)]
    )
    orders.invalidate_recordset(["closed_at"])
    for order in orders:
        random = Random(f"deadline {order.name}")
        answered = order.reported_at + timedelta(minutes=random.randint(10, 600))
        order.write(
            {
                "service_contract_id": contract.id,
                "responded_at": min(answered, closed.get(order.id) or fields.Datetime.now()),
                **orders._deadlines(contract, clocks, order.priority, order.reported_at, ()),
            }
        )
    env.flush_all()
    env.cr.execute(
        """
        UPDATE maintenance_request request SET closed_at = done.closed_at
        FROM unnest(%s::integer[], %s::timestamp[]) AS done (id, closed_at)
        WHERE request.id = done.id
        """,
        [list(closed), list(closed.values())],
    )
    orders.invalidate_recordset(["closed_at"])
    orders.filtered(lambda order: order.closed_at and order.repair_due)._stop_clocks()
