"""The stations: one for each commune before the reform, each with its own past.

Most were converted to IP between 2021 and 2026; some kept FM or wire beside it, some have
nothing else yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from .assets import (
    Asset,
    Technology,
    condition_of,
    connection_of,
    day_between,
    former_of,
    last_signal,
    years_later,
)
from .makes import Make, make_of
from .money import Pattern, funding_pattern, split_cost, station_cost
from .places import FormerCommune, Places
from .points import scattered

# Share of all stations, in percent; wired ones are the rest.
PROFILE_SHARES = (("ip", 64), ("mixed", 15), ("fm", 15))
OLDER_TECHNOLOGIES = (("fm", 75), ("wired", 25))
CONVERSION_YEARS = (2021, 2022, 2023, 2024, 2025, 2026)
CONVERSION_WEIGHTS = (10, 20, 23, 22, 15, 10)
LAST_CONVERSION = date(2026, 10, 15)
FIRST_START, LAST_START = date(2005, 3, 1), date(2019, 11, 30)
FIRST_RENEWAL = date(2012, 4, 1)
SHARE_WITH_SOURCES = 0.65
LICENCE_YEARS = 5
FM_BAND_TO_KEEP = (88.0, 107.5)
FM_BAND_OF_OLD = (54.0, 68.0)
KM_FROM_CENTRE = 0.7


@dataclass(frozen=True)
class Station:
    """A station and what its clusters take after it.

    ``profile`` is ip, mixed, fm or wired; ``older`` the technology before or beside IP.
    """

    asset: Asset
    former: FormerCommune
    profile: str
    older: str
    started: date
    converted: date | None
    technologies: tuple[Technology, ...]
    pattern: Pattern
    make: Make
    older_make: Make

    @property
    def key(self) -> str:
        return self.asset.key


def plan_stations(places: Places, today: date) -> tuple[Station, ...]:
    """One station for each former commune, standing in the commune of today."""
    profiles = _profiles(len(places.former_communes))
    stations = [
        _station(former, profile, today)
        for former, profile in zip(places.former_communes, profiles, strict=True)
    ]
    oldest_fm = next(station for station in stations if station.profile == "fm")
    index = stations.index(oldest_fm)
    stations[index] = replace(
        oldest_fm,
        technologies=(replace(oldest_fm.technologies[0], frequency_mhz=62.5),),
    )
    return tuple(stations)


def _profiles(count: int) -> list[str]:
    profiles: list[str] = []
    for profile, percent in PROFILE_SHARES:
        profiles += [profile] * round(count * percent / 100)
    profiles += ["wired"] * (count - len(profiles))
    Random("profiles of stations").shuffle(profiles)
    return profiles


def _station(former: FormerCommune, profile: str, today: date) -> Station:
    random = Random(f"station of {former.key}")
    older = profile if profile in ("fm", "wired") else _drawn(random, OLDER_TECHNOLOGIES)
    started = day_between(random, FIRST_START, LAST_START)
    converted = _conversion(random, today) if profile in ("ip", "mixed") else None
    current = "ip" if converted else older
    make, older_make = make_of(random, current), make_of(random, older)
    in_use = converted or day_between(random, max(started, FIRST_RENEWAL), LAST_START)
    pattern: Pattern = ()
    if random.random() < SHARE_WITH_SOURCES:
        pattern = funding_pattern(random, in_use)
    asset = _station_asset(random, former, current, make, in_use, today)
    return Station(
        asset=replace(asset, shares=split_cost(asset.original_cost, pattern)),
        former=former,
        profile=profile,
        older=older,
        started=started,
        converted=converted,
        technologies=_technologies(random, asset.key, profile, older, started, converted, today),
        pattern=pattern,
        make=make,
        older_make=older_make,
    )


def _drawn(random: Random, choices: tuple[tuple[str, int], ...]) -> str:
    return random.choices([name for name, _ in choices], weights=[w for _, w in choices])[0]


def _conversion(random: Random, today: date) -> date:
    year = random.choices(CONVERSION_YEARS, weights=CONVERSION_WEIGHTS)[0]
    day = day_between(random, date(year, 3, 1), date(year, 12, 20))
    return min(day, LAST_CONVERSION, today - timedelta(days=30))


def _station_asset(
    random: Random, former: FormerCommune, current: str, make: Make, in_use: date, today: date
) -> Asset:
    condition = condition_of(random)
    connection = connection_of(random, condition) if current == "ip" else "unmonitored"
    latitude, longitude = scattered(random, former.latitude, former.longitude, KM_FROM_CENTRE)
    return Asset(
        key=f"station {former.key}",
        category="station",
        name=f"Đài truyền thanh {former.title}",
        commune_key=former.commune_key,
        unit_key=former.commune_key,
        former_key=former_of(former.key, in_use),
        technology=current,
        condition=condition,
        condition_date=today - timedelta(days=random.randint(3, 300)),
        connection=connection,
        connection_date=None if current != "ip" else last_signal(random, connection, today),
        latitude=latitude,
        longitude=longitude,
        position_accuracy=random.choice((4.0, 5.0, 8.0)),
        site_note=random.choice(
            (
                f"Phòng máy, trụ sở UBND {former.title} cũ",
                f"Phòng truyền thanh, nhà văn hóa {former.title}",
                "Phòng máy tầng trệt, trụ sở UBND",
            )
        ),
        manufacturer=make.manufacturer,
        manufactured_in=make.country,
        model=make.models["station"],
        original_cost=station_cost(random, current),
        acquisition="construction" if random.random() < 0.2 else "purchase",
        in_use_date=in_use,
        acquisition_year=in_use.year - random.randint(0, 1),
        warranty_date=years_later(in_use, random.choice((2, 3))),
    )


def _technologies(
    random: Random,
    key: str,
    profile: str,
    older: str,
    started: date,
    converted: date | None,
    today: date,
) -> tuple[Technology, ...]:
    before = Technology(key, older, valid_from=started)
    if profile == "ip":
        assert converted is not None
        before = replace(before, valid_to=converted - timedelta(days=1))
    if older == "fm":
        before = _licensed(random, before, today)
    if converted is None:
        return (before,)
    return (before, Technology(key, "ip", valid_from=converted))


def _licensed(random: Random, line: Technology, today: date) -> Technology:
    """With frequency and licence; one in use expires any day from last month on."""
    frequency = round(random.uniform(*FM_BAND_TO_KEEP), 1)
    expiry = line.valid_to or today + timedelta(days=random.randint(-30, LICENCE_YEARS * 280))
    return replace(
        line,
        frequency_mhz=frequency,
        licence_number=f"{random.randint(110_000, 389_999)}/GP",
        licence_valid_to=expiry,
    )
