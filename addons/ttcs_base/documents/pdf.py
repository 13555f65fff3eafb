"""An official document as PDF, in the layout of Phụ lục I, Nghị định 30/2020/NĐ-CP.

The law asks for Times New Roman; Tinos has the same metrics, every Vietnamese letter and a
free licence.  The same description and fonts give the same bytes every time.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
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
    ADDRESSEES_LABEL,
    LAYOUT,
    MOTTO,
    NATION,
    NO_DATA,
    NUMBER_LABEL,
    RECIPIENTS_LABEL,
    ROUNDING_NOTE,
    SUBJECT_LABEL,
    Block,
    Definitions,
    Heading,
    NarrativeBox,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Part,
    Signature,
    Table,
    fit_table,
    listed,
)

SINGLE_SPACING = 1.15
CELL_PADDING = 3.0
RULE_WIDTH = 0.6
# A heading or the top of a table moves to the next page when less than this is left.
LEAST_UNDER_HEADING = 60.0
LEAST_OF_TABLE = 110.0
# A longer last paragraph may part from the signature; then enough of it goes along anyway.
LONGEST_KEPT_WITH_SIGNATURE = 800
PLAIN: list[tuple] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


@dataclass(frozen=True)
class FontFiles:
    """The four TrueType files of one family."""

    regular: Path
    bold: Path
    italic: Path
    bold_italic: Path

    @classmethod
    def in_folder(cls, folder: str | Path) -> FontFiles:
        """The Tinos files of a folder.

        :raises FileNotFoundError: naming the files that are missing
        """
        names = ("Regular", "Bold", "Italic", "BoldItalic")
        paths = [Path(folder) / f"Tinos-{name}.ttf" for name in names]
        missing = [path.name for path in paths if not path.is_file()]
        if missing:
            raise FileNotFoundError(f"{folder} lacks the fonts {', '.join(missing)}")
        return cls(*paths)


class _Glyphs(dict[int, int]):
    """Maps characters that the font cannot draw to a visible box; filled as they are met."""

    def __init__(self, font: TTFont) -> None:
        super().__init__({ord("\t"): ord(" ")})
        self.known = font.face.charToGlyph

    def __missing__(self, code: int) -> int:
        self[code] = code if code in self.known or code == ord("\n") else ord("□")
        return self[code]


class Typeface:
    """Registered fonts and the paragraph styles made of them."""

    def __init__(self, files: FontFiles) -> None:
        self.regular = self._register(files.regular)
        self.bold = self._register(files.bold)
        self.italic = self._register(files.italic)
        self.bold_italic = self._register(files.bold_italic)
        self.glyphs = _Glyphs(pdfmetrics.getFont(self.regular))
        self.center = self._style(self.regular, alignment=TA_CENTER)
        self.center_bold = self._style(self.bold, alignment=TA_CENTER)
        self.center_italic = self._style(self.italic, alignment=TA_CENTER)
        self.right_italic = self._style(self.italic, alignment=TA_RIGHT)
        body = {
            "alignment": TA_JUSTIFY,
            "firstLineIndent": LAYOUT.first_line_indent * mm,
            "spaceAfter": LAYOUT.paragraph_gap,
        }
        self.body = self._style(self.regular, **body)
        self.heading = self._style(self.bold, **body)
        self.basis = self._style(self.italic, **body)
        self.addressee = self._style(self.regular, leftIndent=40 * mm, spaceAfter=2)
        self.recipients_label = self._style(self.bold_italic, LAYOUT.recipients_label_size)
        self.recipient = self._style(self.regular, LAYOUT.recipients_size)

    @staticmethod
    def _register(path: Path) -> str:
        name = str(path)
        pdfmetrics.registerFont(TTFont(name, name))
        return name

    @staticmethod
    def _style(font: str, size: float = LAYOUT.body_size, **settings: float) -> ParagraphStyle:
        leading = size * SINGLE_SPACING * LAYOUT.line_spacing
        return ParagraphStyle(font, fontName=font, fontSize=size, leading=leading, **settings)

    def printable(self, text: str) -> str:
        return text if text.isascii() else text.translate(self.glyphs)

    def text(self, text: str, style: ParagraphStyle, size: float | None = None) -> Text:
        """User text as a paragraph: never read as markup, long words broken."""
        if size:
            leading = size * SINGLE_SPACING
            style = ParagraphStyle(style.name, style, fontSize=size, leading=leading)
        return Text(self.markup(text), style)

    def markup(self, text: str) -> str:
        return escape(self.printable(text)).replace("\n", "<br/>").replace("\t", " ")

    def width(self, text: str, size: float, bold: bool) -> float:
        font = self.bold if bold else self.regular
        return pdfmetrics.stringWidth(self.printable(text), font, size)


# Registered once in a process: parsing the four files takes longer than a short document.
typeface = cache(Typeface)


class _Rule(Flowable):
    """A solid line in the middle of its column."""

    def __init__(self, length: float) -> None:
        super().__init__()
        self.length = length

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = available_width
        return available_width, 5

    def draw(self) -> None:
        start = (self.width - self.length) / 2
        self.canv.setLineWidth(RULE_WIDTH)
        self.canv.line(start, 2.5, start + self.length, 2.5)


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


def render_pdf(document: OfficialDocument, fonts: FontFiles) -> bytes:
    """Give the document as PDF bytes, the same ones for the same description and fonts."""
    return _Rendering(document, typeface(fonts)).pdf()


def wrap_text(text: str, width: float, measure: Callable[[str], float]) -> str:
    """Break a text into lines no wider than ``width``, inside a word when it must be.

    >>> wrap_text("một hai bốn", 7, len)
    'một hai\\nbốn'
    >>> wrap_text("abcdefgh", 3, len)
    'abc\\ndef\\ngh'
    """
    if "\n" not in text and measure(text) <= width:
        return text
    return "\n".join(
        line
        for paragraph in text.split("\n")
        for line in _wrapped_lines(paragraph, width, measure)
    )


def _wrapped_lines(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if measure(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        *full, line = _pieces(word, width, measure)
        yield from full
    yield line


def _pieces(word: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Cut a word wherever the next character would not fit."""
    if measure(word) <= width:
        return [word]
    pieces, piece, used = [], "", 0.0
    for character in word:
        wide = measure(character)
        if piece and used + wide > width:
            pieces.append(piece)
            piece, used = "", 0.0
        piece += character
        used += wide
    return [*pieces, piece]


class _Rendering:
    """One document on its way to PDF."""

    def __init__(self, document: OfficialDocument, face: Typeface) -> None:
        self.document = document
        self.face = face
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
        """First and later pages, upright and lying; the part of the document opens first."""
        templates = []
        for landscape in sorted((False, True), key=lambda each: each != self.landscape):
            size = [side * mm for side in LAYOUT.page]
            size = size[::-1] if landscape else size
            frame_size = (
                LAYOUT.text_width(landscape) * mm,
                size[1] - (LAYOUT.top + LAYOUT.bottom) * mm,
            )
            frame = partial(Frame, LAYOUT.left * mm, LAYOUT.bottom * mm, *frame_size, 0, 0, 0, 0)
            later = f"later {landscape}"
            templates += [
                PageTemplate(
                    f"first {landscape}",
                    [frame()],
                    onPage=self._open_part,
                    pagesize=size,
                    autoNextPageTemplate=later,
                ),
                PageTemplate(later, [frame()], onPage=self._number_page, pagesize=size),
            ]
        return templates

    def _open_part(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        self.first_page = canvas.getPageNumber()

    def _number_page(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        width, height = canvas._pagesize
        canvas.setFont(self.face.regular, LAYOUT.page_number_size)
        top = height - LAYOUT.page_number_from_top * mm - LAYOUT.page_number_size
        middle = (width + (LAYOUT.left - LAYOUT.right) * mm) / 2
        canvas.drawCentredString(middle, top, str(canvas.getPageNumber() - self.first_page + 1))

    def _story(self) -> list[Flowable]:
        main, *annexes = self.document.parts
        story = [*self._head(), *self._blocks(main.blocks)]
        story += self._with_signatures(story.pop() if main.blocks else None, main)
        for part in annexes:
            self.landscape = part.landscape
            story += [NextPageTemplate(f"first {part.landscape}"), NewPage()]
            story += [*self._annex_head(part), *self._blocks(part.blocks)]
        return story

    def _head(self) -> list[Flowable]:
        document, face = self.document, self.face
        left = [
            *self._bodies(),
            Spacer(0, 4),
            face.text(f"{NUMBER_LABEL} {document.number_text}", face.center, 13),
        ]
        if document.kind is None:
            left.append(face.text(f"{SUBJECT_LABEL} {document.subject}", face.center, 12))
        motto_width = face.width(MOTTO, LAYOUT.motto_size, True)
        right = [
            face.text(NATION, face.center_bold, LAYOUT.nation_size),
            face.text(MOTTO, face.center_bold, LAYOUT.motto_size),
            _Rule(motto_width),
            Spacer(0, 4),
            face.text(f"{document.place}, {document.long_date}", face.center_italic, 13),
        ]
        share = LAYOUT.issuing_body_share if not self.landscape else 0.5
        widths = [self.width * share, self.width * (1 - share)]
        head = Grid([[left, right]], colWidths=widths, style=PLAIN, splitInRow=1)
        return [head, Spacer(0, 14), *self._title(), *self._addressees(), *self._bases()]

    def _bodies(self) -> Iterator[Flowable]:
        face, size = self.face, LAYOUT.nation_size
        if self.document.parent_body:
            yield face.text(self.document.parent_body.upper(), face.center, size)
        name = self.document.issuing_body.upper()
        yield face.text(name, face.center_bold, size)
        column = self.width * LAYOUT.issuing_body_share
        yield _Rule(LAYOUT.rule_share * min(face.width(name, size, True), column))

    def _title(self) -> Iterator[Flowable]:
        if self.document.kind is None:
            return
        face = self.face
        yield face.text(self.document.kind.upper(), face.center_bold)
        yield face.text(self.document.subject, face.center_bold)
        longest = min(face.width(self.document.subject, LAYOUT.body_size, True), self.width)
        yield _Rule(LAYOUT.rule_share * longest)
        yield Spacer(0, 10)

    def _addressees(self) -> Iterator[Flowable]:
        face, addressees = self.face, self.document.addressees
        if len(addressees) == 1:
            yield face.text(f"{ADDRESSEES_LABEL} {addressees[0]}", face.center)
        elif addressees:
            label = ParagraphStyle("label", face.addressee, leftIndent=25 * mm)
            yield face.text(ADDRESSEES_LABEL, label)
            for item in listed(addressees):
                yield face.text(f"- {item}", face.addressee)
        if addressees:
            yield Spacer(0, 10)

    def _bases(self) -> Iterator[Flowable]:
        for item in listed(self.document.legal_bases):
            yield self.face.text(item, self.face.basis)

    def _annex_head(self, part: Part) -> Iterator[Flowable]:
        face = self.face
        yield face.text(part.label, face.center_bold)
        yield face.text(part.annex.title.upper(), face.center_bold)
        yield face.text(self.document.annex_reference, face.center_italic)
        yield _Rule(self.width * 0.2)
        yield Spacer(0, 10)

    def _blocks(self, blocks: Iterable[Block]) -> Iterator[Flowable]:
        for block in blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterable[Flowable]:
        if isinstance(block, Heading):
            return self._heading(block)
        if isinstance(block, Paragraph):
            return self._paragraphs(block.text)
        if isinstance(block, NarrativeBox):
            return self._narrative(block)
        if isinstance(block, Table):
            return _TableRendering(block, self.face, self.width).flowables()
        if isinstance(block, Definitions):
            return self._definitions(block)
        assert isinstance(block, PageBreak)
        return [NewPage()]

    def _heading(self, block: Heading) -> Iterator[Flowable]:
        yield CondPageBreak(LEAST_UNDER_HEADING)
        yield self.face.text(block.text, self.face.heading if block.level < 3 else self.face.body)

    def _paragraphs(self, text: str) -> list[Flowable]:
        return [self.face.text(line, self.face.body) for line in text.split("\n")]

    def _narrative(self, block: NarrativeBox) -> Iterator[Flowable]:
        yield CondPageBreak(LEAST_UNDER_HEADING)
        yield self.face.text(block.title, self.face.heading)
        if block.text:
            yield from self._paragraphs(block.text)
        else:
            yield from (_DottedLine() for _ in range(block.lines))
            yield Spacer(0, LAYOUT.paragraph_gap)

    def _definitions(self, block: Definitions) -> Iterator[Flowable]:
        face = self.face
        yield CondPageBreak(LEAST_UNDER_HEADING)
        yield face.text(block.title, face.heading)
        for term, text in block.entries:
            bold = f'<font name="{face.bold}">{face.markup(term)}:</font>'
            yield Text(f"{bold} {face.markup(text)}", face.body)

    def _with_signatures(self, last: Flowable | None, main: Part) -> list[Flowable]:
        """Who signs and who receives, on one page with the last words where they are short."""
        closing = [Spacer(0, 10), *self._closing()]
        if last is None:
            return closing
        if isinstance(last, Text) and len(last.getPlainText()) <= LONGEST_KEPT_WITH_SIGNATURE:
            return [KeepTogether([last, *closing[:2]]), *closing[2:]]
        return [last, *closing]

    def _closing(self) -> list[Flowable]:
        signatures = self.document.signatures
        recipients = list(self._recipients())
        if len(signatures) == 1:
            widths = [self.width * 0.48, self.width * 0.52]
            row = [recipients, self._signature(signatures[0])]
            return [Grid([row], colWidths=widths, style=PLAIN, splitInRow=1)]
        widths = [self.width / len(signatures)] * len(signatures)
        row = [self._signature(signature) for signature in signatures]
        return [Grid([row], colWidths=widths, style=PLAIN), Spacer(0, 10), *recipients]

    def _signature(self, signature: Signature) -> list[Flowable]:
        face = self.face
        size = LAYOUT.body_size if len(self.document.signatures) == 1 else 13
        lines = [face.text(line, face.center_bold, size) for line in signature.authority]
        if signature.hint:
            lines.append(face.text(signature.hint, face.center_italic, 12))
        lines.append(Spacer(0, LAYOUT.signing_space))
        if signature.name:
            lines.append(face.text(signature.name, face.center_bold, size))
        return lines

    def _recipients(self) -> Iterator[Flowable]:
        if self.document.recipients:
            yield self.face.text(RECIPIENTS_LABEL, self.face.recipients_label)
        for item in listed(self.document.recipients):
            yield self.face.text(f"- {item}", self.face.recipient)


class _TableRendering:
    """A table as a grid of lines broken beforehand.

    Plain strings, because a paragraph object in every cell makes 2,000 rows ten times slower.
    """

    def __init__(self, table: Table, face: Typeface, width: float) -> None:
        self.table = table
        self.face = face
        self.lines = table.lines()
        self.size, self.widths = fit_table(table, self.lines, width, 2 * CELL_PADDING, face.width)

    def flowables(self) -> Iterator[Flowable]:
        face = self.face
        yield CondPageBreak(LEAST_OF_TABLE)
        if self.table.title:
            yield face.text(self.table.title, face.center_bold)
        if self.table.unit:
            yield face.text(self.table.unit, face.right_italic, 12)
        yield Spacer(0, 3)
        yield Grid(
            [*self._header, *self._body()],
            colWidths=self.widths,
            style=self._styles(),
            repeatRows=len(self._header),
            splitInRow=1,
        )
        if self.table.rounding_shows():
            yield face.text(ROUNDING_NOTE, ParagraphStyle("note", face.basis), 11)
        yield Spacer(0, 8)

    @cached_property
    def _header(self) -> list[list[str]]:
        titles = [column.title for column in self.table.columns]
        rows = [self._broken(titles, bold=True)]
        if self._grouped:
            groups = [""] * len(titles)
            for group, first, last in self.table.header_groups:
                width = sum(self.widths[first : last + 1])
                if self.table.columns[first].group:
                    groups[first] = self._fit(group, width, bold=True)
                else:
                    groups[first] = rows[0][first]
            rows.insert(0, groups)
        if self.table.codes:
            rows.append(self._broken(self.table.codes, bold=False))
        return rows

    @property
    def _grouped(self) -> bool:
        return any(column.group for column in self.table.columns)

    def _body(self) -> list[list[str]]:
        if not self.lines:
            return [[NO_DATA, *[""] * (len(self.widths) - 1)]]
        return [self._broken(line.texts, bold=line.bold) for line in self.lines]

    def _broken(self, texts: Sequence[str], *, bold: bool) -> list[str]:
        pairs = zip(texts, self.widths, strict=True)
        return [self._fit(text, width, bold=bold) if text else "" for text, width in pairs]

    def _fit(self, text: str, width: float, *, bold: bool) -> str:
        font = self.face.bold if bold else self.face.regular
        measure = partial(pdfmetrics.stringWidth, fontName=font, fontSize=self.size)
        # A hair more than the room, for widths that were measured to fit exactly.
        room = width - 2 * CELL_PADDING + 0.01
        return wrap_text(self.face.printable(text), room, measure)

    def _styles(self) -> list[tuple]:
        top = len(self._header)
        last = (-1, -1)
        styles: list[tuple] = [
            ("FONT", (0, 0), last, self.face.regular, self.size, self.size * SINGLE_SPACING),
            ("GRID", (0, 0), last, 0.5, "black"),
            ("LEFTPADDING", (0, 0), last, CELL_PADDING),
            ("RIGHTPADDING", (0, 0), last, CELL_PADDING),
            ("TOPPADDING", (0, 0), last, 2),
            ("BOTTOMPADDING", (0, 0), last, 3),
            ("VALIGN", (0, 0), last, "TOP"),
            ("VALIGN", (0, 0), (-1, top - 1), "MIDDLE"),
            ("ALIGN", (0, 0), (-1, top - 1), "CENTER"),
        ]
        titles = top - bool(self.table.codes)
        styles.append(("FONTNAME", (0, 0), (-1, titles - 1), self.face.bold))
        if self._grouped:
            styles += self._header_spans()
        for index, column in enumerate(self.table.columns):
            styles.append(("ALIGN", (index, top), (index, -1), column.alignment.upper()))
        styles += [
            ("FONTNAME", (0, top + index), (-1, top + index), self.face.bold)
            for index, line in enumerate(self.lines)
            if line.bold
        ]
        if not self.lines:
            styles += [("SPAN", (0, top), (-1, top)), ("ALIGN", (0, top), (-1, top), "CENTER")]
        return styles

    def _header_spans(self) -> Iterator[tuple]:
        for _group, first, last in self.table.header_groups:
            grouped = bool(self.table.columns[first].group)
            yield ("SPAN", (first, 0), (last, 0 if grouped else 1))
