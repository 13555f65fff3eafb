"""Why a file is not read at all: one reason code and one message each."""

from .translatable import _lt

REFUSALS = {
    "empty_file": _lt("The file is empty."),
    "file_too_large": _lt(
        "The file has %(size)s MB and at most %(limit)s MB are read. "
        "Remove pictures and sheets that are not needed, then save it again."
    ),
    "password_protected": _lt(
        "The file is protected by a password. Open it in Excel, remove the password "
        "(File, Info, Protect Workbook), then save it again."
    ),
    "old_xls": _lt(
        "The file is in the old Excel format (.xls). Open it in Excel and save it "
        "as Excel Workbook (.xlsx)."
    ),
    "binary_xlsb": _lt(
        "The file is a binary Excel workbook (.xlsb). Open it in Excel and save it "
        "as Excel Workbook (.xlsx)."
    ),
    "open_document": _lt(
        "The file is an OpenDocument file. Open it in LibreOffice and save it "
        "as Excel Workbook (.xlsx)."
    ),
    "csv": _lt(
        "The file is plain text (CSV). Open it in Excel, check that the Vietnamese letters "
        "are right, and save it as Excel Workbook (.xlsx)."
    ),
    "web_page": _lt(
        "The file is a web page with the name of an Excel file, as some software exports it. "
        "Open it in Excel and save it as Excel Workbook (.xlsx)."
    ),
    "xml_spreadsheet": _lt(
        "The file is an XML Spreadsheet 2003. Open it in Excel and save it "
        "as Excel Workbook (.xlsx)."
    ),
    "word_document": _lt(
        "The file is a Word document. Copy its table into Excel and save it "
        "as Excel Workbook (.xlsx)."
    ),
    "not_a_spreadsheet": _lt("The file is not an Excel workbook (.xlsx)."),
    "damaged": _lt(
        "The file is damaged. Open it in Excel, let Excel repair it, "
        "then save it under a new name."
    ),
    "too_large_unpacked": _lt(
        "The file would unpack to %(size)s MB and at most %(limit)s MB are read. "
        "Delete the empty formatted rows below the list, then save it again."
    ),
    "suspicious_compression": _lt(
        "The file is compressed more than a workbook can be (%(ratio)s times) and is not opened. "
        "Copy the list into a new workbook and save it."
    ),
    "forbidden_xml": _lt(
        "The file holds document type declarations, which no Excel workbook needs, "
        "and is not opened. Copy the list into a new workbook and save it."
    ),
    "no_sheet": _lt("The workbook has no sheet with cells."),
    "too_many_rows": _lt(
        "Sheet %(sheet)s has more than %(limit)s rows. Split it into several files."
    ),
    "too_many_columns": _lt(
        "Row %(row)s of sheet %(sheet)s has a value beyond column %(limit)s. "
        "Delete what lies to the right of the list."
    ),
    "too_many_cells": _lt(
        "Sheet %(sheet)s has more than %(limit)s filled cells. Split it into several files."
    ),
    "too_many_merged_cells": _lt(
        "Sheet %(sheet)s has more than %(limit)s merged ranges. "
        "Select the list, unmerge its cells, then save the file again."
    ),
}


class SpreadsheetRefused(Exception):
    """A file that is not read.

    ``reason`` is a key of ``REFUSALS``, ``message`` its English template for translation and
    ``arguments`` what its placeholders stand for.
    """

    def __init__(self, reason: str, **arguments: object) -> None:
        self.reason = reason
        self.message = REFUSALS[reason]
        self.arguments = arguments
        super().__init__(self.message % arguments)
