"""The paragraph styles of an editable document: changing one changes the whole document.

Their names are Vietnamese, like the form itself, because officials see them in their editor.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from .form import LAYOUT

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
LEFT = WD_ALIGN_PARAGRAPH.LEFT
CENTER = WD_ALIGN_PARAGRAPH.CENTER
RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True)
class Style:
    """A paragraph style: sizes and gaps in points, indents in millimetres."""

    identifier: str
    name: str
    size: float = LAYOUT.body_size
    bold: bool = False
    italic: bool = False
    align: WD_ALIGN_PARAGRAPH = CENTER
    first_line: float = 0
    left: float = 0
    after: float = 0
    spacing: float = 1.0
    keep_with_next: bool = False


_body = partial(
    Style,
    align=JUSTIFY,
    first_line=LAYOUT.first_line_indent,
    after=LAYOUT.paragraph_gap,
    spacing=LAYOUT.line_spacing,
)
STYLES = (
    Style("Nation", "Quốc hiệu", LAYOUT.nation_size, bold=True),
    Style("Motto", "Tiêu ngữ", LAYOUT.motto_size, bold=True),
    Style("ParentBody", "Cơ quan chủ quản", LAYOUT.nation_size),
    Style("IssuingBody", "Cơ quan ban hành", LAYOUT.nation_size, bold=True),
    Style("DocumentNumber", "Số và ký hiệu", 13),
    Style("LetterSubject", "Trích yếu công văn", 12),
    Style("PlaceAndDate", "Địa danh và thời gian", 13, italic=True),
    Style("DocumentKind", "Tên loại văn bản", bold=True),
    Style("DocumentSubject", "Trích yếu nội dung", bold=True),
    Style("Addressee", "Kính gửi", after=10),
    Style("AddresseesLabel", "Kính gửi nhiều nơi", align=LEFT, left=25, after=2),
    Style("AddresseeItem", "Nơi kính gửi", align=LEFT, left=40, after=2),
    _body("LegalBasis", "Căn cứ", italic=True),
    _body("BodyParagraph", "Nội dung"),
    _body("Heading1", "Heading 1", bold=True, keep_with_next=True),
    _body("Heading2", "Heading 2", bold=True, keep_with_next=True),
    _body("Heading3", "Heading 3", keep_with_next=True),
    _body("NarrativeTitle", "Tên mục tự viết", bold=True, keep_with_next=True),
    Style("DottedLine", "Dòng kẻ chấm", align=LEFT, spacing=1.5),
    Style("AnnexLabel", "Số phụ lục", bold=True, keep_with_next=True),
    Style("AnnexTitle", "Tên phụ lục", bold=True, keep_with_next=True),
    Style("AnnexReference", "Kèm theo văn bản", italic=True),
    Style("TableTitle", "Tên bảng", bold=True, keep_with_next=True),
    Style("TableUnit", "Đơn vị tính", 12, italic=True, align=RIGHT, keep_with_next=True),
    Style("TableText", "Nội dung bảng", 12, align=LEFT),
    Style("TableNote", "Ghi chú bảng", 11, italic=True, align=LEFT, after=6),
    Style("RecipientsLabel", "Nơi nhận", LAYOUT.recipients_label_size, True, True, LEFT),
    Style("Recipient", "Danh sách nơi nhận", LAYOUT.recipients_size, align=LEFT),
    Style("Signatory", "Người ký", bold=True),
    Style("SigningSpace", "Khoảng ký tên"),
    Style("SignatureHint", "Hướng dẫn ký", 12, italic=True),
    Style("Rule", "Đường kẻ", 2),
)


def define_styles(document: Document) -> dict[str, ParagraphStyle]:
    """Give the document its font and all styles of the form; gives them by identifier."""
    normal = document.styles["Normal"]
    _set_font(normal)
    normal.font.size = Pt(LAYOUT.body_size)
    existing = {style.style_id: style for style in document.styles}
    defined = {}
    for style in STYLES:
        target = existing.get(style.identifier)
        if target is None:
            target = document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
            target.element.set(qn("w:styleId"), style.identifier)
            target.base_style = normal
            target.quick_style = True
        _apply(style, target)
        defined[style.identifier] = target
    return defined


def _apply(style: Style, target: ParagraphStyle) -> None:
    _set_font(target)
    target.font.size = Pt(style.size)
    target.font.bold = style.bold
    target.font.italic = style.italic
    target.font.color.rgb = RGBColor(0, 0, 0)
    layout = target.paragraph_format
    layout.alignment = style.align
    layout.first_line_indent = Mm(style.first_line)
    layout.left_indent = Mm(style.left)
    layout.space_before = Pt(0)
    layout.space_after = Pt(style.after)
    layout.line_spacing = style.spacing
    layout.keep_with_next = style.keep_with_next
    layout.widow_control = True


def _set_font(target: ParagraphStyle) -> None:
    """Name the font for every script; a theme's font would win over a named one."""
    properties = target.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    for language in properties.findall(qn("w:lang")):
        properties.remove(language)
    language = properties.makeelement(qn("w:lang"), {qn("w:val"): LANGUAGE})
    properties.append(language)
