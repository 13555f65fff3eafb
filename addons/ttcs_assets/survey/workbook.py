"""The report of a survey as a workbook with codes; words are Vietnamese on purpose."""

from __future__ import annotations

import datetime as dt

from odoo.addons.ttcs_base.documents import Sheet, Table, format_date, render_xlsx

from .document import SIGNATURES, definitions
from .report import SurveyReport
from .tables import TABLE_FORMS, by_commune, check_table, station_table, summary_table


def report_workbook(report: SurveyReport, taken_at: dt.datetime) -> bytes:
    """Every table of the report on a sheet of its own, with the hash of its figures."""
    tables = [("Tổng hợp", "Tổng hợp hiện trạng", summary_table(report))]
    if report.checks:
        title = "Số liệu theo sổ và xã xác nhận"
        tables.append(("Đối chiếu", title, check_table(report.checks)))
    else:
        tables += [(form.sheet_name, form.title, by_commune(report, form)) for form in TABLE_FORMS]
    tables.append(("Danh sách đài", "Danh sách đài truyền thanh cấp xã", station_table(report)))
    source = {
        "parameters": {
            "Đợt rà soát": report.name,
            "Địa bàn": report.area,
            "Ngày chốt số liệu": format_date(report.map_date),
            "Mức bình quân cụm loa": report.target,
            "Số theo dõi nội bộ": report.internal_number,
        },
        "snapshot_hash": report.sha256,
        "taken_at": taken_at,
    }
    return render_xlsx([_sheet(report, *each) for each in tables], source)


def _sheet(report: SurveyReport, name: str, title: str, table: Table) -> Sheet:
    return Sheet(
        name,
        table,
        titles=[
            title.upper(),
            f"Năm {report.year}, số liệu chốt ngày {format_date(report.map_date)}",
        ],
        form_lines=[
            f"Đơn vị báo cáo: {report.issuing_body}",
            f"Đơn vị nhận báo cáo: {', '.join(report.addressees)}",
            f"Thời hạn: {format_date(report.due_date)}",
        ],
        signatures=SIGNATURES,
        definitions=definitions(report),
    )
