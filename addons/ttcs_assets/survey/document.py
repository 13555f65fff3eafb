"""The report of a survey as an official document; words are Vietnamese on purpose."""

from __future__ import annotations

from odoo.addons.ttcs_base.documents import (
    Annex,
    Definitions,
    Heading,
    NarrativeBox,
    OfficialDocument,
    Paragraph,
    Signature,
    format_date,
    format_integer,
)

from .report import Narrative, SurveyReport
from .tables import TABLE_FORMS, by_commune, check_table, station_table, summary_table, unsent

SIGNATURES = (
    Signature(["NGƯỜI LẬP BIỂU"], hint="(Ký, ghi rõ họ tên)"),
    Signature(["NGƯỜI KIỂM TRA"], hint="(Ký, ghi rõ họ tên)"),
    Signature(["THỦ TRƯỞNG CƠ QUAN"], hint="(Ký tên, đóng dấu)"),
)
# So many unsent communes are named; more are counted only.
MOST_NAMED = 30


def definitions(report: SurveyReport) -> Definitions:
    """How the figures were counted, as statistical forms end with it."""
    day = format_date(report.map_date)
    return Definitions(
        [
            (
                "Ngày chốt số liệu",
                f"{day}; địa bàn cấp xã, ấp, khóm, cụm dân cư là những địa bàn đang tồn tại vào "
                "ngày này, dùng làm mẫu số của các tỷ lệ.",
            ),
            (
                "Tài sản được tính",
                "đài, cụm loa, bảng tin đang sử dụng và đặt tại địa bàn vào ngày chốt số liệu; "
                "không tính tài sản trong kho, chờ thanh lý, đã thanh lý. Tình trạng lấy theo "
                "lần ghi nhận gần nhất.",
            ),
            (
                "Loại đài",
                "theo công nghệ đang dùng vào ngày chốt số liệu; đài dùng từ hai công nghệ trở "
                "lên là đài hỗn hợp. Đài chuyển đổi trong năm là đài có ngày đầu tiên dùng "
                f"công nghệ thông tin - viễn thông trong năm {report.map_date.year}.",
            ),
            (
                "Bình quân cụm loa trên một đài",
                "tổng số cụm loa chia cho tổng số đài của cùng địa bàn. Mức "
                f"{format_integer(report.target)} cụm là mức bình quân toàn địa bàn; đài có ít "
                "cụm hơn được nêu để theo dõi, không xếp là không đạt.",
            ),
            (
                "Ấp, khóm, cụm dân cư nghe được loa",
                "có ít nhất một cụm loa đặt trong địa bàn đang hoạt động tốt hoặc kém.",
            ),
            (
                "Thời gian sử dụng bảng tin",
                "tính từ ngày đưa vào sử dụng đến ngày chốt số liệu.",
            ),
        ]
    )


def narrative_boxes(narrative: Narrative) -> list[NarrativeBox]:
    """The three boxes, with dotted lines where nothing was written."""
    return [
        NarrativeBox("1. Đánh giá chung", narrative.assessment),
        NarrativeBox("2. Khó khăn, vướng mắc", narrative.difficulties),
        NarrativeBox("3. Đề xuất, kiến nghị", narrative.proposals),
    ]


def province_document(report: SurveyReport) -> OfficialDocument:
    """The report of the whole area; tables by commune are annexes on their side."""
    annexes = []
    for form in TABLE_FORMS:
        annexes += [Annex(form.title, landscape=True), by_commune(report, form)]
    annexes += [
        Annex("Danh sách đài truyền thanh cấp xã", landscape=True),
        station_table(report),
    ]
    if report.narratives:
        annexes.append(Annex("Ý kiến của các xã, phường"))
        for narrative in report.narratives:
            annexes.append(Heading(2, narrative.agency))
            annexes += [
                Paragraph(f"{title}: {text}")
                for title, text in (
                    ("Đánh giá chung", narrative.assessment),
                    ("Khó khăn, vướng mắc", narrative.difficulties),
                    ("Đề xuất, kiến nghị", narrative.proposals),
                )
                if text
            ]
    return _document(
        report,
        [
            Heading(1, "I. PHẠM VI VÀ TÌNH HÌNH THỰC HIỆN"),
            Paragraph(_scope(report)),
            Paragraph(_progress(report)),
            Heading(1, "II. KẾT QUẢ"),
            summary_table(report),
            Heading(1, "III. NHẬN XÉT, KIẾN NGHỊ"),
            *narrative_boxes(report.narrative),
            definitions(report),
            *_tracking(report),
            *annexes,
        ],
    )


def commune_document(report: SurveyReport) -> OfficialDocument:
    """The report of one commune: its stations, and each count beside the register's."""
    return _document(
        report,
        [
            Heading(1, "I. PHẠM VI"),
            Paragraph(_scope(report)),
            Heading(1, "II. KẾT QUẢ RÀ SOÁT"),
            check_table(report.checks),
            summary_of_ratios(report),
            Heading(1, "III. NHẬN XÉT, KIẾN NGHỊ"),
            *narrative_boxes(report.narrative),
            definitions(report),
            *_tracking(report),
            Annex("Danh sách đài truyền thanh", landscape=True),
            station_table(report),
        ],
    )


def summary_of_ratios(report: SurveyReport) -> Paragraph:
    """The shares of one commune in a sentence each."""
    shares = [row.cells for row in summary_table(report).rows if row.cells[1] in ("%", "cụm/đài")]
    return Paragraph("\n".join(f"- {label}: {value}." for label, _unit, value in shares))


def _document(report: SurveyReport, blocks: list) -> OfficialDocument:
    return OfficialDocument(
        parent_body=report.parent_body,
        issuing_body=report.issuing_body,
        symbol=report.symbol,
        place=report.place,
        year=report.year,
        kind="Báo cáo",
        subject=(
            "Kết quả rà soát, đánh giá hiện trạng đài truyền thanh cấp xã và bảng tin "
            f"công cộng năm {report.year}"
        ),
        addressees=report.addressees,
        legal_bases=report.legal_bases,
        blocks=blocks,
        signatures=SIGNATURES,
        recipients=["Như trên", "Lưu: VT"],
    )


def _scope(report: SurveyReport) -> str:
    totals = report.totals
    communes = f"{format_integer(len(report.rows))} xã, phường, " if len(report.rows) > 1 else ""
    return (
        f"Địa bàn rà soát: {report.area}. Số liệu chốt ngày {format_date(report.map_date)}; "
        f"mẫu số của các tỷ lệ theo địa bàn tại ngày này: {communes}"
        f"{format_integer(totals['hamlets_total'])} ấp, khóm và "
        f"{format_integer(totals['residential_total'])} cụm dân cư."
    )


def _progress(report: SurveyReport) -> str:
    missing = unsent(report.rows)
    text = (
        f"Đến nay {format_integer(report.sent)}/{format_integer(len(report.rows))} xã, phường "
        f"đã gửi phiếu rà soát (thời hạn {format_date(report.due_date)})."
    )
    if not missing:
        return text
    names = f": {', '.join(missing)}" if len(missing) <= MOST_NAMED else ""
    return (
        f"{text} Số liệu của {format_integer(len(missing))} xã, phường chưa gửi phiếu lấy theo "
        f"sổ theo dõi tài sản{names}."
    )


def _tracking(report: SurveyReport) -> list[Paragraph]:
    if not report.internal_number:
        return []
    return [Paragraph(f"Số theo dõi nội bộ của báo cáo: {report.internal_number}.")]
