"""Build the administrative units of the suite from one pinned, MIT-licensed data package.

Run ``python scripts/build_units.py`` from anywhere. It downloads the package named in
``PACKAGE``, reads the tables inside the wheel without importing it (importing would pull in
65 MB of numerical libraries), applies the reviewed corrections below, checks every expected
count and only then writes, under ``addons/ttcs_base/data/units``:

* ``dong_thap/units.csv`` and ``dong_thap/lineage.csv``: Đồng Tháp and Tiền Giang until
  30/06/2025, Đồng Tháp since 01/07/2025, and which commune became which;
* ``vietnam/units.csv``: the 34 provinces and 3,321 communes created by the 2025 reform.

The same wheel always gives the same bytes. If anything differs from what was reviewed, the
script writes nothing, prints one line and exits with status 1.
"""

import csv
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

PACKAGE = "vietnamadminunits==1.0.4"
WHEEL_SHA256 = "737ee3662e877290386c1c45ed4d71f2e5fae34ab6fb9c64bfb4cb74b216ea35"
UNIT_TABLES = "vietnamadminunits/data/dataset.db"
CONVERSION_TABLES = "vietnamadminunits/data/converter_2025.json"

DATA_FOLDER = Path(__file__).resolve().parent.parent / "addons/ttcs_base/data/units"

# First day of the plan period: earlier history is not recorded.
RECORDED_FROM = "2021-01-01"
LAST_DAY_BEFORE_REFORM = "2025-06-30"
REFORM_DAY = "2025-07-01"

# Resolution of the National Assembly on provinces, and of its Standing Committee on the
# communes of Đồng Tháp. Both took effect for the new authorities on the reform day.
PROVINCE_DECISION = "202/2025/QH15"
COMMUNE_DECISION = "1663/NQ-UBTVQH15"

OLD_DONG_THAP, OLD_TIEN_GIANG, NEW_DONG_THAP = "87", "82", "82"
# The package keys its conversion tables by the name of the new province, without accents.
NEW_DONG_THAP_KEY = "tinhdongthap"

PROVINCE_KINDS = {"Thành phố": "city_province", "Tỉnh": "province"}
DISTRICT_KINDS = {
    "Huyện": "district",
    "Quận": "district_urban",
    "Thành phố": "district_city",
    "Thị xã": "district_town",
}
COMMUNE_KINDS = {
    "Phường": "ward",
    "Thị trấn": "township",
    "Xã": "commune",
    "Đặc khu": "special_zone",
}
DEPTH_OF_KIND = {
    **dict.fromkeys(PROVINCE_KINDS.values(), 0),
    **dict.fromkeys(DISTRICT_KINDS.values(), 1),
    **dict.fromkeys(COMMUNE_KINDS.values(), 2),
}

# --- Reviewed corrections -----------------------------------------------------------------
# Compared with: the 102 clauses of article 1 of NQ 1663; the code list of QĐ 19/2025/QĐ-TTg;
# the boundary polygons of vietnamese-provinces-database (thanglequoc, MIT, commit cd580632 of
# 02/08/2026), whose areas for the 102 communes of Đồng Tháp add up to 5,939.0 km².

# (old code, new code) of splits that never happened. The package took the wards with a number
# for a name in Mỹ Tho, Cai Lậy and Sa Đéc for those of the city of Cao Lãnh; clause 95 of
# NQ 1663 takes wards 1, 3, 4 and 6 "of the city of Cao Lãnh" only.
FALSE_SPLITS = frozenset(
    {
        ("28252", "29869"),
        ("28270", "29869"),
        ("28437", "29869"),
        ("28439", "29869"),
        ("29902", "29869"),
        ("29908", "29869"),
    }
)

# Same-named or neighbouring communes that carry each other's point: each point lies inside
# the polygon of the other one.
EXCHANGED_POINTS = (
    ("unit_04924_20250701", "unit_08296_20250701"),
    ("unit_10999_20250701", "unit_11050_20250701"),
    ("unit_28615_20250701", "unit_30130_20250701"),
)

REPLACED_POINTS = {
    # Cai Lậy: the package shows a place in Mỹ Phước Tây; its own point stands under Long Khánh,
    # because one of its predecessors was another Long Khánh.
    "unit_28439_20250701": (10.3806, 106.124),
    # Long Khánh: the mean of the points of Long Khánh A and Long Khánh B, inside its polygon.
    "unit_29983_20250701": (10.7971, 105.3073),
    # Phường 3 of Cai Lậy was looked up as "Phường 2, Mỹ Tho"; like its sister wards 2, 4 and 5
    # it gets the point of the town.
    "unit_28437_20210101": (10.405064, 106.118672),
}

# Points outside the commune's own polygon and inside, or nearer to, another commune.
MISPLACED_POINTS = (
    "unit_04033_20250701",
    "unit_04714_20250701",
    "unit_06172_20250701",
    "unit_06685_20250701",
    "unit_06688_20250701",
    "unit_06757_20250701",
    "unit_06967_20250701",
    "unit_19051_20250701",
    "unit_22411_20250701",
    "unit_30781_20250701",
    "unit_30811_20250701",
)

# km². The package joined areas by the name of the commune alone, so that communes of one name
# share one area throughout the country; others are zero or outdated. In Đồng Tháp every area
# was compared with the polygon, and those more than 5 % off are replaced.
REPLACED_AREAS = {
    "unit_82_20250701": 5938.64,  # as published with NQ 202; the package has no province areas
    "unit_28270_20250701": 15.2,
    "unit_28435_20250701": 36.1,
    "unit_28444_20250701": 56.6,
    "unit_28477_20250701": 21.4,
    "unit_28519_20250701": 24.3,
    "unit_28537_20250701": 43.3,
    "unit_28615_20250701": 35.3,
    "unit_28651_20250701": 39.8,
    "unit_28702_20250701": 38.0,
    "unit_29954_20250701": 50.1,
    "unit_29983_20250701": 29.0,
    "unit_30046_20250701": 113.8,
    "unit_30154_20250701": 94.9,
    "unit_30157_20250701": 59.5,
}

# Elsewhere: areas contradicted by the polygon by more than 13 %, beside the shared ones.
CONTRADICTED_AREAS = (
    "unit_03352_20250701",
    "unit_03703_20250701",
    "unit_04714_20250701",
    "unit_06172_20250701",
    "unit_07030_20250701",
    "unit_18118_20250701",
    "unit_18352_20250701",
    "unit_22258_20250701",
    "unit_22736_20250701",
    "unit_23602_20250701",
    "unit_29431_20250701",
)


class UnexpectedData(Exception):
    """The package is not the one that was reviewed; the message is one line."""


@dataclass(frozen=True)
class Unit:
    """One row of ``units.csv``: a place with its code during one period.

    Dates are ISO strings, ``valid_to`` is the last day or empty; the point is in degrees
    (WGS 84) and the area in km², each ``None`` where no trustworthy value is known.
    """

    xmlid: str
    code: str
    kind: str
    name: str
    valid_from: str
    valid_to: str
    parent_xmlid: str
    latitude: float | None
    longitude: float | None
    area_km2: float | None


@dataclass(frozen=True, order=True)
class Lineage:
    """One row of ``lineage.csv``: what became of a unit, and by which decision."""

    predecessor_xmlid: str
    successor_xmlid: str
    kind: str
    decision: str
    date: str


def unit_xmlid(code: str, valid_from: str) -> str:
    """Return the external id of a unit; a code alone is not unique.

    >>> unit_xmlid("82", "2025-07-01")
    'unit_82_20250701'
    """
    return f"unit_{code}_{valid_from.replace('-', '')}"


def split_kind(full_name: str, kinds: dict[str, str]) -> tuple[str, str]:
    """Return the kind and the bare name of a unit written with its kind word.

    The package's own type column contradicts the name in four communes; the name is right.
    Raises UnexpectedData if the name begins with none of the words.

    >>> split_kind("Thị trấn Cái Bè", COMMUNE_KINDS)
    ('township', 'Cái Bè')
    >>> split_kind("Phường 1", COMMUNE_KINDS)
    ('ward', '1')
    """
    name = unicodedata.normalize("NFC", " ".join(full_name.split()))
    for word, kind in kinds.items():
        if name.startswith(f"{word} "):
            return kind, name.removeprefix(f"{word} ")
    raise UnexpectedData(f"{full_name!r} begins with none of: {', '.join(kinds)}")


def as_text(value: str | float | None) -> str:
    """Return the value as it is written to CSV, numbers with at most six decimals.

    >>> as_text(106.3), as_text(38.0), as_text(None), as_text("82")
    ('106.3', '38', '', '82')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return f"{value:.6f}".rstrip("0").rstrip(".")


def download_wheel(folder: Path) -> Path:
    """Download the pinned package without its dependencies and return the verified wheel."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    outcome = subprocess.run([*pip, *options, PACKAGE], capture_output=True, text=True)
    if outcome.returncode:
        reason = (outcome.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise UnexpectedData(f"pip could not download {PACKAGE}: {reason}")
    (wheel,) = folder.glob("*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        raise UnexpectedData(f"{wheel.name} has SHA-256 {digest}, reviewed was {WHEEL_SHA256}")
    return wheel


def read_tables(wheel: Path, folder: Path) -> tuple[list[dict], list[dict], dict]:
    """Return the communes of today, those before the reform, and the conversion tables."""
    with zipfile.ZipFile(wheel) as archive:
        database = sqlite3.connect(archive.extract(UNIT_TABLES, folder))
        conversion = json.loads(archive.read(CONVERSION_TABLES))
    database.row_factory = sqlite3.Row
    try:
        current = [dict(row) for row in database.execute("SELECT * FROM admin_units")]
        former = [
            dict(row)
            for row in database.execute(
                "SELECT * FROM admin_units_legacy WHERE provinceCode IN (?, ?)",
                (OLD_DONG_THAP, OLD_TIEN_GIANG),
            )
        ]
    finally:
        database.close()
    return current, former, conversion


def current_units(rows: Iterable[dict]) -> dict[str, Unit]:
    """Return provinces and communes in force from the reform day, by external id."""
    units = {}
    for row in rows:
        province = unit_xmlid(row["provinceCode"], REFORM_DAY)
        if province not in units:
            units[province] = Unit(
                province,
                row["provinceCode"],
                *split_kind(row["province"], PROVINCE_KINDS),
                REFORM_DAY,
                valid_to="",
                parent_xmlid="",
                latitude=row["provinceLat"],
                longitude=row["provinceLon"],
                area_km2=None,
            )
        commune = unit_xmlid(row["wardCode"], REFORM_DAY)
        units[commune] = Unit(
            commune,
            row["wardCode"],
            *split_kind(row["ward"], COMMUNE_KINDS),
            REFORM_DAY,
            valid_to="",
            parent_xmlid=province,
            latitude=row["wardLat"],
            longitude=row["wardLon"],
            area_km2=row["wardAreaKm2"] or None,
        )
    return units


def former_units(rows: Iterable[dict]) -> dict[str, Unit]:
    """Return provinces, districts and communes in force until the reform, by external id."""
    units = {}
    for row in rows:
        parent = ""
        for level, kinds in (
            ("province", PROVINCE_KINDS),
            ("district", DISTRICT_KINDS),
            ("ward", COMMUNE_KINDS),
        ):
            xmlid = unit_xmlid(row[f"{level}Code"], RECORDED_FROM)
            units[xmlid] = Unit(
                xmlid,
                row[f"{level}Code"],
                *split_kind(row[level], kinds),
                RECORDED_FROM,
                valid_to=LAST_DAY_BEFORE_REFORM,
                parent_xmlid=parent,
                latitude=row[f"{level}Lat"],
                longitude=row[f"{level}Lon"],
                area_km2=None,
            )
            parent = xmlid
    return units


def without_shared_areas(units: dict[str, Unit]) -> dict[str, Unit]:
    """Empty the areas that several communes of one name share, outside Đồng Tháp.

    One of the sharers may be right, but nothing in the package tells which.
    """
    reviewed = unit_xmlid(NEW_DONG_THAP, REFORM_DAY)
    shared = Counter((unit.name, unit.area_km2) for unit in units.values())
    return {
        xmlid: replace(unit, area_km2=None)
        if shared[unit.name, unit.area_km2] > 1 and unit.parent_xmlid != reviewed
        else unit
        for xmlid, unit in units.items()
    }


def point_corrections(units: dict[str, Unit]) -> Iterator[tuple[str, float | None, float | None]]:
    """Yield external id, latitude and longitude of every reviewed point."""
    for first, second in EXCHANGED_POINTS:
        yield first, units[second].latitude, units[second].longitude
        yield second, units[first].latitude, units[first].longitude
    for xmlid, (latitude, longitude) in REPLACED_POINTS.items():
        yield xmlid, latitude, longitude
    for xmlid in MISPLACED_POINTS:
        yield xmlid, None, None


def corrected(units: dict[str, Unit]) -> dict[str, Unit]:
    """Return the units with every reviewed correction; one that changes nothing is an error."""
    changes: dict[str, dict[str, float | None]] = {}
    for xmlid, latitude, longitude in point_corrections(units):
        changes.setdefault(xmlid, {}).update(latitude=latitude, longitude=longitude)
    for xmlid, area in REPLACED_AREAS.items():
        changes.setdefault(xmlid, {})["area_km2"] = area
    for xmlid in CONTRADICTED_AREAS:
        changes.setdefault(xmlid, {})["area_km2"] = None
    result = without_shared_areas(units)
    for xmlid, values in changes.items():
        if all(getattr(units[xmlid], field) == value for field, value in values.items()):
            raise UnexpectedData(f"the correction of {xmlid} no longer changes anything")
        result[xmlid] = replace(result[xmlid], **values)
    return result


def successions(current: Iterable[dict], former: Iterable[dict], tables: dict) -> set[tuple]:
    """Return the (old code, new code) pairs of the communes of Đồng Tháp.

    Communes are joined on the keys the package wrote beside them, never on keys rebuilt from
    names: two keys carry accents ("xãtânthạnh") because Tân Thành and Tân Thạnh would collide.
    Raises KeyError for a key without a commune.
    """
    new_codes = {
        row["wardKey"]: row["wardCode"]
        for row in current
        if row["provinceKey"] == NEW_DONG_THAP_KEY
    }
    old_codes = {
        f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey']}": row["wardCode"]
        for row in former
    }
    whole = tables["DICT_PROVINCE_WARD_NO_DIVIDED"][NEW_DONG_THAP_KEY]
    divided = tables["DICT_PROVINCE_WARD_DIVIDED"][NEW_DONG_THAP_KEY]
    pairs = {(old_codes[old], new_codes[new]) for new, olds in whole.items() for old in olds}
    pairs |= {
        (old_codes[old], new_codes[part["newWardKey"]])
        for old, parts in divided.items()
        for part in parts
    }
    if not pairs >= FALSE_SPLITS:
        raise UnexpectedData("a split listed in FALSE_SPLITS is no longer in the package")
    return pairs - FALSE_SPLITS


def lineage_rows(pairs: set[tuple]) -> list[Lineage]:
    """Return one row per succession, communes and provinces.

    A predecessor with several successors was split, any other one merged. Districts were
    abolished without a successor and have no row.
    """
    destinations = Counter(old for old, _new in pairs)
    rows = [
        Lineage(
            unit_xmlid(old, RECORDED_FROM),
            unit_xmlid(new, REFORM_DAY),
            "split" if destinations[old] > 1 else "merge",
            COMMUNE_DECISION,
            REFORM_DAY,
        )
        for old, new in pairs
    ]
    rows += [
        Lineage(
            unit_xmlid(old, RECORDED_FROM),
            unit_xmlid(NEW_DONG_THAP, REFORM_DAY),
            "merge",
            PROVINCE_DECISION,
            REFORM_DAY,
        )
        for old in (OLD_DONG_THAP, OLD_TIEN_GIANG)
    ]
    return sorted(rows)


def require(what: str, found: object, expected: object) -> None:
    """Raise UnexpectedData unless a count is the reviewed one."""
    if found != expected:
        raise UnexpectedData(f"{what}: expected {expected}, found {found}")


def check_former(units: dict[str, Unit]) -> None:
    """Check the number of districts and communes before the reform, by kind."""
    kinds = {OLD_DONG_THAP: Counter(), OLD_TIEN_GIANG: Counter()}
    for unit in units.values():
        top = unit
        while top.parent_xmlid:
            top = units[top.parent_xmlid]
        kinds[top.code][unit.kind] += 1
    require(
        "units of Đồng Tháp before the reform",
        dict(sorted(kinds[OLD_DONG_THAP].items())),
        {
            "commune": 114,
            "district": 9,
            "district_city": 3,
            "province": 1,
            "township": 9,
            "ward": 18,
        },
    )
    require(
        "units of Tiền Giang before the reform",
        dict(sorted(kinds[OLD_TIEN_GIANG].items())),
        {
            "commune": 135,
            "district": 8,
            "district_city": 2,
            "district_town": 1,
            "province": 1,
            "township": 8,
            "ward": 21,
        },
    )


def check_current(units: dict[str, Unit]) -> None:
    """Check the number of provinces and communes since the reform, and those of Đồng Tháp."""
    depths = Counter(DEPTH_OF_KIND[unit.kind] for unit in units.values())
    require(
        "provinces and communes since the reform", dict(sorted(depths.items())), {0: 34, 2: 3321}
    )
    dong_thap = Counter(
        unit.kind
        for unit in units.values()
        if unit.parent_xmlid == unit_xmlid(NEW_DONG_THAP, REFORM_DAY)
    )
    require("communes of Đồng Tháp", dict(sorted(dong_thap.items())), {"commune": 82, "ward": 20})


def check_successions(pairs: set[tuple], former: Iterable[dict], current: Iterable[dict]) -> None:
    """Check that lineage covers all communes of Đồng Tháp and agrees with the resolution."""
    province_of = {row["wardCode"]: row["provinceCode"] for row in former}
    communes = {row["wardCode"] for row in current if row["provinceCode"] == NEW_DONG_THAP}
    require(
        "communes without a successor", province_of.keys() - {old for old, _new in pairs}, set()
    )
    require("communes without a predecessor", communes - {new for _old, new in pairs}, set())
    require("successions of communes", len(pairs), 308)
    destinations = Counter(old for old, _new in pairs)
    split = {old for old, number in destinations.items() if number > 1}
    require("split communes", split, {"29995", "30079", "30157"})
    origins = Counter(
        frozenset(province_of[old] for old, new in pairs if new == commune) for commune in communes
    )
    require(
        "communes by old province",
        origins,
        {frozenset({OLD_DONG_THAP}): 45, frozenset({OLD_TIEN_GIANG}): 57},
    )
    sources = Counter(new for _old, new in pairs)
    require("communes with a single predecessor", [new for new in sources if sources[new] < 2], [])


def write_rows(path: Path, row_type: type, rows: Iterable[Unit | Lineage]) -> None:
    """Write dataclass rows as CSV: UTF-8, LF, header of field names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(field.name for field in fields(row_type))
        writer.writerows([as_text(value) for value in astuple(row)] for row in rows)


def in_loading_order(units: Iterable[Unit]) -> list[Unit]:
    """Return units by period, parents before their children, then by code."""
    return sorted(units, key=lambda unit: (unit.valid_from, DEPTH_OF_KIND[unit.kind], unit.code))


def build(wheel: Path, scratch: Path) -> None:
    """Read the wheel, correct, check and write the three files; write nothing on error."""
    current_rows, former_rows, tables = read_tables(wheel, scratch)
    former, current = former_units(former_rows), current_units(current_rows)
    pairs = successions(current_rows, former_rows, tables)
    check_former(former)
    check_current(current)
    check_successions(pairs, former_rows, current_rows)
    units = corrected(former | current)
    dong_thap = unit_xmlid(NEW_DONG_THAP, REFORM_DAY)
    shown = [
        unit
        for xmlid, unit in units.items()
        if xmlid in former or dong_thap in (xmlid, unit.parent_xmlid)
    ]
    nationwide = [unit for xmlid, unit in units.items() if xmlid in current]
    write_rows(DATA_FOLDER / "dong_thap/units.csv", Unit, in_loading_order(shown))
    write_rows(DATA_FOLDER / "dong_thap/lineage.csv", Lineage, lineage_rows(pairs))
    write_rows(DATA_FOLDER / "vietnam/units.csv", Unit, in_loading_order(nationwide))


def main() -> int:
    """Build the files and return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        try:
            build(download_wheel(scratch), scratch)
        except UnexpectedData as error:
            print(f"build_units: {error}", file=sys.stderr)
            return 1
        except KeyError as missing:
            print(f"build_units: the package has no unit or key {missing}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
