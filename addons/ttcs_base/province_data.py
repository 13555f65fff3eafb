"""The shipped tables of places (``data/units``): which provinces there are, and their rows.

A province whose history was reviewed has a folder of its own with places before the reform
and the lineage; of every other province only the places in force are known.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "units"
# Code of today's province → folder with its reviewed history.
REVIEWED = {"82": "dong_thap"}


@dataclass(frozen=True)
class ProvinceTable:
    """Rows of one province: ``units`` with parents before children, and ``lineage``.

    Each unit row has the keys xmlid, code, kind, name, valid_from, valid_to, parent_xmlid,
    latitude, longitude, area_km2; each lineage row predecessor_xmlid, successor_xmlid, kind,
    decision, date.  Values are text as in the file, dates ISO 8601, empty when unknown.
    """

    code: str
    name: str
    has_history: bool
    units: tuple[dict[str, str], ...]
    lineage: tuple[dict[str, str], ...]


@cache
def provinces() -> tuple[tuple[str, str], ...]:
    """Code and name of every province in force, by name.

    >>> len(provinces()), dict(provinces())["82"]
    (34, 'Đồng Tháp')
    """
    rows = [row for row in _read(FOLDER / "vietnam" / "units.csv") if not row["parent_xmlid"]]
    return tuple(sorted(((row["code"], row["name"]) for row in rows), key=lambda pair: pair[1]))


def province_table(code: str) -> ProvinceTable:
    """The rows to load for a province.

    :raises KeyError: when no province in force has this code

    >>> table = province_table("82")
    >>> table.has_history, len(table.lineage) > 300
    (True, True)
    >>> len(province_table("01").lineage)
    0
    """
    name = dict(provinces())[code]
    if code in REVIEWED:
        folder = FOLDER / REVIEWED[code]
        units, lineage = _read(folder / "units.csv"), _read(folder / "lineage.csv")
    else:
        rows = _read(FOLDER / "vietnam" / "units.csv")
        province = next(row for row in rows if row["code"] == code and not row["parent_xmlid"])
        units = [
            row for row in rows if row is province or row["parent_xmlid"] == province["xmlid"]
        ]
        lineage = []
    return ProvinceTable(code, name, bool(lineage), tuple(_parents_first(units)), tuple(lineage))


def _parents_first(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    depth: dict[str, int] = {"": -1}
    pending, ordered = list(rows), []
    while pending:
        ready = [row for row in pending if row["parent_xmlid"] in depth]
        if not ready:
            raise ValueError(f"{pending[0]['xmlid']} has a parent that is not in the table")
        for row in ready:
            depth[row["xmlid"]] = depth[row["parent_xmlid"]] + 1
        ordered += ready
        pending = [row for row in pending if row["xmlid"] not in depth]
    return sorted(ordered, key=lambda row: depth[row["xmlid"]])


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
