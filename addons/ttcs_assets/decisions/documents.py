"""The documents of a decision on public assets, in the form of Nghị định 30/2020/NĐ-CP.

What they must tell (name, quantity, original cost, residual value, condition, reason): Nghị
định 186/2025/NĐ-CP.  Minutes follow forms C50-HD (giao nhận) and C51-HD (thanh lý).  The words
are Vietnamese whatever the user's language, as in all official documents.  No record is read.
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
    NarrativeBox,
    OfficialDocument,
    Paragraph,
    Row,
    Sheet,
    Signature,
    Table,
    amount_in_words,
    format_date,
    format_integer,
)
from odoo.addons.ttcs_base.documents.description import Block

KINDS = {
    "transfer": "điều chuyển",
    "recall": "thu hồi",
    "sale": "bán",
    "disposal": "thanh lý",
    "destruction": "tiêu hủy",
    "loss": "xử lý tài sản bị mất, bị hủy hoại",
}
METHODS = {
    "auction": "đấu giá",
    "listed_price": "niêm yết giá",
    "appointed": "chỉ định",
    "dismantle": "phá dỡ, hủy bỏ",
    "sell_material": "bán vật liệu, vật tư thu hồi",
}
COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center", code="A"),
    Column("Mã tài sản", weight=1.1, code="B"),
    Column("Tên tài sản", weight=2.6, code="C"),
    Column("Nơi đặt", weight=2.0, code="D"),
    Column("Ngày đưa vào sử dụng", "date", weight=1.1, code="1"),
    Column("Số lượng", "integer", weight=0.7, code="2"),
    Column("Nguyên giá", "money", weight=1.3, code="3"),
    Column("Hao mòn lũy kế", "money", weight=1.3, code="4"),
    Column("Giá trị còn lại", "money", weight=1.3, code="5"),
    Column("Tình trạng", weight=1.2, code="6"),
)
DECISION_SYMBOL = "QĐ-UBND"
# For the names of those who hand over and take over, written by hand on the day.
REPRESENTATIVE = f"Đại diện: ông/bà {'…' * 24} Chức vụ: {'…' * 14}"
SIGN_HINT = "(Ký, ghi rõ họ tên)"


@dataclass(frozen=True)
class DossierAsset:
    """One asset of a dossier; amounts in whole đồng on the dossier's day."""

    code: str
    name: str
    place: str
    in_use_since: dt.date | None
    original_cost: int
    accumulated_depreciation: int
    residual_value: int
    condition: str


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A dossier as its documents tell it.

    ``kind`` is a key of :data:`KINDS`, ``method`` of :data:`METHODS` or empty; ``approver``
    and ``receiver`` are names of offices, empty where there is none; ``status`` says what a
    decision is that nobody has signed, empty once it is one; ``carried_out_on`` is None while the
    minutes leave room for the day.
    """

    kind: str
    agency: str
    agency_code: str
    place: str
    date: dt.date
    assets: Sequence[DossierAsset]
    reason: str = ""
    approver: str = ""
    approver_place: str = ""
    status: str = ""
    receiver: str = ""
    receiver_place: str = ""
    method: str = ""
    cause: str = ""
    responsibility: str = ""
    compensation: int = 0
    expected_proceeds: int = 0
    expected_cost: int = 0
    decision_number: str = ""
    decision_date: dt.date | None = None
    carried_out_on: dt.date | None = None
    legal_bases: tuple[str, ...] = ()

    @property
    def act(self) -> str:
        return KINDS[self.kind]

    @property
    def original_cost(self) -> int:
        return sum(asset.original_cost for asset in self.assets)

    @property
    def residual_value(self) -> int:
        return sum(asset.residual_value for asset in self.assets)


def asset_table(assets: Sequence[DossierAsset]) -> Table:
    """The list that every document of a dossier carries, with sums."""
    rows = [
        Row(
            (
                number,
                asset.code,
                asset.name,
                asset.place,
                asset.in_use_since,
                1,
                asset.original_cost,
                asset.accumulated_depreciation,
                asset.residual_value,
                asset.condition,
            )
        )
        for number, asset in enumerate(assets, 1)
    ]
    total = Row((None, None, "Tổng cộng", None, None, SUM, SUM, SUM, SUM, None), 1)
    return Table(COLUMNS, rows, total, unit="Đơn vị tính: đồng")


def list_sheet(dossier: Dossier) -> Sheet:
    """The dossier's list as a sheet of a workbook."""
    return Sheet(
        name="Danh mục tài sản",
        table=asset_table(dossier.assets),
        titles=(
            f"DANH MỤC TÀI SẢN ĐỀ NGHỊ {dossier.act.upper()}",
            f"{dossier.agency}, ngày {format_date(dossier.date)}",
        ),
    )


def _sums(dossier: Dossier) -> Paragraph:
    cost = dossier.original_cost
    return Paragraph(
        f"Số lượng: {format_integer(len(dossier.assets))} tài sản. Tổng nguyên giá: "
        f"{format_integer(cost)} đồng ({amount_in_words(cost)}). Tổng giá trị còn lại: "
        f"{format_integer(dossier.residual_value)} đồng."
    )


def _terms(dossier: Dossier) -> list[Block]:
    """How the decision is to be carried out; only what this kind has."""
    told = []
    if dossier.receiver:
        where = f", nơi đặt: {dossier.receiver_place}" if dossier.receiver_place else ""
        told.append(f"Cơ quan, đơn vị tiếp nhận: {dossier.receiver}{where}.")
    if dossier.method:
        told.append(f"Hình thức: {METHODS[dossier.method]}.")
    if dossier.cause:
        told.append(f"Nguyên nhân: {dossier.cause}.")
    if dossier.responsibility:
        told.append(f"Trách nhiệm: {dossier.responsibility}.")
    for title, amount in (
        ("Mức bồi thường", dossier.compensation),
        ("Dự kiến số tiền thu được", dossier.expected_proceeds),
        ("Dự kiến chi phí xử lý", dossier.expected_cost),
    ):
        if amount:
            told.append(f"{title}: {format_integer(amount)} đồng.")
    return [Paragraph(f"- {line}") for line in told]


def _annex(dossier: Dossier) -> list[Block]:
    return [Annex("Danh mục tài sản", landscape=True), asset_table(dossier.assets)]


def _symbol(kind: str, code: str) -> str:
    return f"{kind}-{''.join(code.split()).replace('/', '-') or 'UBND'}"


def _addressees(dossier: Dossier) -> tuple[str, ...]:
    """Who is asked; nobody writes to himself, but to who heads the agency."""
    if dossier.approver and dossier.approver == dossier.agency:
        is_committee = dossier.agency.casefold().startswith("ủy ban nhân dân")
        return (f"{'Chủ tịch' if is_committee else 'Thủ trưởng'} {dossier.agency}",)
    return (dossier.approver,) if dossier.approver else ()


def proposal(dossier: Dossier) -> OfficialDocument:
    """The letter that asks for the decision (Tờ trình), with its list."""
    return OfficialDocument(
        issuing_body=dossier.agency,
        symbol=_symbol("TTr", dossier.agency_code),
        place=dossier.place,
        subject=f"Đề nghị {dossier.act} tài sản công"
        if dossier.kind != "loss"
        else f"Đề nghị {dossier.act}",
        kind="Tờ trình",
        year=dossier.date.year,
        addressees=_addressees(dossier),
        legal_bases=tuple(f"Căn cứ {base};" for base in dossier.legal_bases),
        blocks=[
            Paragraph(
                f"{dossier.agency} đề nghị xem xét, quyết định {dossier.act} các tài sản hệ "
                "thống thông tin cơ sở như sau:"
            ),
            Heading(1, "I. TÀI SẢN"),
            _sums(dossier),
            Heading(1, "II. LÝ DO"),
            Paragraph(dossier.reason) if dossier.reason else NarrativeBox("Lý do"),
            Heading(1, "III. ĐỀ NGHỊ XỬ LÝ"),
            *_terms(dossier),
            Paragraph(
                f"Giá trị tài sản tính đến ngày {format_date(dossier.date)}. Danh mục chi tiết "
                "kèm theo."
            ),
            *_annex(dossier),
        ],
        signatures=(Signature(("THỦ TRƯỞNG ĐƠN VỊ",)),),
        recipients=("Như trên", "Lưu: VT"),
    )


def draft_decision(dossier: Dossier) -> OfficialDocument:
    """The decision for the approver to sign (Quyết định)."""
    carrying = (
        f"{dossier.agency} và {dossier.receiver} tổ chức bàn giao, tiếp nhận tài sản"
        if dossier.receiver
        else f"{dossier.agency} tổ chức thực hiện"
    )
    subject = dossier.act if dossier.kind == "loss" else f"{dossier.act} tài sản công"
    return OfficialDocument(
        issuing_body=dossier.approver or dossier.agency,
        symbol=DECISION_SYMBOL,
        place=dossier.approver_place or dossier.place,
        subject=f"Về việc {subject}",
        kind="Quyết định",
        number=dossier.decision_number.split("/")[0] or None,
        date=dossier.decision_date,
        year=None if dossier.decision_date else dossier.date.year,
        legal_bases=(
            *(f"Căn cứ {base};" for base in dossier.legal_bases),
            f"Theo đề nghị của {dossier.agency}.",
        ),
        blocks=[
            *([Paragraph(f"{dossier.status}.")] if dossier.status else []),
            Heading(1, "QUYẾT ĐỊNH:"),
            Paragraph(
                f"Điều 1. Phê duyệt việc {subject} của {dossier.agency}, theo danh mục kèm theo."
            ),
            _sums(dossier),
            *_terms(dossier),
            Paragraph(
                f"Điều 2. {carrying}; hạch toán, báo cáo việc tăng, giảm tài sản theo quy định."
            ),
            Paragraph(
                f"Điều 3. Thủ trưởng {dossier.agency} và các cơ quan, đơn vị có liên quan chịu "
                "trách nhiệm thi hành Quyết định này."
            ),
            *_annex(dossier),
        ],
        signatures=(Signature(("THỦ TRƯỞNG CƠ QUAN",)),),
        recipients=("Như Điều 3", "Lưu: VT"),
    )


def _whole_number(dossier: Dossier) -> str:
    """The number as the decision itself prints it: with its symbol."""
    number = dossier.decision_number
    return number if "/" in number else f"{number}/{DECISION_SYMBOL}"


def _minutes(
    dossier: Dossier, subject: str, blocks: Sequence[Block], signers: Sequence[str]
) -> OfficialDocument:
    decision = ""
    if dossier.decision_number and dossier.decision_date:
        decision = (
            f"Quyết định số {_whole_number(dossier)} ngày "
            f"{format_date(dossier.decision_date)} của {dossier.approver}"
        )
    return OfficialDocument(
        issuing_body=dossier.agency,
        symbol=_symbol("BB", dossier.agency_code),
        place=dossier.place,
        subject=subject,
        kind="Biên bản",
        date=dossier.carried_out_on,
        year=None if dossier.carried_out_on else dossier.date.year,
        legal_bases=(f"Căn cứ {decision};",) if decision else (),
        blocks=[*blocks, *_annex(dossier)],
        signatures=tuple(Signature((signer,), hint=SIGN_HINT) for signer in signers),
        recipients=("Như trên", "Lưu: VT"),
    )


def handover_minutes(dossier: Dossier) -> OfficialDocument:
    """Minutes of hand-over of fixed assets (form C50-HD)."""
    blocks: list[Block] = [
        Heading(1, "I. BÊN GIAO"),
        Paragraph(f"- {dossier.agency}"),
        Paragraph(REPRESENTATIVE),
        Heading(1, "II. BÊN NHẬN"),
        Paragraph(f"- {dossier.receiver}"),
        Paragraph(REPRESENTATIVE),
        Heading(1, "III. NỘI DUNG GIAO NHẬN"),
        Paragraph("Hai bên xác nhận việc giao nhận tài sản cố định theo danh mục kèm theo."),
        _sums(dossier),
        *_terms(dossier),
        NarrativeBox("Hồ sơ, tài liệu kỹ thuật và phụ tùng kèm theo", lines=2),
        Paragraph("Biên bản được lập thành 04 bản có giá trị như nhau, mỗi bên giữ 02 bản."),
    ]
    return _minutes(
        dossier,
        "Giao nhận tài sản cố định (Mẫu C50-HD)",
        blocks,
        ("ĐẠI DIỆN BÊN GIAO", "ĐẠI DIỆN BÊN NHẬN"),
    )


def disposal_minutes(dossier: Dossier) -> OfficialDocument:
    """Minutes of a disposal, sale or destruction of fixed assets (form C51-HD)."""
    blocks: list[Block] = [
        Heading(1, "I. HỘI ĐỒNG (TỔ) XỬ LÝ TÀI SẢN"),
        NarrativeBox("Thành phần", lines=3),
        Heading(1, f"II. TIẾN HÀNH {dossier.act.upper()}"),
        _sums(dossier),
        *_terms(dossier),
        Heading(1, "III. KẾT LUẬN"),
        NarrativeBox("Kết luận", lines=3),
        Heading(1, "IV. KẾT QUẢ"),
        NarrativeBox("Chi phí, số tiền và giá trị thu hồi (viết bằng chữ)", lines=2),
    ]
    return _minutes(
        dossier,
        f"{dossier.act[0].upper()}{dossier.act[1:]} tài sản cố định (Mẫu C51-HD)",
        blocks,
        ("TRƯỞNG BAN THANH LÝ", "KẾ TOÁN", "THỦ TRƯỞNG ĐƠN VỊ"),
    )


def loss_minutes(dossier: Dossier) -> OfficialDocument:
    """Minutes that establish which assets were lost or destroyed, why, and who answers."""
    blocks: list[Block] = [
        Heading(1, "I. THÀNH PHẦN"),
        NarrativeBox("Thành phần", lines=3),
        Heading(1, "II. TÀI SẢN BỊ MẤT, BỊ HỦY HOẠI"),
        _sums(dossier),
        Heading(1, "III. NGUYÊN NHÂN, TRÁCH NHIỆM"),
        NarrativeBox("Nguyên nhân", dossier.cause),
        NarrativeBox("Trách nhiệm của tập thể, cá nhân", dossier.responsibility),
        Paragraph(f"Mức bồi thường: {format_integer(dossier.compensation)} đồng."),
    ]
    return _minutes(
        dossier,
        "Xác định tài sản bị mất, bị hủy hoại",
        blocks,
        ("NGƯỜI GIỮ TÀI SẢN", "KẾ TOÁN", "THỦ TRƯỞNG ĐƠN VỊ"),
    )
