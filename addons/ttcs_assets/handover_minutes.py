"""Minutes (biên bản) and list of the assets that a reform handed over to an agency.

What the list must tell (name, quantity, original cost, accumulated depreciation, residual
value, condition, place): Nghị định 186/2025/NĐ-CP on the transfer of public assets.  No record
is read here.  The words are Vietnamese whatever the user's language, as in all official documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from odoo.addons.ttcs_base.documents import (
    SUM,
    Annex,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Row,
    Sheet,
    Signature,
    Table,
    format_date,
    format_integer,
)

COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center", code="A"),
    Column("Mã tài sản", weight=1.1, code="B"),
    Column("Tên tài sản", weight=2.4, code="C"),
    Column("Loại tài sản", weight=1.4, code="D"),
    Column("Nơi đặt cũ", weight=1.9, code="1"),
    Column("Nơi đặt mới", weight=1.9, code="2"),
    Column("Ngày đưa vào sử dụng", "date", weight=1.1, code="3"),
    Column("Nguyên giá", "money", weight=1.3, code="4"),
    Column("Hao mòn lũy kế", "money", weight=1.3, code="5"),
    Column("Giá trị còn lại", "money", weight=1.3, code="6"),
    Column("Tình trạng", weight=1.1, code="7"),
)


@dataclass(frozen=True)
class HandedOver:
    """One asset handed over; amounts in whole đồng on the last day of the old map."""

    giver: str
    receiver: str
    code: str
    name: str
    kind: str
    old_place: str
    new_place: str
    in_use_since: dt.date | None
    original_cost: int
    accumulated_depreciation: int
    residual_value: int
    condition: str

    @property
    def cells(self) -> tuple[object, ...]:
        return (
            self.code, self.name, self.kind, self.old_place, self.new_place, self.in_use_since,
            self.original_cost, self.accumulated_depreciation, self.residual_value,
            self.condition,
        )  # fmt: skip


def _sum_row(title: str, level: int) -> Row:
    return Row((None, None, title, None, None, None, None, SUM, SUM, SUM, None), level)


def _table(assets: Sequence[HandedOver], group_by: str) -> Table:
    """A table grouped by the ``giver`` or the ``receiver``, with sums."""
    ordered = sorted(assets, key=lambda asset: (getattr(asset, group_by), asset.name, asset.code))
    rows: list[Row] = []
    number = 0
    for party, group in groupby(ordered, key=lambda asset: getattr(asset, group_by)):
        rows.append(_sum_row(party, 1))
        for asset in group:
            number += 1
            rows.append(Row((number, *asset.cells)))
    return Table(COLUMNS, rows, _sum_row("Tổng cộng", 1), unit="Đơn vị tính: đồng")


def minutes(
    assets: Sequence[HandedOver], receiver: str, place: str, date: dt.date, decision: str
) -> OfficialDocument:
    """The minutes between the agencies that ended and the one that took over.

    :param assets: those handed over to ``receiver``
    :param date: first day of the new map; the minutes leave room for the day of signing
    :param decision: number of the resolution of the reform, may be empty
    """
    givers = sorted({asset.giver for asset in assets})
    cost = sum(asset.original_cost for asset in assets)
    residual = sum(asset.residual_value for asset in assets)
    parties = [Heading(1, "I. BÊN GIAO")]
    parties += [Paragraph(f"- {giver}") for giver in givers]
    parties += [Heading(1, "II. BÊN NHẬN"), Paragraph(f"- {receiver}")]
    return OfficialDocument(
        issuing_body=receiver,
        symbol="BB-UBND",
        place=place,
        subject="Bàn giao, tiếp nhận tài sản hệ thống thông tin cơ sở khi sắp xếp đơn vị hành "
        "chính",
        kind="Biên bản",
        year=date.year,
        legal_bases=(f"Căn cứ {decision};",) if decision else (),
        blocks=[
            *parties,
            Heading(1, "III. NỘI DUNG BÀN GIAO"),
            Paragraph(
                f"Hai bên thống nhất bàn giao {format_integer(len(assets))} tài sản kể từ ngày "
                f"{format_date(date)}, theo danh mục kèm theo. Tổng nguyên giá "
                f"{format_integer(cost)} đồng, tổng giá trị còn lại "
                f"{format_integer(residual)} đồng."
            ),
            Paragraph("Biên bản được lập thành 04 bản có giá trị như nhau, mỗi bên giữ 02 bản."),
            Annex("Danh mục tài sản bàn giao", landscape=True),
            _table(assets, "giver"),
        ],
        signatures=(
            Signature(("ĐẠI DIỆN BÊN GIAO",), hint="(Ký, ghi rõ họ tên)"),
            Signature(("ĐẠI DIỆN BÊN NHẬN",), hint="(Ký, ghi rõ họ tên)"),
        ),
        recipients=("Như trên", "Lưu: VT"),
    )


def handover_sheet(assets: Sequence[HandedOver], date: dt.date) -> Sheet:
    """The list of everything handed over, grouped by receiving agency."""
    return Sheet(
        name="Danh mục bàn giao",
        table=_table(assets, "receiver"),
        titles=(
            "DANH MỤC TÀI SẢN BÀN GIAO",
            f"Khi sắp xếp đơn vị hành chính, kể từ ngày {format_date(date)}",
        ),
    )
