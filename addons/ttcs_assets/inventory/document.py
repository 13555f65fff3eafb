"""The minutes of a sheet and the report of a round; words are Vietnamese on purpose.

The minutes follow form C53-HD, Biên bản kiểm kê tài sản cố định (Thông tư 107/2017/TT-BTC, kept
by Thông tư 24/2024/TT-BTC).
"""

from __future__ import annotations

from collections.abc import Sequence

from odoo.addons.ttcs_base.documents import (
    Heading,
    OfficialDocument,
    Paragraph,
    Signature,
    format_date,
    format_integer,
)

from .report import InventoryReport, Member, SheetReport
from .tables import c53_table, commune_table, difference_table, running_table

SIGN = "(Ký, ghi rõ họ tên)"
SHEET_SIGNATURES = (
    Signature(["THỦ TRƯỞNG ĐƠN VỊ"], hint="(Ký, ghi rõ họ tên, đóng dấu)"),
    Signature(["KẾ TOÁN TRƯỞNG", "(Phụ trách kế toán)"], hint=SIGN),
    Signature(["TRƯỞNG TỔ KIỂM KÊ"], hint=SIGN),
)
ROUND_SIGNATURES = (
    Signature(["NGƯỜI LẬP BIỂU"], hint=SIGN),
    Signature(["THƯ KÝ HỘI ĐỒNG"], hint=SIGN),
    Signature(["CHỦ TỊCH HỘI ĐỒNG KIỂM KÊ"], hint="(Ký, ghi rõ họ tên, đóng dấu)"),
)
NOBODY = "Chưa phân công."


def sheet_document(report: SheetReport) -> OfficialDocument:
    """The minutes of one sheet, form C53-HD."""
    decision = f" theo {report.decision}" if report.decision else ""
    blocks = [
        Paragraph("Mẫu số C53-HD"),
        Paragraph(
            f"Thời điểm kiểm kê: 0 giờ {format_date(report.freeze_date)}. Đợt kiểm kê: "
            f"{report.inventory}{decision}."
        ),
        Paragraph(f"Đơn vị: {report.agency}. Mã quan hệ ngân sách: {report.budget_code or '…'}."),
        Paragraph(f"Địa điểm kiểm kê: {report.unit}."),
        Paragraph(
            f"Bắt đầu kiểm đếm: {report.began_at or '…'}; kết thúc: {report.ended_at or '…'}."
        ),
        Heading(2, "1. Hội đồng kiểm kê"),
        _members(report.committee),
        Heading(2, "2. Tổ kiểm kê"),
        _members(report.team),
        Heading(2, "3. Đã kiểm kê tài sản cố định, kết quả như sau"),
        *_left(report),
        c53_table(report),
        Heading(2, "4. Giải trình chênh lệch và kiến nghị xử lý"),
        difference_table(report),
    ]
    if report.number:
        blocks.append(Paragraph(f"Số theo dõi nội bộ của biên bản: {report.number}."))
    return OfficialDocument(
        issuing_body=report.agency,
        symbol="BB-KKTS",
        place=report.place,
        year=report.freeze_date.year,
        kind="Biên bản",
        subject="Kiểm kê tài sản cố định",
        blocks=blocks,
        signatures=SHEET_SIGNATURES,
        recipients=["Hội đồng kiểm kê", "Lưu: VT"],
        landscape=True,
    )


def _left(report: SheetReport) -> Sequence[Paragraph]:
    """Says of minutes that are printed early how much is not counted yet."""
    left = sum(line.is_pending for line in report.lines)
    if not left:
        return []
    return [
        Paragraph(f"DỰ THẢO – ĐANG KIỂM ĐẾM: còn {format_integer(left)} tài sản chưa kiểm đếm.")
    ]


def round_document(report: InventoryReport) -> OfficialDocument:
    """The report of a round by commune."""
    blocks = [
        Heading(1, "I. TỔ CHỨC KIỂM KÊ"),
        Paragraph(
            f"{report.inventory}; thời điểm kiểm kê 0 giờ {format_date(report.freeze_date)}; "
            f"địa bàn: {report.area}."
        ),
        _members(report.committee),
        Heading(1, "II. KẾT QUẢ"),
        *_unfinished(report),
        Paragraph(_summary(report)),
        commune_table(report),
    ]
    if report.running_rows:
        blocks += [Heading(2, "Các phiếu đang kiểm đếm"), running_table(report)]
    if report.conclusion:
        blocks += [Heading(1, "III. KẾT LUẬN, KIẾN NGHỊ"), Paragraph(report.conclusion)]
    if report.number:
        blocks.append(Paragraph(f"Số theo dõi nội bộ của báo cáo: {report.number}."))
    return OfficialDocument(
        parent_body=report.parent_body,
        issuing_body=report.agency,
        symbol=report.symbol,
        place=report.place,
        year=report.freeze_date.year,
        kind="Báo cáo",
        subject="Tổng hợp kết quả kiểm kê tài sản hệ thống thông tin cơ sở",
        legal_bases=[f"Căn cứ {report.decision};"] if report.decision else [],
        blocks=blocks,
        signatures=ROUND_SIGNATURES,
        recipients=[*filter(None, [report.parent_body]), "Hội đồng kiểm kê", "Lưu: VT"],
        landscape=True,
    )


def _unfinished(report: InventoryReport) -> Sequence[Paragraph]:
    """Says first of a round that is being counted what its figures leave out."""
    running = report.running_rows
    if not running:
        return []
    left = format_integer(sum(row.pending for row in running))
    return [
        Paragraph(
            f"DỰ THẢO – ĐANG KIỂM ĐẾM: còn {format_integer(len(running))} phiếu chưa chốt, "
            f"{left} tài sản chưa kiểm đếm. Số liệu dưới đây chỉ gồm các phiếu đã chốt kiểm đếm."
        )
    ]


def _summary(report: InventoryReport) -> str:
    def number(name: str) -> str:
        return format_integer(report.total(name))

    return (
        f"Theo sổ kế toán: {number('quantity')} tài sản, nguyên giá {number('original_cost')} "
        f"đồng, giá trị còn lại {number('residual_value')} đồng.\n"
        f"Theo kiểm kê: {number('counted_quantity')} tài sản, nguyên giá "
        f"{number('counted_cost')} đồng, giá trị còn lại {number('counted_residual')} đồng.\n"
        f"Trong đó thiếu {number('missing')}, tìm thấy ở nơi khác {number('elsewhere')}, "
        f"thừa {number('unexpected')}, hỏng {number('broken')} tài sản."
    )


def _members(members: Sequence[Member]) -> Paragraph:
    lines = [
        f"- {', '.join(filter(None, (member.name, member.position)))}: {member.role}"
        for member in members
    ]
    return Paragraph("\n".join(lines) or NOBODY)
