"""Official documents: one description, rendered as PDF, editable document or workbook.

Pure Python: nothing here knows Odoo.
"""

from .amount_in_words import amount_in_words
from .description import (
    Annex,
    Definitions,
    Heading,
    NarrativeBox,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Signature,
)
from .excel import Sheet, Source, render_xlsx
from .fonts import FontFiles
from .numbers import (
    format_date,
    format_decimal,
    format_document_number,
    format_integer,
    format_long_date,
)
from .pdf import render_pdf
from .table import SUM, Column, Row, Table
from .text import DocumentError, clean_text
from .word import render_docx

__all__ = [
    "SUM",
    "Annex",
    "Column",
    "Definitions",
    "DocumentError",
    "FontFiles",
    "Heading",
    "NarrativeBox",
    "OfficialDocument",
    "PageBreak",
    "Paragraph",
    "Row",
    "Sheet",
    "Signature",
    "Source",
    "Table",
    "amount_in_words",
    "clean_text",
    "format_date",
    "format_decimal",
    "format_document_number",
    "format_integer",
    "format_long_date",
    "render_docx",
    "render_pdf",
    "render_xlsx",
]
