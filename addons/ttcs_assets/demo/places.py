"""The places of the demo: today's communes, those they came from, hamlets, house clusters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import hypot
from random import Random

from odoo.addons.ttcs_base.province_data import ProvinceTable

from .names import hamlet_names, house_cluster_names
from .points import radius_of, scattered

COMMUNE_WORDS = {"commune": "xã", "ward": "phường", "township": "thị trấn"}
HAMLET_KINDS = {"commune": "hamlet", "ward": "urban_hamlet"}
HAMLET_WORDS = {"hamlet": "ấp", "urban_hamlet": "khóm", "residential_cluster": "cụm dân cư"}
HAMLET_COUNTS = range(4, 13)
HAMLET_WEIGHTS = (6, 12, 16, 18, 16, 13, 9, 6, 4)
# Communes are no discs: hamlets keep to the inner part, or they would stand in the next one.
USED_RADIUS = 0.8
HOUSE_CLUSTER_SHARE = 0.2
KM_BETWEEN_HOUSES = 0.6


@dataclass(frozen=True)
class Commune:
    """A commune of today; ``key`` is its external id in the shipped tables."""

    key: str
    code: str
    kind: str
    name: str
    latitude: float
    longitude: float
    area_km2: float
    valid_from: date

    @property
    def title(self) -> str:
        return f"{COMMUNE_WORDS[self.kind]} {self.name}"


@dataclass(frozen=True)
class FormerCommune:
    """A commune before the reform, with the one of today in which its station stands."""

    key: str
    kind: str
    name: str
    latitude: float
    longitude: float
    commune_key: str
    is_split: bool
    radius_km: float

    @property
    def title(self) -> str:
        return f"{COMMUNE_WORDS[self.kind]} {self.name}"


@dataclass(frozen=True)
class Place:
    """A hamlet or a cluster of houses; ``parent_key`` is its commune or its hamlet."""

    key: str
    parent_key: str
    kind: str
    name: str
    valid_from: date
    latitude: float
    longitude: float
    household_count: int
    population: int

    @property
    def title(self) -> str:
        return f"{HAMLET_WORDS[self.kind]} {self.name}"


@dataclass(frozen=True)
class Places:
    """All places; hamlets by the former commune's key, house clusters by the hamlet's key."""

    communes: tuple[Commune, ...]
    former_communes: tuple[FormerCommune, ...]
    hamlets: dict[str, tuple[Place, ...]]
    house_clusters: dict[str, tuple[Place, ...]]

    def all_hamlets(self) -> list[Place]:
        return [hamlet for hamlets in self.hamlets.values() for hamlet in hamlets]

    def all_house_clusters(self) -> list[Place]:
        return [place for places in self.house_clusters.values() for place in places]

    def commune_named(self, name: str) -> Commune:
        return next(commune for commune in self.communes if commune.name == name)

    def former_commune_named(self, name: str, commune: Commune) -> FormerCommune:
        return next(
            former
            for former in self.former_communes
            if former.name == name and former.commune_key == commune.key
        )


def plan_places(table: ProvinceTable) -> Places:
    """Lay hamlets and clusters of houses into the communes of a province with its history."""
    communes = _communes(table)
    former_communes = _former_communes(table, communes)
    by_key = {commune.key: commune for commune in communes}
    taken: dict[str, set[str]] = {commune.key: set() for commune in communes}
    hamlets = {
        former.key: _hamlets(former, by_key[former.commune_key], taken[former.commune_key])
        for former in former_communes
    }
    everyone = [hamlet for group in hamlets.values() for hamlet in group]
    chosen = Random("house clusters").sample(
        range(len(everyone)), round(len(everyone) * HOUSE_CLUSTER_SHARE)
    )
    house_clusters = {
        hamlet.key: _house_clusters(hamlet)
        for hamlet in (everyone[index] for index in sorted(chosen))
    }
    return Places(communes, former_communes, hamlets, house_clusters)


def with_hamlet(places: Places, former: FormerCommune, name: str, valid_from: date) -> Places:
    """The same places and one hamlet more, which came into being later than the others."""
    beside = places.hamlets[former.key]
    latitude, longitude = scattered(
        Random(name), beside[0].latitude, beside[0].longitude, KM_BETWEEN_HOUSES
    )
    newcomer = replace(
        beside[0],
        key=f"{former.key}/{len(beside) + 1:02d}",
        name=name,
        valid_from=valid_from,
        latitude=latitude,
        longitude=longitude,
        household_count=96,
        population=371,
    )
    return replace(places, hamlets={**places.hamlets, former.key: (*beside, newcomer)})


def _communes(table: ProvinceTable) -> tuple[Commune, ...]:
    rows = [row for row in table.units if row["kind"] in COMMUNE_WORDS and not row["valid_to"]]
    return tuple(
        Commune(
            key=row["xmlid"],
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            area_km2=float(row["area_km2"]),
            valid_from=date.fromisoformat(row["valid_from"]),
        )
        for row in sorted(rows, key=lambda row: row["code"])
    )


def _former_communes(
    table: ProvinceTable, communes: tuple[Commune, ...]
) -> tuple[FormerCommune, ...]:
    by_key = {commune.key: commune for commune in communes}
    successors: dict[str, list[Commune]] = {}
    for edge in table.lineage:
        if edge["successor_xmlid"] in by_key:
            successors.setdefault(edge["predecessor_xmlid"], []).append(
                by_key[edge["successor_xmlid"]]
            )
    rows = [row for row in table.units if row["xmlid"] in successors]
    homes = {row["xmlid"]: _nearest(row, successors[row["xmlid"]]) for row in rows}
    shares = {key: sum(home.key == key for home in homes.values()) for key in by_key}
    return tuple(
        FormerCommune(
            key=row["xmlid"],
            kind=row["kind"],
            name=row["name"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            commune_key=homes[row["xmlid"]].key,
            is_split=len(successors[row["xmlid"]]) > 1,
            radius_km=USED_RADIUS
            * radius_of(homes[row["xmlid"]].area_km2 / shares[homes[row["xmlid"]].key]),
        )
        for row in sorted(rows, key=lambda row: row["code"])
    )


def _nearest(row: dict[str, str], communes: list[Commune]) -> Commune:
    """Where the station of a former commune stands: a split one has the choice."""
    return min(
        communes,
        key=lambda commune: hypot(
            commune.latitude - float(row["latitude"]), commune.longitude - float(row["longitude"])
        ),
    )


def _hamlets(former: FormerCommune, commune: Commune, taken: set[str]) -> tuple[Place, ...]:
    random = Random(f"hamlets of {former.key}")
    count = random.choices(HAMLET_COUNTS, weights=HAMLET_WEIGHTS)[0]
    names = hamlet_names(random, count, former.name, is_urban=commune.kind == "ward", taken=taken)
    places = []
    for number, name in enumerate(names, start=1):
        latitude, longitude = scattered(
            random, former.latitude, former.longitude, former.radius_km
        )
        households = random.randint(160, 720)
        places.append(
            Place(
                key=f"{former.key}/{number:02d}",
                parent_key=commune.key,
                kind=HAMLET_KINDS[commune.kind],
                name=name,
                valid_from=commune.valid_from,
                latitude=latitude,
                longitude=longitude,
                household_count=households,
                population=round(households * random.uniform(3.5, 4.1)),
            )
        )
    return tuple(places)


def _house_clusters(hamlet: Place) -> tuple[Place, ...]:
    random = Random(f"house clusters of {hamlet.key}")
    places = []
    for number, name in enumerate(house_cluster_names(random, random.randint(1, 3)), start=1):
        latitude, longitude = scattered(
            random, hamlet.latitude, hamlet.longitude, KM_BETWEEN_HOUSES
        )
        households = random.randint(25, 45 + hamlet.household_count // 10)
        places.append(
            Place(
                key=f"{hamlet.key}/{number}",
                parent_key=hamlet.key,
                kind="residential_cluster",
                name=name,
                valid_from=hamlet.valid_from,
                latitude=latitude,
                longitude=longitude,
                household_count=households,
                population=round(households * 3.8),
            )
        )
    return tuple(places)
