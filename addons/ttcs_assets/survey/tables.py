"""The tables of a survey's report, the same for PDF, Word and workbook.

Words are Vietnamese on purpose: official documents are, whatever the user's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from odoo.addons.ttcs_base.documents import SUM, Column, Row, Table, format_date, format_integer

from .catalogue import (
    BY_KEY,
    COMMUNE_COUNTS,
    INDICATORS,
    RATIOS,
    SECTIONS,
    Ratio,
    ratio_text,
    ratio_value,
)
from .report import FigureCheck, PlaceFigures, StationFigures, SurveyReport

TECHNOLOGY_WORDS = {"wired": "có dây", "fm": "FM", "ip": "CNTT-VT", "mixed": "hỗn hợp"}
STATE_WORDS = {
    "to_do": "Chưa gửi",
    "returned": "Đang sửa",
    "confirmed": "Xác nhận",
    "corrected": "Điều chỉnh",
    "accepted": "Đã duyệt",
    "": "–",
}
NO_FIGURE = "Chưa có số liệu"
SECTION_WORDS = {key: words for key, _label, words in SECTIONS}


@dataclass(frozen=True)
class TableForm:
    """Which figures a table by commune has: pairs (header group, key of count or ratio)."""

    sheet_name: str
    title: str
    columns: Sequence[tuple[str, str]]
    titles: Mapping[str, str]


PLACE_WORDS = {
    "total": "Tổng số",
    "heard": "Có âm thanh",
    "silent": "Có cụm loa, không hoạt động",
    "none": "Chưa có cụm loa",
}


def _places(section: str, group: str) -> list[tuple[str, str]]:
    return [(group, f"{section}_{state}") for state in PLACE_WORDS]


TABLE_FORMS: tuple[TableForm, ...] = (
    TableForm(
        "Đài truyền thanh",
        "Đài truyền thanh cấp xã theo loại và chuyển đổi",
        [
            ("", "stations_total"),
            ("Chia theo loại", "stations_wired"),
            ("Chia theo loại", "stations_fm"),
            ("Chia theo loại", "stations_ip"),
            ("Chia theo loại", "stations_mixed"),
            ("Chia theo loại", "stations_unknown"),
            ("Chuyển đổi sang CNTT-VT", "stations_with_ip"),
            ("Chuyển đổi sang CNTT-VT", "stations_converted"),
            ("", "stations_below_target"),
        ],
        {
            "stations_total": "Tổng số đài",
            "stations_wired": "Có dây",
            "stations_fm": "FM",
            "stations_ip": "CNTT-VT",
            "stations_mixed": "Hỗn hợp",
            "stations_unknown": "Chưa rõ",
            "stations_with_ip": "Đã chuyển đổi",
            "stations_converted": "Trong năm",
            "stations_below_target": "Đài dưới mức bình quân",
        },
    ),
    TableForm(
        "Cụm loa",
        "Cụm loa và bình quân cụm loa trên một đài",
        [
            ("Cụm loa", "clusters_total"),
            ("Cụm loa", "clusters_working"),
            ("Cụm loa", "clusters_broken"),
            ("", "clusters_horns"),
            ("", "average_clusters"),
        ],
        {
            "clusters_total": "Tổng số",
            "clusters_working": "Hoạt động",
            "clusters_broken": "Hỏng, ngừng",
            "clusters_horns": "Số loa",
            "average_clusters": "Bình quân cụm/đài",
        },
    ),
    TableForm(
        "Ấp, khóm, cụm dân cư",
        "Ấp, khóm và cụm dân cư nghe được loa",
        [*_places("hamlets", "Ấp, khóm"), *_places("residential", "Cụm dân cư")],
        {
            f"{section}_{state}": words
            for section in ("hamlets", "residential")
            for state, words in PLACE_WORDS.items()
        },
    ),
    TableForm(
        "Bảng tin",
        "Bảng tin công cộng theo vị trí",
        [
            ("", "boards_total"),
            ("", "boards_electronic"),
            ("Theo vị trí", "boards_at_office"),
            ("Theo vị trí", "boards_at_market"),
            ("Theo vị trí", "boards_at_square"),
            ("Theo vị trí", "boards_at_culture_house"),
            ("Theo vị trí", "boards_at_other"),
        ],
        {
            "boards_total": "Tổng số",
            "boards_electronic": "Bảng điện tử",
            "boards_at_office": "Trụ sở UBND",
            "boards_at_market": "Chợ",
            "boards_at_square": "Quảng trường",
            "boards_at_culture_house": "Nhà văn hóa",
            "boards_at_other": "Nơi khác",
        },
    ),
    TableForm(
        "Bảng tin, tình trạng",
        "Bảng tin công cộng theo tình trạng và thời gian sử dụng",
        [
            ("", "boards_total"),
            ("Theo tình trạng", "boards_good"),
            ("Theo tình trạng", "boards_degraded"),
            ("Theo tình trạng", "boards_broken"),
            ("Theo tình trạng", "boards_stopped"),
            ("Theo thời gian sử dụng", "boards_under_5_years"),
            ("Theo thời gian sử dụng", "boards_under_10_years"),
            ("Theo thời gian sử dụng", "boards_over_10_years"),
            ("Theo thời gian sử dụng", "boards_age_unknown"),
        ],
        {
            "boards_total": "Tổng số",
            "boards_good": "Tốt",
            "boards_degraded": "Kém",
            "boards_broken": "Hỏng",
            "boards_stopped": "Ngừng",
            "boards_under_5_years": "Dưới 5 năm",
            "boards_under_10_years": "Từ 5 đến dưới 10 năm",
            "boards_over_10_years": "Từ 10 năm",
            "boards_age_unknown": "Chưa rõ",
        },
    ),
)
_RATIOS: Mapping[str, Ratio] = {ratio.key: ratio for ratio in RATIOS}


def by_commune(report: SurveyReport, form: TableForm) -> Table:
    """A table with one row for each commune, its code, its figures and a total."""
    columns = [
        Column("STT", "integer", weight=0.4, align="center", code="A"),
        Column("Địa bàn", weight=2.2, code="B"),
        Column("Mã địa bàn", weight=0.8, align="center", code="C"),
    ]
    for number, (group, key) in enumerate(form.columns, start=1):
        kind = "decimal" if key in _RATIOS else "integer"
        columns.append(Column(form.titles[key], kind, group=group, code=str(number)))
    columns.append(Column("Phiếu", weight=1.5, align="center", code="D"))
    keys = [key for _group, key in form.columns]
    rows = [
        (number, row.name, row.code, *_cells(row.counts, keys), STATE_WORDS[row.state])
        for number, row in enumerate((*report.rows, *report.outside), start=1)
    ]
    sums = [ratio_value(report.totals, _RATIOS[key]) if key in _RATIOS else SUM for key in keys]
    return Table(columns, rows, [None, "Tổng cộng", None, *sums, None])


def _cells(counts: Mapping[str, int], keys: Sequence[str]) -> list:
    return [ratio_value(counts, _RATIOS[key]) if key in _RATIOS else counts[key] for key in keys]


def station_table(report: SurveyReport) -> Table:
    """Every station with its technologies and clusters; those below the average are marked."""
    columns = [
        Column("STT", "integer", weight=0.4, align="center", code="A"),
        Column("Địa bàn", weight=1.6, code="B"),
        Column("Mã địa bàn", weight=0.8, align="center", code="C"),
        Column("Đài truyền thanh", weight=2.6, code="D"),
        Column("Công nghệ, từ ngày", weight=3.2, code="1"),
        Column("Chuyển đổi CNTT-VT", "date", code="2"),
        Column("Tổng số", "integer", group="Cụm loa", code="3"),
        Column("Hoạt động", "integer", group="Cụm loa", code="4"),
        Column("Hỏng, ngừng", "integer", group="Cụm loa", code="5"),
        Column("Số loa", "integer", code="6"),
        Column("Ghi chú", weight=1.6, code="7"),
    ]
    rows = [
        _station_row(number, station, report.target)
        for number, station in enumerate(report.stations, start=1)
    ]
    total = [None, "Tổng cộng", None, None, None, None, SUM, SUM, SUM, SUM, None]
    return Table(columns, rows, total)


def _station_row(number: int, station: StationFigures, target: int) -> tuple:
    line = station.line
    remarks = [station.note] if station.note else []
    if line.elsewhere:
        remarks.append(f"{format_integer(line.elsewhere)} cụm ở địa bàn khác")
    if line.is_station and line.all_clusters < target:
        remarks.append(f"dưới {format_integer(target)} cụm")
    technologies = "; ".join(
        f"{TECHNOLOGY_WORDS[name]} ({format_date(day)})" for name, day in station.technologies
    )
    return (
        number,
        station.commune,
        station.code,
        station.name,
        technologies or TECHNOLOGY_WORDS.get(line.kind or "", ""),
        line.converted_on,
        line.clusters,
        line.working,
        line.clusters - line.working,
        line.horns,
        "; ".join(remarks),
    )


def summary_table(report: SurveyReport) -> Table:
    """The figures of the whole area, section by section, counts before shares."""
    columns = [
        Column("Chỉ tiêu", weight=4, code="A"),
        Column("Đơn vị tính", weight=1, align="center", code="B"),
        Column("Số liệu", weight=1.6, align="right", code="1"),
    ]
    totals = report.totals
    rows: list[Row] = []
    if len(report.rows) > 1:
        rows.append(Row(["Địa bàn cấp xã", None, None], level=1))
        rows.append(Row(["Tổng số xã, phường", "xã", format_integer(len(report.rows))]))
        rows += [
            Row([count.form_label, "xã", format_integer(report.communes_with(count.of))])
            for count in COMMUNE_COUNTS
        ]
    for section, words in SECTION_WORDS.items():
        rows.append(Row([words, None, None], level=1))
        rows += [
            Row([indicator.form_label, indicator.unit, format_integer(totals[indicator.key])])
            for indicator in INDICATORS
            if indicator.section == section
        ]
        rows += [
            Row([ratio.form_label, "%" if ratio.percent else "cụm/đài", _ratio(totals, ratio)])
            for ratio in RATIOS
            if BY_KEY[ratio.numerator].section == section
        ]
    return Table(columns, rows)


def _ratio(totals: Mapping[str, int], ratio: Ratio) -> str:
    return ratio_text(totals, ratio) or NO_FIGURE


def check_table(checks: Sequence[FigureCheck]) -> Table:
    """What the register had, what the commune confirmed, the difference and why."""
    columns = [
        Column("Chỉ tiêu", weight=3.2, code="A"),
        Column("Đơn vị tính", weight=1, align="center", code="B"),
        Column("Theo sổ", "integer", code="1"),
        Column("Xã xác nhận", "integer", code="2"),
        Column("Chênh lệch", "integer", code="3"),
        Column("Lý do", weight=2, code="4"),
    ]
    rows: list[Row] = []
    section = ""
    for check in checks:
        indicator = BY_KEY[check.key]
        if indicator.section != section:
            section = indicator.section
            rows.append(Row([SECTION_WORDS[section], None, None, None, None, None], level=1))
        rows.append(
            Row(
                [
                    indicator.form_label,
                    indicator.unit,
                    check.value,
                    check.confirmed,
                    check.confirmed - check.value,
                    check.note,
                ]
            )
        )
    return Table(columns, rows)


def unsent(rows: Sequence[PlaceFigures]) -> list[str]:
    """Names of the communes whose figures are the register's."""
    return [row.name for row in rows if not row.is_sent]
