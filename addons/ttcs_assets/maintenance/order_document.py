"""The minutes of a work order: of the repair and of its acceptance; no record is read here.

In the form of Nghị định 30/2020/NĐ-CP.  What was found, done, fitted and paid, by whom, and how
the asset was before and after.  The words are Vietnamese whatever the user's language, as in all
official documents; what is not recorded stays open as dotted lines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from odoo.addons.ttcs_base.documents import (
    SUM,
    Column,
    Heading,
    NarrativeBox,
    OfficialDocument,
    Paragraph,
    Row,
    Signature,
    Table,
    amount_in_words,
    format_date,
    format_integer,
)
from odoo.addons.ttcs_base.documents.description import Block

PART_COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center", code="A"),
    Column("Tên vật tư, phụ tùng", weight=2.4, code="B"),
    Column("Đơn vị tính", weight=0.8, align="center", code="C"),
    Column("Số lượng", weight=0.8, align="right", code="1"),
    Column("Đơn giá", "money", weight=1.1, code="2"),
    Column("Thành tiền", "money", weight=1.2, code="3"),
    Column("Số sê-ri tháo ra / lắp vào", weight=1.5, code="4"),
)
LABOUR_COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center", code="A"),
    Column("Người, đơn vị thực hiện", weight=2.2, code="B"),
    Column("Nội dung", weight=2.0, code="C"),
    Column("Thời gian (phút)", "integer", weight=0.9, code="1"),
    Column("Đơn giá một giờ", "money", weight=1.1, code="2"),
    Column("Thành tiền", "money", weight=1.2, code="3"),
)
SIGN_HINT = "(Ký, ghi rõ họ tên)"


@dataclass(frozen=True)
class PartUsed:
    """A part; amounts in whole đồng."""

    name: str
    uom: str
    quantity: float
    unit_price: int
    amount: int
    serials: str = ""


@dataclass(frozen=True)
class LabourDone:
    """Somebody's work; amounts in whole đồng."""

    worker: str
    work: str
    minutes: int
    hourly_rate: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class OrderPaper:
    """A work order as its minutes tell it.

    Moments are local; ``closed_at`` None while the order is open, which leaves room for the day.
    ``contractor`` is empty where the agency's own people did the work; ``downtime`` in minutes.
    """

    agency: str
    agency_code: str
    place: str
    title: str
    asset: str
    asset_code: str
    asset_place: str
    serial: str
    model: str
    reported_at: dt.datetime
    reporter: str
    description: str
    condition_before: str
    condition_after: str
    result: str
    resolution: str
    parts: Sequence[PartUsed]
    labour: Sequence[LabourDone]
    other_cost: int
    cost_total: int
    payer: str
    technician: str = ""
    closed_at: dt.datetime | None = None
    repair_due: dt.datetime | None = None
    contract: str = ""
    contractor: str = ""
    downtime: int = 0
    penalty_percent: float = 0
    no_claim_reason: str = ""

    @property
    def worker(self) -> str:
        return self.contractor or self.technician


def _moment(moment: dt.datetime) -> str:
    """
    >>> _moment(dt.datetime(2026, 3, 6, 7, 5))
    '07 giờ 05 ngày 06/03/2026'
    """
    return f"{moment:%H} giờ {moment:%M} ngày {format_date(moment.date())}"


def _length(minutes: int) -> str:
    """
    >>> _length(45), _length(150), _length(228_379)
    ('45 phút', '2 giờ 30 phút', '158 ngày 14 giờ 19 phút')
    """
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = ((days, "ngày"), (hours, "giờ"), (left, "phút"))
    told = " ".join(f"{count} {unit}" for count, unit in parts if count)
    return told or "0 phút"


def _quantity(quantity: float) -> str:
    """
    >>> _quantity(2.0), _quantity(1.5)
    ('2', '1,5')
    """
    return f"{quantity:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _asset(order: OrderPaper) -> list[Block]:
    code = f" (mã tài sản {order.asset_code})" if order.asset_code else ""
    lines = [f"- Tài sản: {order.asset}{code}."]
    if order.asset_place:
        lines.append(f"- Nơi đặt: {order.asset_place}.")
    told = [text for text in (order.model, order.serial and f"số sê-ri {order.serial}") if text]
    if told:
        lines.append(f"- Kiểu máy, số sê-ri: {', '.join(told)}.")
    lines.append(f"- Báo hỏng: {_moment(order.reported_at)} ({order.reporter.lower()}).")
    return [Paragraph(line) for line in lines]


def part_table(parts: Sequence[PartUsed]) -> Table:
    rows = [
        Row(
            (number, part.name, part.uom, _quantity(part.quantity), part.unit_price,
             part.amount, part.serials)
        )
        for number, part in enumerate(parts, 1)
    ]  # fmt: skip
    total = Row((None, "Cộng", None, None, None, SUM, None), 1)
    return Table(PART_COLUMNS, rows, total, unit="Đơn vị tính tiền: đồng")


def labour_table(labour: Sequence[LabourDone]) -> Table:
    rows = [
        Row((number, done.worker, done.work, done.minutes, done.hourly_rate, done.amount))
        for number, done in enumerate(labour, 1)
    ]
    total = Row((None, "Cộng", None, SUM, None, SUM), 1)
    return Table(LABOUR_COLUMNS, rows, total, unit="Đơn vị tính tiền: đồng")


def _costs(order: OrderPaper) -> list[Block]:
    blocks: list[Block] = []
    if order.parts:
        blocks += [Paragraph("Vật tư, phụ tùng đã dùng:"), part_table(order.parts)]
    if order.labour:
        blocks += [Paragraph("Nhân công:"), labour_table(order.labour)]
    if order.other_cost:
        blocks.append(Paragraph(f"Chi phí khác: {format_integer(order.other_cost)} đồng."))
    if order.cost_total:
        blocks.append(
            Paragraph(
                f"Tổng chi phí: {format_integer(order.cost_total)} đồng (bằng chữ: "
                f"{amount_in_words(order.cost_total)}). Nguồn chi trả: {order.payer.lower()}."
            )
        )
        if order.no_claim_reason:
            blocks.append(
                Paragraph(
                    "Tài sản còn bảo hành; lý do không yêu cầu nhà cung cấp chi trả: "
                    f"{order.no_claim_reason}."
                )
            )
    else:
        blocks.append(Paragraph("Không phát sinh chi phí."))
    return blocks


def _minutes(
    order: OrderPaper, subject: str, blocks: Sequence[Block], signers: Sequence[tuple[str, str]]
) -> OfficialDocument:
    code = "".join(order.agency_code.split()).replace("/", "-")
    return OfficialDocument(
        issuing_body=order.agency,
        symbol=f"BB-{code or 'UBND'}",
        place=order.place,
        subject=subject,
        kind="Biên bản",
        date=order.closed_at.date() if order.closed_at else None,
        year=None if order.closed_at else order.reported_at.year,
        blocks=blocks,
        signatures=[
            Signature((authority,), name=name or None, hint=SIGN_HINT)
            for authority, name in signers
        ],
        recipients=("Các bên ký biên bản", "Lưu: VT, hồ sơ tài sản"),
    )


def repair_minutes(order: OrderPaper) -> OfficialDocument:
    """Minutes of a repair (Biên bản sửa chữa)."""
    after: list[Block] = []
    if order.result:
        after.append(Paragraph(f"- Kết quả: {order.result}."))
    if order.condition_after:
        after.append(Paragraph(f"- Tình trạng tài sản: {order.condition_after}."))
    if order.closed_at:
        after.append(Paragraph(f"- Hoàn thành: {_moment(order.closed_at)}."))
    if order.downtime:
        after.append(Paragraph(f"- Thời gian ngừng hoạt động: {_length(order.downtime)}."))
    blocks = [
        Heading(1, "I. TÀI SẢN VÀ SỰ CỐ"),
        *_asset(order),
        Paragraph(f"- Nội dung báo hỏng: {order.title}."),
        *([Paragraph(order.description)] if order.description else []),
        Heading(1, "II. TÌNH TRẠNG TRƯỚC KHI SỬA CHỮA"),
        Paragraph(f"{order.condition_before}.")
        if order.condition_before
        else NarrativeBox("Tình trạng", lines=2),
        Heading(1, "III. NỘI DUNG SỬA CHỮA"),
        Paragraph(order.resolution)
        if order.resolution
        else NarrativeBox("Công việc đã thực hiện", lines=4),
        Heading(1, "IV. VẬT TƯ, NHÂN CÔNG, CHI PHÍ"),
        *_costs(order),
        Heading(1, "V. TÌNH TRẠNG SAU KHI SỬA CHỮA"),
        *(after or [NarrativeBox("Tình trạng", lines=2)]),
    ]
    return _minutes(
        order,
        f"Sửa chữa {order.asset}",
        blocks,
        (
            ("NGƯỜI SỬA CHỮA", order.technician),
            ("NGƯỜI QUẢN LÝ, SỬ DỤNG TÀI SẢN", ""),
            ("THỦ TRƯỞNG ĐƠN VỊ", ""),
        ),
    )


def acceptance_minutes(order: OrderPaper) -> OfficialDocument:
    """Minutes of the acceptance of a repair (Biên bản nghiệm thu)."""
    basis = []
    if order.contract:
        basis.append(f"Hợp đồng số {order.contract}.")
    times = [Paragraph(f"- Tiếp nhận báo hỏng: {_moment(order.reported_at)}.")]
    if order.repair_due:
        times.append(
            Paragraph(f"- Thời hạn hoàn thành theo hợp đồng: {_moment(order.repair_due)}.")
        )
    if order.closed_at:
        times.append(Paragraph(f"- Hoàn thành: {_moment(order.closed_at)}."))
    if order.repair_due and order.closed_at:
        late = order.closed_at > order.repair_due
        times.append(Paragraph(f"- Tiến độ: {'chậm' if late else 'đúng'} thời hạn hợp đồng."))
    if order.penalty_percent:
        percent = f"{order.penalty_percent:g}".replace(".", ",")
        times.append(Paragraph(f"- Mức phạt do chậm thời hạn: {percent} % phí dịch vụ của tháng."))
    blocks = [
        *(Paragraph(f"Căn cứ {line}") for line in basis),
        Heading(1, "I. THÀNH PHẦN NGHIỆM THU"),
        Paragraph(f"Bên A (bên sử dụng): {order.agency}."),
        NarrativeBox("Đại diện, chức vụ", lines=1),
        Paragraph(f"Bên B (bên sửa chữa): {order.worker}.")
        if order.worker
        else NarrativeBox("Bên B (bên sửa chữa)", lines=1),
        NarrativeBox("Đại diện, chức vụ", lines=1),
        Heading(1, "II. ĐỐI TƯỢNG NGHIỆM THU"),
        *_asset(order),
        Paragraph(f"- Nội dung công việc: {order.title}."),
        Heading(1, "III. THỜI GIAN THỰC HIỆN"),
        *times,
        Heading(1, "IV. KHỐI LƯỢNG, GIÁ TRỊ NGHIỆM THU"),
        *([Paragraph(order.resolution)] if order.resolution else []),
        *_costs(order),
        Heading(1, "V. KẾT LUẬN"),
        Paragraph(
            f"Kết quả: {order.result or '…………'}. Tình trạng tài sản sau sửa chữa: "
            f"{order.condition_after or '…………'}."
        ),
        NarrativeBox("Ý kiến của các bên (đồng ý nghiệm thu, tồn tại cần khắc phục)", lines=2),
        Paragraph("Biên bản được lập thành 04 bản có giá trị như nhau, mỗi bên giữ 02 bản."),
    ]
    return _minutes(
        order,
        f"Nghiệm thu sửa chữa {order.asset}",
        blocks,
        (("ĐẠI DIỆN BÊN A", ""), ("ĐẠI DIỆN BÊN B", "")),
    )
