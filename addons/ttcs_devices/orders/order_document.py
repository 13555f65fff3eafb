"""The report on an order to devices as an official document; no record is read here.

What was ordered, by whom, who agreed, and what became of it in each commune and at each device
that did not carry it out.  The words are Vietnamese whatever the user's language, as in all
official documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from odoo.addons.ttcs_base.documents import (
    SUM,
    Annex,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Row,
    Signature,
    Table,
    format_integer,
)

COMMUNE_COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center", code="A"),
    Column("Địa bàn", weight=2.6, code="B"),
    Column("Số thiết bị nhận lệnh", "integer", weight=1.2, code="1"),
    Column("Đã thực hiện", "integer", weight=1.1, code="2"),
    Column("Đang thực hiện", "integer", weight=1.1, code="3"),
    Column("Không thực hiện", "integer", weight=1.1, code="4"),
)
DEVICE_COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center", code="A"),
    Column("Tài sản, thiết bị", weight=2.6, code="B"),
    Column("Địa bàn", weight=1.6, code="C"),
    Column("Kết quả", weight=1.4, code="1"),
    Column("Lý do", weight=1.8, code="2"),
)


@dataclass(frozen=True)
class DeviceResult:
    """One device; ``result`` and ``why`` in words.

    :param outcome: ``done``, ``open`` (not ended), ``undone`` or ``left_out``
    """

    commune: str
    device: str
    outcome: str
    result: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderPaper:
    """An order as its report tells it; moments are local."""

    what: str
    mode: str
    reason: str
    released_at: dt.datetime
    author: str
    second: str = ""
    alone_reason: str = ""
    cancelled_at: dt.datetime | None = None
    is_emergency: bool = False


def by_commune(results: Sequence[DeviceResult]) -> list[tuple[str, int, int, int, int]]:
    """Per commune: devices asked, done, still open, not done; those left out count nowhere.

    >>> by_commune([DeviceResult("Xã A", "x", "done", ""), DeviceResult("Xã A", "y", "open", ""),
    ...     DeviceResult("Xã B", "z", "left_out", "")])
    [('Xã A', 2, 1, 1, 0)]
    """
    asked = [result for result in results if result.outcome != "left_out"]
    communes = list(dict.fromkeys(result.commune for result in asked))
    rows = []
    for commune in communes:
        outcomes = [result.outcome for result in asked if result.commune == commune]
        counts = [outcomes.count(outcome) for outcome in ("done", "open", "undone")]
        rows.append((commune, len(outcomes), *counts))
    return rows


def order_document(
    paper: OrderPaper,
    results: Sequence[DeviceResult],
    *,
    agency: str,
    parent_body: str,
    symbol: str,
    place: str,
) -> OfficialDocument:
    """The report on one order."""
    rows = by_commune(results)
    asked, done, still_open, undone = (sum(row[n] for row in rows) for n in range(1, 5))
    others = [result for result in results if result.outcome != "done"]
    blocks = [
        Heading(1, "I. NỘI DUNG LỆNH"),
        Paragraph("\n".join(_order_lines(paper))),
        Heading(1, "II. KẾT QUẢ"),
        Paragraph(
            f"Số thiết bị nhận lệnh: {format_integer(asked)}; đã thực hiện: "
            f"{format_integer(done)}; đang thực hiện: {format_integer(still_open)}; không thực "
            f"hiện: {format_integer(undone)}."
        ),
        Table(
            COMMUNE_COLUMNS,
            [Row((number, *row)) for number, row in enumerate(rows, 1)],
            Row((None, "Tổng cộng", SUM, SUM, SUM, SUM), 1),
        ),
    ]
    if others:
        blocks += [
            Annex("Thiết bị chưa hoặc không thực hiện lệnh"),
            Table(
                DEVICE_COLUMNS,
                [
                    Row((number, one.device, one.commune, one.result, one.why or None))
                    for number, one in enumerate(others, 1)
                ],
            ),
        ]
    kind = "lệnh khẩn cấp" if paper.is_emergency else "lệnh điều khiển thiết bị"
    return OfficialDocument(
        issuing_body=agency,
        parent_body=parent_body,
        symbol=symbol,
        place=place,
        subject=f"Kết quả thực hiện {kind} ngày {paper.released_at:%d/%m/%Y}",
        kind="Báo cáo",
        year=paper.released_at.year,
        blocks=blocks,
        signatures=(
            Signature(("NGƯỜI RA LỆNH",), hint="(Ký, ghi rõ họ tên)"),
            Signature(("THỦ TRƯỞNG CƠ QUAN",), hint="(Ký, ghi rõ họ tên, đóng dấu)"),
        ),
        recipients=("Lưu: VT.",),
    )


def _order_lines(paper: OrderPaper) -> list[str]:
    lines = [
        f"- Lệnh: {paper.what}.",
        f"- Hình thức: {paper.mode}.",
        f"- Lý do: {paper.reason}",
        f"- Phát lệnh lúc: {paper.released_at:%H giờ %M phút, ngày %d/%m/%Y}.",
        f"- Người ra lệnh: {paper.author}.",
    ]
    if paper.second:
        lines.append(f"- Người thứ hai đồng ý: {paper.second}.")
    if paper.alone_reason:
        lines.append(f"- Phát khi chưa có người thứ hai, vì: {paper.alone_reason}")
    if paper.cancelled_at:
        lines.append(f"- Hủy lệnh lúc: {paper.cancelled_at:%H giờ %M phút, ngày %d/%m/%Y}.")
    return lines
