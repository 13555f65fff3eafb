"""The loudspeaker clusters of each station, spread over the hamlets it serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from .assets import (
    Asset,
    condition_of,
    connection_of,
    day_between,
    former_of,
    last_signal,
    years_later,
)
from .money import GIFT, cluster_cost, split_cost
from .places import Place, Places
from .points import scattered
from .stations import FIRST_RENEWAL, LAST_CONVERSION, LAST_START, Station

FEWEST, MOST, USUAL = 11, 25, 18
SHARE_WITH_SILENT_HAMLET = 0.28
SHARE_OF_IP_WHERE_MIXED = 0.7
SHARE_ADDED_LATER = 0.1
SHARE_OF_GIFTS = 0.03
SHARE_WITHOUT_POSITION = 0.04
SHARE_IN_HOUSE_CLUSTER = 0.6
SHARE_WITH_REMAINS = 0.2
HORN_COUNTS, HORN_WEIGHTS = (2, 3, 4), (62, 26, 12)
KM_IN_HAMLET = 0.35
LANDMARKS = (
    *("cổng chào", "nhà văn hóa", "cầu", "chợ", "trường tiểu học", "trạm y tế", "đầu lộ"),
    *("bến đò", "ngã ba", "đình", "cuối lộ", "sân bóng", "bờ kè", "trạm bơm"),
)
SITE_NOTES = (
    *("Trụ riêng 7 m", "Trụ bê tông 8,5 m", "Trụ điện hạ thế, tủ cao 2,5 m", "Trụ viễn thông"),
    *("Mái nhà văn hóa", "Trụ sắt mạ kẽm 6 m", "Trụ cờ cổng chào", "Trụ điện trung thế"),
)
REMAINS_OF_LIFE = ("stored", "awaiting_disposal", "awaiting_disposal", "disposed")


def plan_clusters(
    places: Places, stations: Sequence[Station], today: date
) -> tuple[tuple[Asset, ...], ...]:
    """The clusters of every station, in the order of the stations."""
    return tuple(_clusters(places, station, today) for station in stations)


def _clusters(places: Places, station: Station, today: date) -> tuple[Asset, ...]:
    random = Random(f"clusters of {station.former.key}")
    hamlets = [
        hamlet
        for hamlet in places.hamlets[station.former.key]
        if hamlet.valid_from <= today - timedelta(days=90)
    ]
    clusters = []
    for hamlet, count in _spread(random, hamlets, station):
        landmarks = ["", *random.sample(LANDMARKS, len(LANDMARKS))]
        house_clusters = list(places.house_clusters.get(hamlet.key, ()))
        for number in range(count):
            place = hamlet
            if house_clusters and number and random.random() < SHARE_IN_HOUSE_CLUSTER:
                place = house_clusters.pop(0)
            name = _name(place, hamlet, landmarks)
            key = f"cluster {station.former.key} {len(clusters) + 1:02d}"
            clusters.append(_cluster(random, station, key, place, name, today))
    remains = range(random.randint(1, 2)) if random.random() < SHARE_WITH_REMAINS else range(0)
    if station.profile == "ip":
        clusters += [
            _remains(random, station, number, random.choice(hamlets), today) for number in remains
        ]
    return tuple(clusters)


def _spread(random: Random, hamlets: Sequence[Place], station: Station) -> list[tuple[Place, int]]:
    """How many clusters each hamlet gets: one at least, more where more people live.

    A station without IP has a few only, and leaves hamlets without sound.
    """
    hamlets = list(hamlets)
    random.shuffle(hamlets)
    if station.converted is None:
        served = hamlets[: max(3, len(hamlets) - random.choice((0, 1, 1, 2, 3)))]
        count = len(served)
    else:
        is_one_silent = len(hamlets) > 4 and random.random() < SHARE_WITH_SILENT_HAMLET
        served = hamlets[1:] if is_one_silent else hamlets
        count = round(random.triangular(FEWEST, MOST, USUAL))
    counts = dict.fromkeys(range(len(served)), 1)
    extra = random.choices(
        range(len(served)),
        weights=[hamlet.household_count for hamlet in served],
        k=max(0, count - len(served)),
    )
    for index in extra:
        counts[index] += 1
    spread = [(served[index], number) for index, number in counts.items()]
    return sorted(spread, key=lambda pair: pair[0].key)


def _name(place: Place, hamlet: Place, landmarks: list[str]) -> str:
    if place is not hamlet:
        return f"Cụm loa {place.title}, {hamlet.title}"
    if not landmarks:
        return f"Cụm loa {hamlet.title}"
    return " ".join(filter(None, ("Cụm loa", landmarks.pop(0), hamlet.title)))


def _cluster(
    random: Random, station: Station, key: str, place: Place, name: str, today: date
) -> Asset:
    technology = station.older
    if station.profile == "ip" or (
        station.profile == "mixed" and random.random() < SHARE_OF_IP_WHERE_MIXED
    ):
        technology = "ip"
    in_use = _in_use_date(random, station, technology, today)
    make = station.make if technology == station.asset.technology else station.older_make
    condition = condition_of(random)
    horns = random.choices(HORN_COUNTS, weights=HORN_WEIGHTS)[0]
    cost = cluster_cost(random, technology, horns)
    is_gift = technology == "ip" and random.random() < SHARE_OF_GIFTS
    is_of_project = technology == station.asset.technology
    pattern = GIFT if is_gift else station.pattern if is_of_project else ()
    cluster = Asset(
        key=key,
        category="cluster",
        name=name,
        commune_key=station.former.commune_key,
        unit_key=place.key,
        former_key=former_of(station.former.key, in_use),
        parent_key=station.key,
        technology=technology,
        condition=condition,
        condition_date=today - timedelta(days=random.randint(2, 320)),
        site_note=random.choice(SITE_NOTES),
        manufacturer=make.manufacturer,
        manufactured_in=make.country,
        model=make.models["cluster"],
        horn_count=horns,
        original_cost=cost,
        shares=split_cost(cost, pattern),
        acquisition="gift" if is_gift else "purchase",
        in_use_date=in_use,
        acquisition_year=in_use.year - random.randint(0, 1),
        warranty_date=years_later(in_use, 2),
    )
    return _with_signal(random, _with_position(random, cluster, place), today)


def _in_use_date(random: Random, station: Station, technology: str, today: date) -> date:
    if technology != "ip":
        return day_between(random, max(station.started, FIRST_RENEWAL), LAST_START)
    assert station.converted is not None
    if random.random() < SHARE_ADDED_LATER:
        return day_between(
            random, station.converted, min(LAST_CONVERSION, today - timedelta(days=20))
        )
    return min(station.converted + timedelta(days=random.randint(0, 25)), today)


def _with_position(random: Random, cluster: Asset, place: Place) -> Asset:
    latitude, longitude = scattered(random, place.latitude, place.longitude, KM_IN_HAMLET)
    if random.random() < SHARE_WITHOUT_POSITION:
        return cluster
    accuracy = random.choice((3.0, 4.0, 5.0, 8.0, 12.0, 20.0))
    return replace(cluster, latitude=latitude, longitude=longitude, position_accuracy=accuracy)


def _with_signal(random: Random, cluster: Asset, today: date) -> Asset:
    if cluster.technology != "ip":
        return cluster
    connection = connection_of(random, cluster.condition)
    has_own_plan = random.random() < 0.75
    return replace(
        cluster,
        connection=connection,
        connection_date=last_signal(random, connection, today),
        sim_number=f"8984{random.randrange(10**15):015d}" if has_own_plan else "",
        sim_valid_to=today + timedelta(days=random.randint(-20, 400)) if has_own_plan else None,
    )


def _remains(random: Random, station: Station, number: int, hamlet: Place, today: date) -> Asset:
    """A cluster of the older technology that the conversion left over."""
    assert station.converted is not None
    in_use = day_between(random, max(station.started, FIRST_RENEWAL), LAST_START)
    life_state = random.choice(REMAINS_OF_LIFE)
    word = "FM" if station.older == "fm" else "có dây"
    horns = 2
    return Asset(
        key=f"remains {station.former.key} {number + 1}",
        category="cluster",
        name=f"Cụm loa {word} cũ {number + 1}, {hamlet.title}",
        commune_key=station.former.commune_key,
        unit_key=station.former.commune_key,
        former_key=former_of(station.former.key, in_use),
        parent_key=station.key,
        technology=station.older,
        condition=random.choice(("broken", "stopped")),
        condition_date=min(station.converted, today),
        life_state=life_state,
        site_note="Kho trụ sở UBND" if life_state != "disposed" else "",
        manufacturer=station.older_make.manufacturer,
        manufactured_in=station.older_make.country,
        model=station.older_make.models["cluster"],
        horn_count=horns,
        original_cost=cluster_cost(random, station.older, horns),
        in_use_date=in_use,
        acquisition_year=in_use.year,
    )
