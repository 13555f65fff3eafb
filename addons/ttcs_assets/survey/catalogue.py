"""The figures of a survey, each defined once: for the screen, the documents and the workbook.

A count is an SQL aggregate over the relation ``item`` of ``statement.py``, one row for each
station, cluster, board, hamlet and residential cluster of the day.  A ratio divides two sums of
counts, so that it is right at every level: an average of a province is never an average of
averages.  Labels are English for the screen (translated as the selection of
``ttcs.survey.figure``); documents are Vietnamese in every language of the user, as
``ttcs_base.documents`` has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from odoo.addons.ttcs_base.documents import format_decimal, format_integer

from .station import StationLine

SECTIONS = [
    ("stations", "Stations", "Đài truyền thanh cấp xã"),
    ("clusters", "Loudspeaker clusters", "Cụm loa"),
    ("hamlets", "Hamlets", "Ấp, khóm"),
    ("residential", "Residential clusters", "Cụm dân cư"),
    ("boards", "Public boards", "Bảng tin công cộng"),
]
Section = Literal["stations", "clusters", "hamlets", "residential", "boards"]
FromLines = Callable[[StationLine, "Terms"], int]


@dataclass(frozen=True)
class Terms:
    """What the counts are measured by: the year of the map date, and the clusters wanted."""

    year: int
    target: int


@dataclass(frozen=True)
class Indicator:
    """A count that adds up over places.

    :param condition: SQL over ``item``: which rows count
    :param aggregate: SQL of what is added up, by default the rows
    :param from_line: for what is corrected station by station: the share of one line
    """

    key: str
    section: Section
    label: str
    form_label: str
    unit: str
    condition: str
    aggregate: str = "count(*)"
    from_line: FromLines | None = None


@dataclass(frozen=True)
class Ratio:
    """One sum of counts by another; without a denominator there is no figure."""

    key: str
    label: str
    form_label: str
    numerator: str
    denominator: str
    percent: bool = True


@dataclass(frozen=True)
class CommuneCount:
    """How many communes have at least one of what a count counts."""

    key: str
    label: str
    form_label: str
    of: str


def _station(
    key: str, label: str, form_label: str, condition: str, from_line: FromLines
) -> Indicator:
    where = f"subject = 'station' AND {condition}" if condition else "subject = 'station'"
    return Indicator(key, "stations", label, form_label, "đài", where, from_line=from_line)


def _kind(kind: str, label: str, form_label: str) -> Indicator:
    return _station(
        f"stations_{kind}",
        label,
        form_label,
        f"kind = '{kind}'",
        lambda line, _terms: int(line.is_station and line.kind == kind),
    )


def _cluster(
    key: str, label: str, form_label: str, condition: str, from_line: FromLines
) -> Indicator:
    where = f"subject = 'cluster' AND {condition}" if condition else "subject = 'cluster'"
    return Indicator(key, "clusters", label, form_label, "cụm", where, from_line=from_line)


def _places(section: Section, subject: str, name: str, unit: str) -> list[Indicator]:
    """All places of a kind, and those with sound, with silent clusters, without any."""
    states = [
        ("total", "total", "tổng số", ""),
        ("heard", "with sound", "nghe được loa", " AND sound = 'heard'"),
        (
            "silent",
            "with clusters that are all broken or stopped",
            "có cụm loa nhưng hỏng, ngừng hoạt động",
            " AND sound = 'silent'",
        ),
        ("none", "without a cluster", "chưa có cụm loa", " AND sound = 'none'"),
    ]
    return [
        Indicator(
            f"{section}_{state}",
            section,
            f"{name}, {label}",
            f"{unit.capitalize()} {form_label}" if state != "total" else f"Tổng số {unit}",
            unit,
            f"subject = '{subject}'{condition}",
        )
        for state, label, form_label, condition in states
    ]


def _board(key: str, label: str, form_label: str, condition: str = "") -> Indicator:
    where = f"subject = 'board' AND {condition}" if condition else "subject = 'board'"
    return Indicator(f"boards_{key}", "boards", label, form_label, "bảng", where)


INDICATORS: tuple[Indicator, ...] = (
    _station(
        "stations_total",
        "Stations",
        "Tổng số đài",
        "",
        lambda line, _terms: int(line.is_station),
    ),
    _kind("wired", "Wired stations", "Đài có dây"),
    _kind("fm", "FM stations", "Đài không dây FM"),
    _kind("ip", "IT and telecommunication (IP) stations", "Đài ứng dụng CNTT-VT"),
    _kind("mixed", "Mixed stations", "Đài hỗn hợp"),
    _station(
        "stations_unknown",
        "Stations of unknown kind",
        "Đài chưa ghi nhận loại",
        "kind IS NULL",
        lambda line, _terms: int(line.is_station and not line.kind),
    ),
    _station(
        "stations_with_ip",
        "Stations that use IP, mixed ones included",
        "Đài đã chuyển đổi sang CNTT-VT (kể cả hỗn hợp)",
        "converted_on IS NOT NULL",
        lambda line, _terms: int(line.is_station and line.converted_on is not None),
    ),
    _station(
        "stations_converted",
        "Stations converted to IP in the year",
        "Đài chuyển đổi sang CNTT-VT trong năm",
        "extract(year FROM converted_on) = %(year)s",
        lambda line, terms: int(
            line.is_station
            and line.converted_on is not None
            and line.converted_on.year == terms.year
        ),
    ),
    _station(
        "stations_below_target",
        "Stations with fewer clusters than the wanted average",
        "Đài có số cụm loa dưới mức bình quân",
        "station_clusters < %(target)s",
        lambda line, terms: int(line.is_station and line.all_clusters < terms.target),
    ),
    _cluster(
        "clusters_total", "Clusters", "Tổng số cụm loa", "", lambda line, _terms: line.clusters
    ),
    _cluster(
        "clusters_working",
        "Clusters that work",
        "Cụm loa hoạt động",
        "condition IN ('good', 'degraded')",
        lambda line, _terms: line.working,
    ),
    _cluster(
        "clusters_broken",
        "Clusters broken or stopped",
        "Cụm loa hỏng, ngừng hoạt động",
        "condition IN ('broken', 'stopped')",
        lambda line, _terms: line.clusters - line.working,
    ),
    Indicator(
        "clusters_horns",
        "clusters",
        "Loudspeakers",
        "Loa",
        "loa",
        "subject = 'cluster'",
        aggregate="sum(horn_count)",
        from_line=lambda line, _terms: line.horns,
    ),
    *_places("hamlets", "hamlet", "Hamlets", "ấp, khóm"),
    *_places("residential", "residential", "Residential clusters", "cụm dân cư"),
    _board("total", "Boards", "Tổng số bảng tin"),
    _board("electronic", "Electronic boards", "Bảng tin điện tử", "is_electronic"),
    _board(
        "office_electronic",
        "Electronic boards at the office",
        "Bảng tin điện tử tại trụ sở UBND",
        "is_electronic AND board_site = 'office'",
    ),
    _board("at_office", "Boards at the office", "Tại trụ sở UBND", "board_site = 'office'"),
    _board("at_market", "Boards at a market", "Tại chợ", "board_site = 'market'"),
    _board("at_square", "Boards at a square", "Tại quảng trường", "board_site = 'square'"),
    _board(
        "at_culture_house",
        "Boards at a culture house",
        "Tại nhà văn hóa",
        "board_site = 'culture_house'",
    ),
    _board(
        "at_other",
        "Boards elsewhere",
        "Nơi khác",
        "COALESCE(board_site, 'other') = 'other'",
    ),
    _board("good", "Boards that work", "Hoạt động tốt", "condition = 'good'"),
    _board("degraded", "Boards that work badly", "Hoạt động kém", "condition = 'degraded'"),
    _board("broken", "Broken boards", "Hỏng", "condition = 'broken'"),
    _board("stopped", "Stopped boards", "Ngừng hoạt động", "condition = 'stopped'"),
    _board(
        "under_5_years",
        "Boards in use for less than 5 years",
        "Dưới 5 năm",
        "in_use_date > %(on)s::date - interval '5 years'",
    ),
    _board(
        "under_10_years",
        "Boards in use for 5 to less than 10 years",
        "Từ 5 đến dưới 10 năm",
        "in_use_date <= %(on)s::date - interval '5 years' "
        "AND in_use_date > %(on)s::date - interval '10 years'",
    ),
    _board(
        "over_10_years",
        "Boards in use for 10 years or longer",
        "Từ 10 năm trở lên",
        "in_use_date <= %(on)s::date - interval '10 years'",
    ),
    _board("age_unknown", "Boards of unknown age", "Chưa rõ năm sử dụng", "in_use_date IS NULL"),
)
BY_KEY: Mapping[str, Indicator] = {indicator.key: indicator for indicator in INDICATORS}
FROM_LINES = tuple(indicator for indicator in INDICATORS if indicator.from_line)

RATIOS: tuple[Ratio, ...] = (
    Ratio(
        "average_clusters",
        "Average clusters per station",
        "Bình quân cụm loa trên một đài",
        "clusters_total",
        "stations_total",
        percent=False,
    ),
    Ratio(
        "share_ip",
        "Stations converted to IP",
        "Tỷ lệ đài ứng dụng CNTT-VT",
        "stations_with_ip",
        "stations_total",
    ),
    Ratio(
        "share_working",
        "Clusters that work",
        "Tỷ lệ cụm loa hoạt động",
        "clusters_working",
        "clusters_total",
    ),
    Ratio(
        "share_hamlets",
        "Hamlets with sound",
        "Tỷ lệ ấp, khóm nghe được loa",
        "hamlets_heard",
        "hamlets_total",
    ),
    Ratio(
        "share_residential",
        "Residential clusters with sound",
        "Tỷ lệ cụm dân cư nghe được loa",
        "residential_heard",
        "residential_total",
    ),
)

COMMUNE_COUNTS: tuple[CommuneCount, ...] = (
    CommuneCount(
        "communes_with_station",
        "Communes with a station",
        "Xã, phường có đài truyền thanh",
        "stations_total",
    ),
    CommuneCount(
        "communes_with_ip",
        "Communes with an IP station",
        "Xã, phường có đài ứng dụng CNTT-VT",
        "stations_with_ip",
    ),
    CommuneCount(
        "communes_with_office_board",
        "Communes with an electronic board at the office",
        "Xã, phường có bảng tin điện tử tại trụ sở UBND",
        "boards_office_electronic",
    ),
)


def of_lines(lines: Sequence[StationLine], terms: Terms) -> dict[str, int]:
    """The counts that follow from the lines of a sheet, by key.

    >>> line = StationLine(True, "fm", None, clusters=14, working=12, horns=30)
    >>> counts = of_lines([line], Terms(2026, 15))
    >>> counts["stations_fm"], counts["stations_below_target"], counts["clusters_broken"]
    (1, 1, 2)
    """
    return {
        indicator.key: sum(indicator.from_line(line, terms) for line in lines)
        for indicator in FROM_LINES
    }


def summed(rows: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The counts of several places together; zero of everything for none."""
    return {
        indicator.key: sum(row.get(indicator.key, 0) for row in rows) for indicator in INDICATORS
    }


def quotient(counts: Mapping[str, int], ratio: Ratio) -> tuple[int, int]:
    """Numerator and denominator of a ratio."""
    return counts[ratio.numerator], counts[ratio.denominator]


def ratio_text(counts: Mapping[str, int], ratio: Ratio) -> str:
    """A ratio as documents write it, with what it was made of; empty without a denominator.

    >>> average, ip, *_ = RATIOS
    >>> counts = summed([]) | {"clusters_total": 37, "stations_total": 3, "stations_with_ip": 1}
    >>> ratio_text(counts, average), ratio_text(counts, ip)
    ('12,3 (37/3)', '33,3% (1/3)')
    >>> ratio_text(summed([]), average)
    ''
    """
    above, below = quotient(counts, ratio)
    if not below:
        return ""
    sign = "%" if ratio.percent else ""
    value = format_decimal(ratio_value(counts, ratio), 1)
    return f"{value}{sign} ({format_integer(above)}/{format_integer(below)})"


def ratio_value(counts: Mapping[str, int], ratio: Ratio) -> Decimal | None:
    """The exact quotient, in percent where the ratio is a share; None without a denominator."""
    above, below = quotient(counts, ratio)
    return Decimal(above * (100 if ratio.percent else 1)) / below if below else None
