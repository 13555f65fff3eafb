"""Bad cases of the demo, as a province has them; each can be found by its name.

* ``Cụm loa chợ Vĩnh Kim``: six faults within a year, the last still open.
* ``Cụm loa bến phà Phú Thuận B``: stands in Long Phú Thuận, claimed by Tân Long as well; the
  open work order ``Tranh chấp quản lý: …`` says so.
* ``Cụm loa chưa rõ ấp 1`` and ``2``, of Phú Thuận B, Gáo Giồng and Tân Thạnh: those communes were
  split, and nobody has said yet in which hamlet these stand.
* ``Cụm loa đình Tân Hộ Cơ``: no original cost.
* ``Cụm loa nhà văn hóa Tràm Chim``: in use since 01/01/1999, before any such equipment.
* ``Cụm loa FM chợ Lấp Vò cũ``: disposed of; its tag is revoked.
* ``Đài truyền thanh xã Mỹ Hiệp`` (today's commune Mỹ Hiệp): paid by programmes that have ended.
* Commune Tân Phú Đông: half of its list has neither code nor model, date, cost or position.
* ``Ấp Bờ Đông Kênh Xáng`` of Trường Xuân: a hamlet since last month, without sound.
* ``Mất tiếng, đã nhắc ba lần: …`` of Phú Hựu: the work order that is overdue longest.
* Thirty work orders overdue; eight communes without anybody in charge of the station; a station
  on 62.5 MHz, in the band to be vacated; hamlets without sound; SIM plans and licences expired.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from .assets import Asset
from .money import split_cost
from .places import Places, with_hamlet

SIX_FAULTS = "Cụm loa chợ Vĩnh Kim"
DISPUTED = "Cụm loa bến phà Phú Thuận B"
CLAIMANT = "Tân Long"
UNCERTAIN = "Cụm loa chưa rõ ấp"
WITHOUT_COST = "Cụm loa đình Tân Hộ Cơ"
IMPOSSIBLE_DATE = "Cụm loa nhà văn hóa Tràm Chim"
DISPOSED = "Cụm loa FM chợ Lấp Vò cũ"
OVERDUE_LONGEST = "Cụm loa chợ Cái Tàu Hạ"
ENDED_PROGRAMME_COMMUNE = "Mỹ Hiệp"
ENDED_PROGRAMME = (("NTM-DT", 80), ("NSH-TX", 20))
ENDED_PROGRAMME_SPENT = date(2021, 1, 1), date(2025, 6, 30)
HALF_EMPTY_COMMUNE = "Tân Phú Đông"
NEW_HAMLET_COMMUNE, NEW_HAMLET = "Trường Xuân", "Bờ Đông Kênh Xáng"

# Which cluster gets the name: the first of a former commune's station, by both communes' names.
NAMED = {
    SIX_FAULTS: ("Vĩnh Kim", "Vĩnh Kim"),
    DISPUTED: ("Phú Thuận B", "Long Phú Thuận"),
    WITHOUT_COST: ("Tân Hộ Cơ", "Tân Hộ Cơ"),
    IMPOSSIBLE_DATE: ("Tràm Chim", "Tràm Chim"),
    OVERDUE_LONGEST: ("Cái Tàu Hạ", "Phú Hựu"),
}

Edit = Callable[[Asset], Asset]


def with_new_hamlet(places: Places, today: date) -> Places:
    """The same places and a hamlet that exists since the first day of last month."""
    commune = places.commune_named(NEW_HAMLET_COMMUNE)
    former = places.former_commune_named(NEW_HAMLET_COMMUNE, commune)
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return with_hamlet(places, former, NEW_HAMLET, last_month)


def with_bad_cases(
    places: Places, stations: Sequence[Asset], clusters: Sequence[Asset], today: date
) -> tuple[list[Asset], list[Asset]]:
    """Stations and clusters with the cases above built in."""
    by_key = {asset.key: asset for asset in (*stations, *clusters)}
    for edit_assets in (
        _name_clusters,
        _leave_split_ones_uncertain,
        _let_the_programme_end,
        _empty_half_a_list,
        _dispose_of_one,
    ):
        edit_assets(places, by_key, today)
    assets = list(by_key.values())
    return (
        [asset for asset in assets if asset.category == "station"],
        [asset for asset in assets if asset.is_cluster],
    )


def _station_key(places: Places, former_name: str, commune_name: str) -> str:
    commune = places.commune_named(commune_name)
    return f"station {places.former_commune_named(former_name, commune).key}"


def _in_use(by_key: dict[str, Asset], station_key: str) -> list[Asset]:
    return [
        asset
        for asset in by_key.values()
        if asset.parent_key == station_key and asset.life_state == "in_use"
    ]


def _name_clusters(places: Places, by_key: dict[str, Asset], today: date) -> None:
    edits: dict[str, Edit] = {
        SIX_FAULTS: lambda asset: replace(asset, condition="broken"),
        DISPUTED: lambda asset: replace(asset, condition="good"),
        WITHOUT_COST: lambda asset: replace(asset, original_cost=0, shares=()),
        IMPOSSIBLE_DATE: lambda asset: replace(
            asset,
            in_use_date=date(1999, 1, 1),
            acquisition_year=1999,
            warranty_date=None,
            shares=(),
        ),
        OVERDUE_LONGEST: lambda asset: replace(asset, condition="broken"),
    }
    for name, (former_name, commune_name) in NAMED.items():
        first = _in_use(by_key, _station_key(places, former_name, commune_name))[0]
        by_key[first.key] = edits[name](replace(first, name=name))


def _leave_split_ones_uncertain(places: Places, by_key: dict[str, Asset], today: date) -> None:
    for former in places.former_communes:
        if not former.is_split:
            continue
        clusters = _in_use(by_key, f"station {former.key}")
        # No hamlet loses its only cluster by it.
        at = Counter(cluster.unit_key for cluster in clusters)
        several = [c for c in clusters if at[c.unit_key] > 1 and c.name not in NAMED]
        for number, cluster in enumerate(several[-2:], start=1):
            by_key[cluster.key] = replace(
                cluster,
                name=f"{UNCERTAIN} {number}, {former.title} cũ",
                unit_key=former.commune_key,
                former_key=former.key,
                latitude=None,
                longitude=None,
                position_accuracy=0.0,
                site_note="Chưa xác định ấp sau khi chia địa bàn",
            )


def _let_the_programme_end(places: Places, by_key: dict[str, Asset], today: date) -> None:
    name = ENDED_PROGRAMME_COMMUNE
    station = by_key[_station_key(places, name, name)]
    first, last = ENDED_PROGRAMME_SPENT
    for asset in (station, *_in_use(by_key, station.key)):
        if asset.in_use_date is not None and first <= asset.in_use_date <= last:
            by_key[asset.key] = replace(
                asset,
                acquisition="purchase",
                shares=split_cost(asset.original_cost, ENDED_PROGRAMME),
            )


def _empty_half_a_list(places: Places, by_key: dict[str, Asset], today: date) -> None:
    commune_key = places.commune_named(HALF_EMPTY_COMMUNE).key
    listed = [a for a in by_key.values() if a.is_cluster and a.commune_key == commune_key]
    for asset in listed[::2]:
        by_key[asset.key] = replace(
            asset,
            latitude=None,
            longitude=None,
            position_accuracy=0.0,
            site_note="",
            manufacturer="",
            manufactured_in="",
            model="",
            original_cost=0,
            shares=(),
            in_use_date=None,
            acquisition_year=0,
            warranty_date=None,
            condition_date=None,
        )


def _dispose_of_one(places: Places, by_key: dict[str, Asset], today: date) -> None:
    station = by_key[_station_key(places, "Lấp Vò", "Lấp Vò")]
    first = _in_use(by_key, station.key)[0]
    key = f"disposed of {station.key}"
    by_key[key] = replace(
        first,
        key=key,
        name=DISPOSED,
        technology="fm",
        unit_key=first.commune_key,
        former_key=station.key.removeprefix("station "),
        condition="stopped",
        condition_date=today - timedelta(days=45),
        connection="unmonitored",
        connection_date=None,
        sim_number="",
        sim_valid_to=None,
        life_state="disposed",
        model="FMR-87",
        original_cost=6_850_000,
        shares=(),
        in_use_date=date(2014, 8, 20),
        acquisition_year=2014,
        warranty_date=date(2016, 8, 20),
    )
