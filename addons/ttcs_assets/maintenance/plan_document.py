"""The yearly maintenance plan as an official document; no record is read here.

The words are Vietnamese whatever the user's language, as in all official documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from odoo.addons.ttcs_base.documents import (
    SUM,
    Annex,
    Column,
    Heading,
    NarrativeBox,
    OfficialDocument,
    Paragraph,
    Row,
    Signature,
    Table,
    amount_in_words,
    format_integer,
)

COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center", code="A"),
    Column("Nội dung công việc", weight=2.6, code="B"),
    Column("Nhóm tài sản", weight=1.2, code="C"),
    Column("Số tài sản", "integer", weight=0.8, code="1"),
    Column("Số lần", "integer", weight=0.8, code="2"),
    Column("Tiền công một lần", "money", weight=1.1, code="3"),
    Column("Vật tư một lần", "money", weight=1.1, code="4"),
    Column("Thành tiền", "money", weight=1.3, code="5"),
    Column("Ghi chú", weight=1.4, code="6"),
)


@dataclass(frozen=True)
class PlannedWork:
    """One line; amounts in whole đồng."""

    agency: str
    task: str
    family: str
    assets: int
    times: int
    labour: int
    material: int
    note: str = ""

    @property
    def cost(self) -> int:
        """
        >>> PlannedWork("Xã A", "Vệ sinh", "Cụm loa", 2, 8, 60_000, 15_000).cost
        600000
        """
        return self.times * (self.labour + self.material)


def total_cost(works: Sequence[PlannedWork]) -> int:
    """In đồng, of all lines."""
    return sum(work.cost for work in works)


def plan_table(works: Sequence[PlannedWork]) -> Table:
    """The lines, under their agencies, with sums."""
    rows: list[Row] = []
    number = 0
    ordered = sorted(works, key=lambda work: work.agency)
    for agency, group in groupby(ordered, key=lambda work: work.agency):
        rows.append(_sum_row(agency))
        for work in group:
            number += 1
            rows.append(
                Row(
                    (
                        number,
                        work.task,
                        work.family,
                        work.assets,
                        work.times,
                        work.labour,
                        work.material,
                        work.cost,
                        work.note or None,
                    )  # fmt: skip
                )
            )
    return Table(COLUMNS, rows, _sum_row("Tổng cộng"), unit="Đơn vị tính: đồng")


def _sum_row(title: str) -> Row:
    return Row((None, title, None, None, SUM, None, None, SUM, None), 1)


def plan_document(
    works: Sequence[PlannedWork],
    *,
    year: int,
    agency: str,
    parent_body: str,
    symbol: str,
    place: str,
    purpose: str = "",
    measures: str = "",
    number: str = "",
    is_approved: bool = True,
) -> OfficialDocument:
    """The plan of one agency, or of an area with the plans below it."""
    cost = total_cost(works)
    blocks = [
        *([] if is_approved else [Paragraph("DỰ THẢO – chưa được phê duyệt.")]),
        NarrativeBox("I. MỤC ĐÍCH, YÊU CẦU", purpose),
        Heading(1, "II. NỘI DUNG, KINH PHÍ"),
        Paragraph(
            f"Tổng số {format_integer(sum(work.times for work in works))} lần bảo dưỡng trong "
            f"năm {year}; kinh phí dự kiến {format_integer(cost)} đồng (bằng chữ: "
            f"{amount_in_words(cost)}). Chi tiết tại phụ lục kèm theo."
        ),
        NarrativeBox("III. TỔ CHỨC THỰC HIỆN", measures),
    ]
    if number:
        blocks.append(Paragraph(f"Số theo dõi nội bộ: {number}."))
    blocks += [
        Annex(f"Danh mục công việc bảo dưỡng và kinh phí năm {year}", landscape=True),
        plan_table(works),
    ]
    return OfficialDocument(
        issuing_body=agency,
        parent_body=parent_body,
        symbol=symbol,
        place=place,
        subject=f"Bảo dưỡng, sửa chữa thường xuyên hệ thống thông tin cơ sở năm {year}",
        kind="Kế hoạch",
        year=year - 1,
        blocks=blocks,
        signatures=(
            Signature(("NGƯỜI LẬP KẾ HOẠCH",), hint="(Ký, ghi rõ họ tên)"),
            Signature(("THỦ TRƯỞNG ĐƠN VỊ",), hint="(Ký, ghi rõ họ tên, đóng dấu)"),
        ),
        recipients=("Cơ quan quản lý cấp trên (để báo cáo)", "Lưu: VT"),
    )
