"""The parts that are listed by themselves: with serial numbers, some bought later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice
from random import Random

from .assets import Asset, day_between, former_of, years_later
from .makes import COMMON_MODELS
from .money import funding_pattern, part_cost, split_cost
from .stations import LAST_CONVERSION, Station

NAMES = {
    "receiver": "Bộ thu",
    "amplifier": "Ampli",
    "horn": "Loa phóng thanh",
    "sim": "SIM 4G",
    "pole": "Trụ loa",
    "power": "Bộ nguồn",
    "microphone": "Micrô phòng thu",
    "production": "Bộ trộn âm thanh",
}
OF_STATIONS = ("production", "microphone")
OF_CLUSTERS = ("receiver", "amplifier", "sim")
# Listed only in a larger register, once every cluster has those above.
RARELY_LISTED = ("power", "pole", "horn")
FIRST_IP = date(2021, 1, 1)
SHARE_OF_STATIONS = 0.35
SHARE_BOUGHT_LATER = 0.3


def plan_parts(
    stations: Sequence[Station], clusters: Sequence[Asset], count: int, today: date
) -> tuple[Asset, ...]:
    """``count`` parts of stations and of clusters with IP; fewer when there are no more.

    A part delivered with its cluster has no cost of its own: the cluster's holds it.
    """
    random = Random("parts")
    owners = [station.asset for station in stations if station.converted]
    some = random.sample(owners, round(len(owners) * SHARE_OF_STATIONS))
    wanted = [(owner, category) for owner in some for category in OF_STATIONS]
    watched = [cluster for cluster in clusters if _is_listed_in_parts(cluster)]
    random.shuffle(watched)
    makes = {station.key: station.make.models for station in stations}
    wanted += [(owner, category) for owner in watched for category in OF_CLUSTERS]
    wanted += [
        (owner, category)
        for owner in watched
        for category in RARELY_LISTED
        for _ in range(owner.horn_count if category == "horn" else 1)
    ]
    return tuple(
        _part(owner, category, number, makes, today)
        for number, (owner, category) in enumerate(islice(wanted, count), start=1)
    )


def _is_listed_in_parts(cluster: Asset) -> bool:
    """In use, with IP, and its date known and believable."""
    is_dated = cluster.in_use_date is not None and cluster.in_use_date >= FIRST_IP
    return cluster.technology == "ip" and cluster.life_state == "in_use" and is_dated


def _part(
    owner: Asset, category: str, number: int, makes: dict[str, dict[str, str]], today: date
) -> Asset:
    random = Random(f"part {number} {category} of {owner.key}")
    in_use = owner.in_use_date
    assert in_use is not None
    cost, pattern = 0, ()
    if random.random() < SHARE_BOUGHT_LATER:
        in_use = min(
            day_between(random, in_use + timedelta(days=120), LAST_CONVERSION),
            today - timedelta(days=10),
        )
        cost = part_cost(random, category)
        pattern = funding_pattern(random, in_use)
    models = makes[owner.parent_key or owner.key]
    return Asset(
        key=f"part {number} {category} of {owner.key}",
        category=category,
        name=f"{NAMES[category]}, {owner.name[0].lower()}{owner.name[1:]}",
        commune_key=owner.commune_key,
        unit_key=owner.unit_key,
        former_key=former_of(owner.former_key, in_use) if owner.former_key else None,
        parent_key=owner.key,
        condition="good" if owner.condition == "good" else random.choice(("good", "broken")),
        condition_date=owner.condition_date,
        latitude=owner.latitude,
        longitude=owner.longitude,
        position_accuracy=owner.position_accuracy,
        manufacturer=owner.manufacturer if category in models else "",
        manufactured_in=owner.manufactured_in,
        model=models.get(category) or COMMON_MODELS[category],
        sim_valid_to=owner.sim_valid_to if category == "sim" else None,
        original_cost=cost,
        shares=split_cost(cost, pattern),
        in_use_date=in_use,
        acquisition_year=in_use.year,
        warranty_date=years_later(in_use, 1 if cost else 2),
    )
