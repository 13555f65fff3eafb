"""The whole demo province as plain values: the same every time, without a database.

Every subject draws from its own seeded source, so that a change of one leaves the others as
they are.  The only things that differ between two installations are passwords and the codes
of tags, which are no part of the plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from odoo.addons.ttcs_base.province_data import ProvinceTable

from . import trouble
from .assets import Asset, Technology
from .boards import plan_boards
from .clusters import plan_clusters
from .orders import Order, plan_orders
from .parts import plan_parts
from .people import Staff, plan_staff
from .places import Places, plan_places
from .register import numbered
from .stations import plan_stations
from .tags import Tag, plan_tags, revoked_with_asset

USUAL_SCALE = 6_200


@dataclass(frozen=True)
class Plan:
    """What will be written, parents before parts."""

    places: Places
    staff: Staff
    assets: tuple[Asset, ...]
    technologies: tuple[Technology, ...]
    tags: tuple[Tag, ...]
    orders: tuple[Order, ...]


def plan_province(table: ProvinceTable, today: date, scale: int = USUAL_SCALE) -> Plan:
    """Plan the demo for a province with its history.

    :param scale: how many items the register shall hold; a larger one lists more parts of the
        same clusters, up to about 30,000 items
    """
    places = trouble.with_new_hamlet(plan_places(table), today)
    stations = plan_stations(places, today)
    clusters = [cluster for group in plan_clusters(places, stations, today) for cluster in group]
    station_assets, clusters = trouble.with_bad_cases(
        places, [station.asset for station in stations], clusters, today
    )
    boards = plan_boards(places, today)
    count = scale - len(station_assets) - len(clusters) - len(boards)
    parts = plan_parts(stations, clusters, max(count, 0), today)
    assets = numbered((*station_assets, *clusters, *boards, *parts), places.communes)
    disposed = next(asset for asset in assets if asset.name == trouble.DISPOSED)
    return Plan(
        places=places,
        staff=plan_staff(places.communes),
        assets=assets,
        technologies=tuple(line for station in stations for line in station.technologies),
        tags=(*plan_tags(assets, today), revoked_with_asset(disposed)),
        orders=plan_orders(assets, today),
    )


def fingerprint(plan: Plan) -> str:
    """A hash over every value of the plan, in its order."""
    digest = hashlib.sha256()
    for text in _texts(plan):
        digest.update(text.encode())
    return digest.hexdigest()


def _texts(plan: Plan) -> Iterator[str]:
    for field in fields(plan):
        yield f"{field.name}={getattr(plan, field.name)!r}\n"
