"""The lines of an inventory as a workbook; words are Vietnamese on purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from odoo.addons.ttcs_base.documents import Sheet, Table, format_date, render_xlsx

from .document import ROUND_SIGNATURES, SHEET_SIGNATURES
from .report import InventoryReport, SheetReport
from .tables import c53_table, commune_table, line_table


def sheet_workbook(report: SheetReport, taken_at: dt.datetime) -> bytes:
    """The minutes of one sheet as a table, form C53-HD."""
    table = c53_table(report)
    sheets = [
        _sheet("Kiểm kê TSCĐ", "Biên bản kiểm kê tài sản cố định", table, report, True),
        _sheet("Chi tiết", "Chi tiết tài sản kiểm kê", line_table([report]), report, False),
    ]
    return render_xlsx(sheets, _source(report, taken_at))


def round_workbook(
    report: InventoryReport, sheets: Sequence[SheetReport], taken_at: dt.datetime
) -> bytes:
    """The totals by commune, and every line of every sheet."""
    title = "Tổng hợp kết quả kiểm kê"
    tables = [
        _sheet("Tổng hợp", title, commune_table(report), report, True),
        _sheet("Chi tiết", "Chi tiết tài sản kiểm kê", line_table(sheets), report, False),
    ]
    return render_xlsx(tables, _source(report, taken_at))


def _sheet(
    name: str, title: str, table: Table, report: SheetReport | InventoryReport, signed: bool
) -> Sheet:
    is_round = isinstance(report, InventoryReport)
    signatures = ROUND_SIGNATURES if is_round else SHEET_SIGNATURES
    return Sheet(
        name,
        table,
        titles=[
            title.upper(),
            f"Thời điểm kiểm kê: 0 giờ {format_date(report.freeze_date)}",
        ],
        form_lines=[report.agency, *([] if is_round else ["Mẫu số C53-HD"])],
        signatures=signatures if signed else (),
    )


def _source(report: SheetReport | InventoryReport, taken_at: dt.datetime) -> dict[str, object]:
    return {
        "parameters": {
            "Đợt kiểm kê": report.inventory,
            "Thời điểm kiểm kê": format_date(report.freeze_date),
            "Đơn vị": report.agency,
            "Số theo dõi nội bộ": report.number,
        },
        "snapshot_hash": report.sha256,
        "taken_at": taken_at,
    }
