"""An official document as PDF, in the layout of Phụ lục I, Nghị định 30/2020/NĐ-CP.

The same description and fonts give the same bytes every time.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import takewhile
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from .description import (
    Block,
    Definitions,
    Heading,
    NarrativeBox,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Part,
    Signature,
    listed,
)
from .fonts import FontFiles, Typeface, balance_text, typeface
from .form import (
    ADDRESSEES_LABEL,
    LAYOUT,
    MOTTO,
    NATION,
    NUMBER_LABEL,
    RECIPIENTS_LABEL,
    ROUNDING_NOTE,
    SUBJECT_LABEL,
)
from .pdf_table import TableFlowable
from .table import Table

SINGLE_SPACING = 1.15
RULE_WIDTH = 0.6
# Between the two columns of the head.
COLUMN_GAP = 8.0
# A heading or the top of a table moves to the next page when less than this is left.
HEADING_ROOM = 30.0
TEXT_ROOM = 40.0
TABLE_ROOM = 110.0
# A longer last paragraph brings enough lines to the signature's page by itself.
LONGEST_KEPT_WITH_SIGNATURE = 800
PLAIN: list[tuple] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def render_pdf(document: OfficialDocument, fonts: FontFiles) -> bytes:
    """Give the document as PDF bytes, the same ones for the same description and fonts."""
    return _Rendering(document, _Styles(typeface(fonts))).pdf()


class _Styles:
    """The paragraph styles of a typeface, and user text set in them."""

    def __init__(self, face: Typeface) -> None:
        self.face = face
        self.center = self._style(face.regular, alignment=TA_CENTER)
        self.center_bold = self._style(face.bold, alignment=TA_CENTER)
        self.center_italic = self._style(face.italic, alignment=TA_CENTER)
        self.right_italic = self._style(face.italic, alignment=TA_RIGHT)
        body = {
            "alignment": TA_JUSTIFY,
            "firstLineIndent": LAYOUT.first_line_indent * mm,
            "spaceAfter": LAYOUT.paragraph_gap,
        }
        self.body = self._style(face.regular, **body)
        self.heading = self._style(face.bold, **body)
        self.basis = self._style(face.italic, **body)
        self.addressees_label = self._style(face.regular, leftIndent=25 * mm, spaceAfter=2)
        self.addressee = self._style(face.regular, leftIndent=40 * mm, spaceAfter=2)
        self.recipients_label = self._style(face.bold_italic, LAYOUT.recipients_label_size)
        self.recipient = self._style(face.regular, LAYOUT.recipients_size)

    @staticmethod
    def _style(font: str, size: float = LAYOUT.body_size, **settings: float) -> ParagraphStyle:
        leading = size * SINGLE_SPACING * LAYOUT.line_spacing
        return ParagraphStyle(font, fontName=font, fontSize=size, leading=leading, **settings)

    def text(self, text: str, style: ParagraphStyle, size: float | None = None) -> Text:
        """User text as a paragraph: never read as markup, long words broken."""
        if size:
            leading = size * SINGLE_SPACING
            style = ParagraphStyle(style.name, style, fontSize=size, leading=leading)
        return Text(self.markup(text), style)

    def markup(self, text: str) -> str:
        return escape(self.face.printable(text)).replace("\n", "<br/>")

    def balanced(self, text: str, room: float, size: float = LAYOUT.body_size) -> Text:
        """A bold, centred title in lines about equally long."""
        printable = self.face.printable(text)
        lines = balance_text(printable, room, partial(self.face.width, size=size, bold=True))
        return self.text(lines, self.center_bold, size)


class _Rule(Flowable):
    """A solid line in the middle of its column."""

    def __init__(self, length: float) -> None:
        super().__init__()
        self.length = length

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = available_width
        return available_width, 7

    def draw(self) -> None:
        start = (self.width - self.length) / 2
        self.canv.setLineWidth(RULE_WIDTH)
        self.canv.line(start, 3, start + self.length, 3)


class _DottedLine(Flowable):
    """A line to write on."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = available_width
        return available_width, LAYOUT.body_size * 1.7

    def draw(self) -> None:
        self.canv.setLineWidth(0.8)
        self.canv.setLineCap(1)
        self.canv.setDash(0.1, 3)
        self.canv.line(0, 2, self.width, 2)


def _least_room(blocks: Sequence[Block]) -> float:
    """Room for the headings that open ``blocks`` and the first lines of what they head."""
    headings = list(takewhile(lambda block: isinstance(block, Heading), blocks))
    headed = blocks[len(headings) : len(headings) + 1]
    room = TABLE_ROOM if headed and isinstance(headed[0], Table) else TEXT_ROOM
    return len(headings) * HEADING_ROOM + room


class _Rendering:
    """One document on its way to PDF."""

    def __init__(self, document: OfficialDocument, styles: _Styles) -> None:
        self.document = document
        self.styles = styles
        self.landscape = document.landscape
        self.first_page = 1

    @property
    def width(self) -> float:
        """Points between the margins of the current part."""
        return LAYOUT.text_width(self.landscape) * mm

    def pdf(self) -> bytes:
        stream = io.BytesIO()
        template = BaseDocTemplate(
            stream,
            pageTemplates=self._page_templates(),
            title=" ".join(filter(None, (self.document.kind, self.document.subject))),
            author=self.document.issuing_body,
            subject=self.document.number_text,
            lang="vi-VN",
            invariant=1,
        )
        template.build(self._story())
        return stream.getvalue()

    def _page_templates(self) -> list[PageTemplate]:
        """First and later pages, upright and lying; the first one opens the document."""
        templates = []
        for landscape in (self.document.landscape, not self.document.landscape):
            upright = (LAYOUT.page[0] * mm, LAYOUT.page[1] * mm)
            size = upright[::-1] if landscape else upright
            width = LAYOUT.text_width(landscape) * mm
            height = LAYOUT.text_height(landscape) * mm
            corner = (LAYOUT.left * mm, LAYOUT.bottom * mm)
            frames = [Frame(*corner, width, height, 0, 0, 0, 0) for _ in range(2)]
            later = f"later {landscape}"
            templates += [
                PageTemplate(
                    f"first {landscape}",
                    frames[:1],
                    onPage=self._open_part,
                    pagesize=size,
                    autoNextPageTemplate=later,
                ),
                PageTemplate(later, frames[1:], onPage=self._number_page, pagesize=size),
            ]
        return templates

    def _open_part(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        self.first_page = canvas.getPageNumber()

    def _number_page(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        width, height = template.pageTemplate.pagesize
        canvas.setFont(self.styles.face.regular, LAYOUT.page_number_size)
        base = height - LAYOUT.page_number_from_top * mm - LAYOUT.page_number_size
        middle = (width + (LAYOUT.left - LAYOUT.right) * mm) / 2
        canvas.drawCentredString(middle, base, str(canvas.getPageNumber() - self.first_page + 1))

    def _story(self) -> list[Flowable]:
        main, *annexes = self.document.parts
        story = [*self._head(), *self._blocks(main.blocks)]
        story += self._with_signatures(story.pop())
        for part in annexes:
            self.landscape = part.landscape
            story += [NextPageTemplate(f"first {part.landscape}"), NewPage()]
            story += [*self._annex_head(part), *self._blocks(part.blocks)]
        return story

    def _head(self) -> list[Flowable]:
        document, styles = self.document, self.styles
        share = 0.5 if self.landscape else LAYOUT.issuing_body_share
        widths = [self.width * share, self.width * (1 - share)]
        left = [
            *self._bodies(widths[0] - COLUMN_GAP),
            Spacer(0, 4),
            styles.text(f"{NUMBER_LABEL} {document.number_text}", styles.center, 13),
        ]
        if document.kind is None:
            left.append(styles.text(f"{SUBJECT_LABEL} {document.subject}", styles.center, 12))
        right = [
            styles.text(NATION, styles.center_bold, LAYOUT.nation_size),
            styles.text(MOTTO, styles.center_bold, LAYOUT.motto_size),
            _Rule(styles.face.width(MOTTO, LAYOUT.motto_size, True)),
            Spacer(0, 4),
            styles.text(f"{document.place}, {document.long_date}", styles.center_italic, 13),
        ]
        head = Grid([[left, right]], colWidths=widths, style=PLAIN, splitInRow=1)
        return [head, Spacer(0, 14), *self._title(), *self._addressees(), *self._bases()]

    def _bodies(self, room: float) -> Iterator[Flowable]:
        styles, size = self.styles, LAYOUT.nation_size
        if self.document.parent_body:
            yield styles.text(self.document.parent_body.upper(), styles.center, size)
        name = self.document.issuing_body.upper()
        yield styles.balanced(name, room, size)
        yield _Rule(LAYOUT.rule_share * min(styles.face.width(name, size, True), room))

    def _title(self) -> Iterator[Flowable]:
        if self.document.kind is None:
            return
        styles, subject = self.styles, self.document.subject
        yield styles.text(self.document.kind.upper(), styles.center_bold)
        yield styles.balanced(subject, self.width)
        longest = styles.face.width(subject, LAYOUT.body_size, True)
        yield _Rule(LAYOUT.rule_share * min(longest, self.width))
        yield Spacer(0, 10)

    def _addressees(self) -> Iterator[Flowable]:
        styles, addressees = self.styles, self.document.addressees
        if len(addressees) == 1:
            yield styles.text(f"{ADDRESSEES_LABEL} {addressees[0]}", styles.center)
        elif addressees:
            yield styles.text(ADDRESSEES_LABEL, styles.addressees_label)
            for item in listed(addressees):
                yield styles.text(f"- {item}", styles.addressee)
        if addressees:
            yield Spacer(0, 10)

    def _bases(self) -> Iterator[Flowable]:
        for item in listed(self.document.legal_bases):
            yield self.styles.text(item, self.styles.basis)

    def _annex_head(self, part: Part) -> Iterator[Flowable]:
        styles = self.styles
        yield styles.text(part.label, styles.center_bold)
        yield styles.balanced(part.title.upper(), self.width)
        yield styles.text(self.document.annex_reference, styles.center_italic)
        yield _Rule(self.width * 0.2)
        yield Spacer(0, 10)

    def _blocks(self, blocks: Sequence[Block]) -> Iterator[Flowable]:
        for index, block in enumerate(blocks):
            if isinstance(block, Heading):
                yield CondPageBreak(_least_room(blocks[index:]))
                yield self._heading(block)
            else:
                yield from self._block(block)

    def _block(self, block: Block) -> Iterable[Flowable]:
        if isinstance(block, Paragraph):
            return self._paragraphs(block.text)
        if isinstance(block, NarrativeBox):
            return self._narrative(block)
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Definitions):
            return self._definitions(block)
        assert isinstance(block, PageBreak)
        return [NewPage()]

    def _heading(self, block: Heading) -> Flowable:
        styles = self.styles
        return styles.text(block.text, styles.heading if block.level < 3 else styles.body)

    def _paragraphs(self, text: str) -> list[Flowable]:
        return [self.styles.text(line, self.styles.body) for line in text.split("\n")]

    def _narrative(self, block: NarrativeBox) -> Iterator[Flowable]:
        yield CondPageBreak(HEADING_ROOM + TEXT_ROOM)
        yield self.styles.text(block.title, self.styles.heading)
        if block.text:
            yield from self._paragraphs(block.text)
        else:
            yield from (_DottedLine() for _ in range(block.lines))
            yield Spacer(0, LAYOUT.paragraph_gap)

    def _table(self, table: Table) -> Iterator[Flowable]:
        styles = self.styles
        yield CondPageBreak(TABLE_ROOM)
        if table.title:
            yield styles.balanced(table.title, self.width)
        if table.unit:
            yield styles.text(table.unit, styles.right_italic, 12)
        yield Spacer(0, 3)
        page_room = LAYOUT.text_height(self.landscape) * mm
        yield TableFlowable.of(table, styles.face, self.width, page_room)
        if table.rounding_shows():
            yield Spacer(0, 3)
            yield styles.text(ROUNDING_NOTE, styles.basis, 11)
        yield Spacer(0, 8)

    def _definitions(self, block: Definitions) -> Iterator[Flowable]:
        styles = self.styles
        yield CondPageBreak(HEADING_ROOM + TEXT_ROOM)
        yield styles.text(block.title, styles.heading)
        for term, text in block.entries:
            bold = f'<font name="{escape(styles.face.bold)}">{styles.markup(term)}:</font>'
            yield Text(f"{bold} {styles.markup(text)}", styles.body)

    def _with_signatures(self, last: Flowable) -> list[Flowable]:
        """Who signs and who receives, on one page with the last words where they are short."""
        gap, names, *rest = self._closing()
        if isinstance(last, Text) and len(last.getPlainText()) <= LONGEST_KEPT_WITH_SIGNATURE:
            return [KeepTogether([last, gap, names]), *rest]
        return [last, KeepTogether([gap, names]), *rest]

    def _closing(self) -> list[Flowable]:
        signatures = self.document.signatures
        recipients = list(self._recipients())
        columns = [self._signature(signature) for signature in signatures]
        if len(signatures) == 1:
            widths = [self.width / 2, self.width / 2]
            grid = Grid([[recipients, *columns]], colWidths=widths, style=PLAIN, splitInRow=1)
            return [Spacer(0, 10), grid]
        widths = [self.width / len(signatures)] * len(signatures)
        grid = Grid([columns], colWidths=widths, style=PLAIN)
        return [Spacer(0, 10), grid, Spacer(0, 10), *recipients]

    def _signature(self, signature: Signature) -> list[Flowable]:
        styles = self.styles
        size = LAYOUT.body_size if len(self.document.signatures) == 1 else 13
        lines = [styles.text(line, styles.center_bold, size) for line in signature.authority]
        if signature.hint:
            lines.append(styles.text(signature.hint, styles.center_italic, 12))
        lines.append(Spacer(0, LAYOUT.signing_space))
        if signature.name:
            lines.append(styles.text(signature.name, styles.center_bold, size))
        return lines

    def _recipients(self) -> Iterator[Flowable]:
        if self.document.recipients:
            yield self.styles.text(RECIPIENTS_LABEL, self.styles.recipients_label)
        for item in listed(self.document.recipients):
            yield self.styles.text(f"- {item}", self.styles.recipient)
