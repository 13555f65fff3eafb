"""The minutes by which assets pass from one custodian to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from odoo.addons.ttcs_base.documents import (
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Row,
    Signature,
    Table,
    format_date,
    format_integer,
)

COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center"),
    Column("Mã tài sản", weight=1.1),
    Column("Tên tài sản", weight=2.6),
    Column("Nơi đặt", weight=2.0),
    Column("Tình trạng", weight=1.2),
    Column("Ghi chú", weight=1.4),
)


@dataclass(frozen=True)
class HandedItem:
    """One asset as both sides saw it."""

    code: str
    name: str
    place: str
    condition: str
    note: str


@dataclass(frozen=True, kw_only=True)
class HandoverPaper:
    """A hand-over; ``giver`` and ``receiver`` are a person or an office."""

    agency: str
    agency_code: str
    place: str
    date: dt.date
    giver: str
    receiver: str
    receiver_agency: str
    giver_name: str
    receiver_name: str
    is_signed: bool
    items: Sequence[HandedItem]
    note: str = ""


def custody_minutes(paper: HandoverPaper) -> OfficialDocument:
    """Biên bản bàn giao tài sản (giao quản lý, sử dụng)."""
    parties = dict.fromkeys(filter(None, (paper.receiver, paper.receiver_agency)))
    rows = [
        Row((number, item.code, item.name, item.place, item.condition, item.note))
        for number, item in enumerate(paper.items, 1)
    ]
    blocks = [
        Heading(1, "I. BÊN GIAO"),
        Paragraph(f"- {paper.giver}"),
        Heading(1, "II. BÊN NHẬN"),
        Paragraph(f"- {', '.join(parties)}"),
        Heading(1, "III. TÀI SẢN BÀN GIAO"),
        Paragraph(
            f"Kể từ ngày {format_date(paper.date)}, bên nhận chịu trách nhiệm quản lý, sử dụng "
            f"{format_integer(len(paper.items))} tài sản sau:"
        ),
        Table(COLUMNS, rows),
    ]
    if paper.note:
        blocks.append(Paragraph(f"Ghi chú: {paper.note}"))
    blocks.append(
        Paragraph("Biên bản được lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản.")
    )
    code = "".join(paper.agency_code.split()).replace("/", "-") or "UBND"
    return OfficialDocument(
        issuing_body=paper.agency,
        symbol=f"BB-{code}",
        place=paper.place,
        subject="Bàn giao tài sản (giao quản lý, sử dụng)",
        kind="Biên bản",
        date=paper.date,
        blocks=blocks,
        signatures=tuple(
            Signature(
                (title,),
                name=name or None,
                hint="(Đã ký trên thiết bị)" if paper.is_signed else "(Ký, ghi rõ họ tên)",
            )
            for title, name in (
                ("ĐẠI DIỆN BÊN GIAO", paper.giver_name),
                ("ĐẠI DIỆN BÊN NHẬN", paper.receiver_name),
            )
        ),
        recipients=("Như trên", "Lưu: VT"),
    )
