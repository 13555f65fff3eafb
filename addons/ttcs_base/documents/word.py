"""An official document as an editable file (DOCX), in the layout of Nghị định 30/2020/NĐ-CP.

Offices edit, number and sign documents in their own system, so everything is an ordinary
paragraph of a named style, and the parts that an official writes are content controls.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from functools import partial
from xml.sax.saxutils import quoteattr

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph as Text

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
from .fonts import balance_text, times_width
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
from .table import Table
from .word_styles import CENTER, LANGUAGE, define_styles
from .word_table import table_element

POINTS_IN_A_MILLIMETRE = 72 / 25.4
# Word keeps this much free at either side of a cell's text.
CELL_MARGIN = 5.4
# Under the rules of the title and of the head, in points.
RULE_GAP = 10
RULE_GAP_IN_HEAD = 4
# The earliest time that a zip archive can hold; a fixed one keeps the bytes the same.
ARCHIVE_TIME = (1980, 1, 1, 0, 0, 0)


def render_docx(document: OfficialDocument) -> bytes:
    """Give the document as DOCX bytes, the same ones for the same description."""
    return _without_times(_Rendering(document).docx())


def _without_times(archive: bytes) -> bytes:
    """The same archive without the time at which it was written."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(target, "w") as copy,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ARCHIVE_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(entry, source.read(name))
    return target.getvalue()


class _Rendering:
    """One document on its way to DOCX."""

    def __init__(self, document: OfficialDocument) -> None:
        self.document = document
        self.landscape = document.landscape
        self.file = docx.Document()
        self.controls = 0

    @property
    def width(self) -> float:
        """Points between the margins of the current part."""
        return LAYOUT.text_width(self.landscape) * POINTS_IN_A_MILLIMETRE

    def docx(self) -> bytes:
        self.styles = define_styles(self.file)
        self._describe()
        main, *annexes = self.document.parts
        self._set_up(self.file.sections[0])
        self._number_pages(self.file.sections[0])
        self._head()
        self._title()
        self._addressees()
        for item in listed(self.document.legal_bases):
            self._add(item, "LegalBasis")
        self._blocks(main.blocks)
        self._closing(main.blocks)
        for part in annexes:
            self._annex(part)
        stream = io.BytesIO()
        self.file.save(stream)
        return stream.getvalue()

    def _describe(self) -> None:
        """Properties of the file; the template's own author and dates go."""
        properties = self.file.core_properties
        for leftover in list(properties._element):
            properties._element.remove(leftover)
        properties.title = " ".join(filter(None, (self.document.kind, self.document.subject)))[
            :255
        ]
        properties.author = self.document.issuing_body[:255]
        properties.language = LANGUAGE

    def _set_up(self, section: Section) -> None:
        width, height = LAYOUT.page
        if self.landscape:
            width, height = height, width
        section.orientation = WD_ORIENT.LANDSCAPE if self.landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin, section.bottom_margin = Mm(LAYOUT.top), Mm(LAYOUT.bottom)
        section.left_margin, section.right_margin = Mm(LAYOUT.left), Mm(LAYOUT.right)
        section.header_distance = Mm(LAYOUT.page_number_from_top)
        section.different_first_page_header_footer = True
        for numbering in section._sectPr.findall(qn("w:pgNumType")):
            section._sectPr.remove(numbering)
        numbering = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
        section._sectPr.find(qn("w:pgMar")).addnext(numbering)

    def _number_pages(self, section: Section) -> None:
        """The page's number in the header; later sections inherit it."""
        text = section.header.paragraphs[0]
        text.alignment = CENTER
        text.paragraph_format.first_line_indent = Mm(0)
        run = text.add_run()
        run.font.size = Pt(LAYOUT.page_number_size)
        for kind, content in (("begin", ""), ("", "PAGE"), ("separate", ""), ("end", "")):
            mark = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                mark.set(qn("w:fldCharType"), kind)
            mark.text = content or None
            run._r.append(mark)

    def _add(self, text: str, style: str, holder: Document | Cell | None = None) -> Text:
        """A paragraph at the end of the document or of a cell."""
        paragraph = (holder or self.file).add_paragraph()
        paragraph.style = self.styles[style]
        paragraph.add_run(text.replace("\t", " "))
        return paragraph

    def _add_balanced(
        self, text: str, style: str, room: float, size: float, holder: Cell | None = None
    ) -> None:
        """A centred title in lines about equally long."""
        width = partial(times_width, size=size, bold=True)
        self._add(balance_text(text, room, width), style, holder)

    def _add_rule(self, length: float, room: float, holder: Cell | None = None) -> None:
        """A solid line in the middle: the border under an empty paragraph."""
        gap = RULE_GAP if holder is None else RULE_GAP_IN_HEAD
        paragraph = self._add("", "Rule", holder)
        layout = paragraph.paragraph_format
        layout.left_indent = layout.right_indent = Pt((room - length) / 2)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
        layout.space_after = Pt(gap)
        line = '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
        border = parse_xml(f"<w:pBdr {nsdecls('w')}>{line}</w:pBdr>")
        paragraph._p.get_or_add_pPr().insert_element_before(
            border, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )

    def _columns(self, shares: Sequence[float]) -> list[Cell]:
        """The cells of a row without borders."""
        grid = self.file.add_table(1, len(shares))
        grid.autofit = False
        for column, cell, share in zip(grid.columns, grid.rows[0].cells, shares, strict=True):
            column.width = cell.width = Pt(self.width * share)
        grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        return list(grid.rows[0].cells)

    @staticmethod
    def _drop_first(cell: Cell) -> None:
        """A new cell brings an empty paragraph; it goes once there is another."""
        if len(cell.paragraphs) > 1:
            cell._tc.remove(cell.paragraphs[0]._p)

    def _head(self) -> None:
        document = self.document
        share = 0.5 if self.landscape else LAYOUT.issuing_body_share
        left, right = self._columns((share, 1 - share))
        room = self.width * share - 2 * CELL_MARGIN
        if document.parent_body:
            self._add(document.parent_body.upper(), "ParentBody", left)
        name = document.issuing_body.upper()
        self._add_balanced(name, "IssuingBody", room, LAYOUT.nation_size, left)
        length = min(times_width(name, LAYOUT.nation_size, True), room)
        self._add_rule(LAYOUT.rule_share * length, room, left)
        self._add(f"{NUMBER_LABEL} {document.number_text}", "DocumentNumber", left)
        if document.kind is None:
            self._add(f"{SUBJECT_LABEL} {document.subject}", "LetterSubject", left)
        self._add(NATION, "Nation", right)
        self._add(MOTTO, "Motto", right)
        room = self.width * (1 - share) - 2 * CELL_MARGIN
        self._add_rule(times_width(MOTTO, LAYOUT.motto_size, True), room, right)
        self._add(f"{document.place}, {document.long_date}", "PlaceAndDate", right)
        for cell in (left, right):
            self._drop_first(cell)

    def _title(self) -> None:
        document = self.document
        if document.kind is None:
            self._add("", "Addressee")
            return
        self._add(document.kind.upper(), "DocumentKind").paragraph_format.space_before = Pt(14)
        self._add_balanced(document.subject, "DocumentSubject", self.width, LAYOUT.body_size)
        length = min(times_width(document.subject, LAYOUT.body_size, True), self.width)
        self._add_rule(LAYOUT.rule_share * length, self.width)

    def _addressees(self) -> None:
        addressees = self.document.addressees
        if len(addressees) == 1:
            self._add(f"{ADDRESSEES_LABEL} {addressees[0]}", "Addressee")
        elif addressees:
            self._add(ADDRESSEES_LABEL, "AddresseesLabel")
            items = [self._add(f"- {item}", "AddresseeItem") for item in listed(addressees)]
            items[-1].paragraph_format.space_after = Pt(RULE_GAP)

    def _blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if isinstance(block, Heading):
                self._add(block.text, f"Heading{block.level}")
            elif isinstance(block, Paragraph):
                self._paragraphs(block.text)
            elif isinstance(block, NarrativeBox):
                self._narrative(block)
            elif isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Definitions):
                self._definitions(block)
            else:
                assert isinstance(block, PageBreak)
                self.file.add_page_break()

    def _paragraphs(self, text: str) -> list[Text]:
        return [self._add(line, "BodyParagraph") for line in text.split("\n")]

    def _narrative(self, block: NarrativeBox) -> None:
        """A content control: a click selects the dotted lines and typing replaces them."""
        self._add(block.title, "NarrativeTitle")
        if block.text:
            paragraphs = self._paragraphs(block.text)
        else:
            paragraphs = [self._dotted_line() for _ in range(block.lines)]
        self.controls += 1
        title = quoteattr(block.title[:60])
        placeholder = "" if block.text else "<w:showingPlcHdr/>"
        control = parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias w:val={title}/>"
            f'<w:id w:val="{self.controls}"/>{placeholder}</w:sdtPr><w:sdtContent/></w:sdt>'
        )
        paragraphs[0]._p.addprevious(control)
        for paragraph in paragraphs:
            control[-1].append(paragraph._p)

    def _dotted_line(self) -> Text:
        line = self._add("", "DottedLine")
        line.paragraph_format.tab_stops.add_tab_stop(
            Pt(self.width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
        line.runs[0].add_tab()
        return line

    def _table(self, table: Table) -> None:
        if table.title:
            self._add(table.title, "TableTitle")
        if table.unit:
            self._add(table.unit, "TableUnit")
        self.file.element.body.sectPr.addprevious(table_element(table, self.width))
        self._add(ROUNDING_NOTE if table.rounding_shows() else "", "TableNote")

    def _definitions(self, block: Definitions) -> None:
        self._add(block.title, "NarrativeTitle")
        for term, text in block.entries:
            paragraph = self._add(f"{term}:", "BodyParagraph")
            paragraph.runs[0].bold = True
            paragraph.add_run(f" {text}")

    def _closing(self, blocks: Sequence[Block]) -> None:
        """Who signs and who receives; the last paragraph stays on their page."""
        if blocks and isinstance(blocks[-1], Paragraph):
            self.file.paragraphs[-1].paragraph_format.keep_with_next = True
        signatures = self.document.signatures
        if len(signatures) == 1:
            left, *cells = self._columns((0.5, 0.5))
            self._recipients(left)
        else:
            cells = self._columns([1 / len(signatures)] * len(signatures))
            left = None
        for signature, cell in zip(signatures, cells, strict=True):
            self._signature(signature, cell)
        for cell in filter(None, (left, *cells)):
            self._drop_first(cell)
            cell.paragraphs[0].paragraph_format.space_before = Pt(RULE_GAP)
        if left is None:
            self._recipients(None)

    def _signature(self, signature: Signature, cell: Cell) -> None:
        for line in signature.authority:
            self._add(line, "Signatory", cell)
        if signature.hint:
            self._add(signature.hint, "SignatureHint", cell)
        space = self._add("", "SigningSpace", cell).paragraph_format
        space.line_spacing_rule, space.line_spacing = (
            WD_LINE_SPACING.EXACTLY,
            Pt(LAYOUT.signing_space),
        )
        self._add(signature.name or "", "Signatory", cell)

    def _recipients(self, holder: Cell | None) -> None:
        if self.document.recipients:
            self._add(RECIPIENTS_LABEL, "RecipientsLabel", holder)
        for item in listed(self.document.recipients):
            self._add(f"- {item}", "Recipient", holder)

    def _annex(self, part: Part) -> None:
        self.landscape = part.landscape
        self._set_up(self.file.add_section(WD_SECTION.NEW_PAGE))
        self._add(part.label, "AnnexLabel")
        self._add_balanced(part.title.upper(), "AnnexTitle", self.width, LAYOUT.body_size)
        self._add(self.document.annex_reference, "AnnexReference")
        self._add_rule(self.width * 0.2, self.width)
        self._blocks(part.blocks)
