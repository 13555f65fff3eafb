"""The work orders of the last eighteen months: most closed, some open, some overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from . import trouble
from .assets import REFORM, Asset
from .faults import OF_BOARDS, OF_CLUSTERS, OF_STATIONS, PREVENTIVE, Fault

DAYS = 548
CLOSED, OPEN, OVERDUE = 1_380, 120, 30
# Long enough before today that what took two weeks was closed yesterday.
LATEST_CLOSED = 17
SHARE_PREVENTIVE = 0.25
SHARE_CLOSED_LATE = 0.12
SHARE_OF_TECHNICIAN = 0.6
REPORTERS = (("officer", 46), ("citizen", 26), ("technician", 22), ("device", 6))
RESULTS = (("repaired", 88), ("no_fault", 12))
PRIORITIES = (("0", 20), ("1", 50), ("2", 22), ("3", 8))
DAYS_BY_PRIORITY = {"0": 15, "1": 10, "2": 5, "3": 2}
SIX_FAULTS_DAYS_AGO = (331, 262, 199, 121, 64, 4)


@dataclass(frozen=True)
class Order:
    """A work order; names as in ``maintenance.request``, times in UTC.

    ``stage`` is new, progress or done.  Those of the technician are assigned to and closed by
    the demo's technician, others by the asset manager.
    """

    asset_key: str
    name: str
    maintenance_type: str
    priority: str
    reported_by: str
    reported_at: datetime
    due_date: date
    stage: str
    is_technicians: bool
    description: str = ""
    result: str = ""
    resolution: str = ""
    closed_at: datetime | None = None


def plan_orders(assets: Sequence[Asset], today: date) -> tuple[Order, ...]:
    """All work orders in the order in which they were reported."""
    by_name = {asset.name: asset for asset in assets}
    orders = [
        *_closed_orders(assets, today),
        *_open_orders(assets, by_name, today),
        *_six_faults(by_name[trouble.SIX_FAULTS], today),
    ]
    return tuple(sorted(orders, key=lambda order: (order.reported_at, order.asset_key)))


def _closed_orders(assets: Sequence[Asset], today: date) -> list[Order]:
    random = Random("closed work orders")
    count = CLOSED - len(SIX_FAULTS_DAYS_AGO) + 1
    last = today - timedelta(days=LATEST_CLOSED)
    eligible = [
        asset
        for asset in assets
        if _is_served(asset) and (asset.in_use_date is None or asset.in_use_date < last)
    ]
    orders = []
    for asset in random.choices(eligible, weights=[_weight(a) for a in eligible], k=count):
        first = max(today - timedelta(days=DAYS), asset.in_use_date or REFORM)
        day = first + timedelta(days=random.randint(0, (last - first).days))
        orders.append(_closed(random, _reported(random, asset, day), asset))
    return orders


def _is_served(asset: Asset) -> bool:
    return asset.category in ("station", "cluster", "board") and asset.life_state == "in_use"


def _weight(asset: Asset) -> int:
    """Broken things and boards come back more often."""
    return {"station": 2, "board": 6}.get(asset.category, 1) + (asset.condition != "good")


def _drawn(random: Random, choices: Sequence[tuple[str, int]]) -> str:
    return random.choices([name for name, _ in choices], weights=[w for _, w in choices])[0]


def _fault(random: Random, asset: Asset) -> Fault:
    known = {"station": OF_STATIONS, "board": OF_BOARDS}.get(asset.category, OF_CLUSTERS)
    possible = [f for f in known if not f.technologies or asset.technology in f.technologies]
    return random.choices(possible, weights=[fault.weight for fault in possible])[0]


def _reported(random: Random, asset: Asset, day: date) -> Order:
    """A new work order of that day; its name starts with the subject of a fault."""
    is_preventive = random.random() < SHARE_PREVENTIVE
    fault = PREVENTIVE if is_preventive else _fault(random, asset)
    reporter = "officer" if is_preventive else _drawn(random, REPORTERS)
    if reporter == "device" and asset.connection == "unmonitored":
        reporter = "citizen"
    priority = "0" if is_preventive else _drawn(random, PRIORITIES)
    return Order(
        asset_key=asset.key,
        name=f"{fault.subject}: {asset.name}",
        maintenance_type="preventive" if is_preventive else "corrective",
        priority=priority,
        reported_by=reporter,
        reported_at=datetime.combine(day, time(random.randint(0, 10), random.randint(0, 59))),
        due_date=day + timedelta(days=DAYS_BY_PRIORITY[priority]),
        stage="new",
        is_technicians=random.random() < SHARE_OF_TECHNICIAN,
    )


def _closed(random: Random, order: Order, asset: Asset) -> Order:
    """The order with what was found; in time, or some days late, but never tomorrow."""
    fault = next(
        fault
        for fault in (PREVENTIVE, *OF_CLUSTERS, *OF_STATIONS, *OF_BOARDS)
        if order.name.startswith(f"{fault.subject}: ")
    )
    result = _drawn(random, RESULTS)
    if asset.condition == "degraded" and random.random() < 0.6:
        result = "partly"
    elif asset.condition in ("broken", "stopped") and random.random() < 0.35:
        result = "not_repairable"
    is_preventive = order.maintenance_type == "preventive"
    if is_preventive and result in ("repaired", "no_fault", "not_repairable"):
        result = "maintained"
    notes = {
        "repaired": random.choice(fault.repaired),
        "maintained": random.choice(fault.repaired),
        "partly": fault.partly,
        "no_fault": fault.no_fault,
        "not_repairable": fault.not_repairable,
    }
    allowed = (order.due_date - order.reported_at.date()).days
    days = random.randint(0, max(allowed - 1, 0))
    if random.random() < SHARE_CLOSED_LATE:
        days = min(allowed + random.randint(1, 9), 12)
    minutes = random.randint(25, 200)
    return replace(
        order,
        stage="done",
        result=result,
        resolution=notes[result],
        closed_at=order.reported_at + timedelta(days=days, minutes=minutes),
    )


def _open_orders(assets: Sequence[Asset], by_name: dict[str, Asset], today: date) -> list[Order]:
    """Those in time, those overdue, and the disputed loudspeaker; 120 with the sixth fault."""
    random = Random("open work orders")
    faulty = [a for a in assets if _is_served(a) and a.condition != "good"]
    faulty = [a for a in faulty if a.name not in trouble.NAMED]
    chosen = random.sample(faulty, OPEN - 3)
    orders = []
    for number, asset in enumerate(chosen):
        is_overdue = number < OVERDUE - 1
        order = _reported(random, asset, today)
        allowed = (order.due_date - today).days
        days_ago = (
            allowed + min(random.randint(3, 45) * random.randint(1, 4), 170)
            if is_overdue
            else random.randint(0, allowed)
        )
        orders.append(_moved_back(order, days_ago))
    return [*map(_in_progress, orders), _longest_overdue(by_name, today), _dispute(by_name, today)]


def _moved_back(order: Order, days: int) -> Order:
    # One day more: the hours of this day may still lie ahead.
    days = max(days, 1)
    return replace(
        order,
        reported_at=order.reported_at - timedelta(days=days),
        due_date=max(order.due_date - timedelta(days=days), date.min),
    )


def _in_progress(order: Order) -> Order:
    """Whatever the technician has taken on is in progress."""
    return replace(order, stage="progress") if order.is_technicians else order


def _longest_overdue(by_name: dict[str, Asset], today: date) -> Order:
    day = today - timedelta(days=236)
    return Order(
        asset_key=by_name[trouble.OVERDUE_LONGEST].key,
        name=f"Mất tiếng, đã nhắc ba lần: {trouble.OVERDUE_LONGEST}",
        maintenance_type="corrective",
        priority="3",
        reported_by="citizen",
        reported_at=datetime.combine(day, time(1, 15)),
        due_date=day + timedelta(days=DAYS_BY_PRIORITY["3"]),
        stage="progress",
        is_technicians=True,
        description="Tiểu thương chợ phản ánh lần thứ ba; chờ bộ thu thay thế từ nhà cung cấp.",
    )


def _dispute(by_name: dict[str, Asset], today: date) -> Order:
    day = today - timedelta(days=9)
    return Order(
        asset_key=by_name[trouble.DISPUTED].key,
        name=f"Tranh chấp quản lý: {trouble.DISPUTED}",
        maintenance_type="corrective",
        priority="2",
        reported_by="officer",
        reported_at=datetime.combine(day, time(3, 40)),
        due_date=today + timedelta(days=12),
        stage="new",
        is_technicians=False,
        description=(
            f"Xã {trouble.CLAIMANT} cho rằng cụm loa này thuộc phần địa bàn Phú Thuận B được "
            "nhập về xã mình và đã dán tem riêng; xã Long Phú Thuận đang quản lý, sử dụng. "
            "Đề nghị Sở xác định đơn vị quản lý."
        ),
    )


def _six_faults(asset: Asset, today: date) -> list[Order]:
    random = Random("six faults")
    orders = []
    for days_ago in SIX_FAULTS_DAYS_AGO:
        order = _reported(random, asset, today - timedelta(days=days_ago))
        order = replace(
            order,
            name=f"Mất tiếng: {asset.name}",
            maintenance_type="corrective",
            priority="2",
            due_date=order.reported_at.date() + timedelta(days=DAYS_BY_PRIORITY["2"]),
            is_technicians=True,
        )
        orders.append(_closed(random, order, replace(asset, condition="good")))
    still_open = replace(orders[-1], stage="progress", result="", resolution="", closed_at=None)
    return [*orders[:-1], still_open]
