"""The parts of a workbook besides its sheets: the list of sheets, the texts, the styles."""

from dataclasses import dataclass

from openpyxl.styles.numbers import (
    builtin_format_code,
    is_date_format,
    is_timedelta_format,
)
from openpyxl.utils.escape import unescape

from .package import Package, local_name
from .refusal import SpreadsheetRefused

_TRUE = ("1", "true", "on")


@dataclass(frozen=True)
class Run:
    """A stretch of a cell's text in one font; ``font`` is None for the font of the cell."""

    font: str | None
    text: str


@dataclass(frozen=True)
class CellStyle:
    """What a cell's format says about its value."""

    font: str | None = None
    is_date: bool = False
    is_duration: bool = False


@dataclass(frozen=True)
class SheetPart:
    """One worksheet: the name on its tab, whether it is hidden, and the part with its cells."""

    name: str
    hidden: bool
    part: str


@dataclass(frozen=True)
class WorkbookParts:
    """What the main part of a workbook says and refers to."""

    sheets: list[SheetPart]
    counts_from_1904: bool
    texts_part: str | None
    styles_part: str | None


class TextCollector:
    """Handlers for the elements of a string item (``si`` or ``is``); phonetic hints are left out.

    ``finish`` returns the text, or its runs where some carry a font of their own.
    """

    def __init__(self) -> None:
        self.collecting = False
        self._runs: list[Run] = []
        self._font: str | None = None
        self._pieces: list[str] = []
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self.collecting = not self._phonetic
            self._pieces = []
        elif name == "r":
            self._font = None
        elif name == "rFont":
            self._font = attributes.get("val")
        elif name == "rPh":
            self._phonetic = True

    def text(self, data: str) -> None:
        if self.collecting:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        if name == "t" and self.collecting:
            self.collecting = False
            text = "".join(self._pieces)
            self._runs.append(Run(self._font, unescape(text) if "_x" in text else text))
        elif name == "rPh":
            self._phonetic = False

    def finish(self) -> str | tuple[Run, ...]:
        runs, self._runs, self._font = self._runs, [], None
        if any(run.font for run in runs):
            return tuple(runs)
        return runs[0].text if len(runs) == 1 else "".join(run.text for run in runs)


def read_workbook(package: Package) -> WorkbookParts:
    """Return the worksheets in the order of their tabs; SpreadsheetRefused if there is none."""
    main = next(
        (path for kind, path in package.related("").values() if kind == "officeDocument"), ""
    )
    if main not in package:
        raise SpreadsheetRefused("not_a_spreadsheet")
    related = package.related(main)
    sheets = []
    counts_from_1904 = False
    for name, attributes in package.elements(main):
        if name == "workbookPr":
            counts_from_1904 = attributes.get("date1904", "0") in _TRUE
        elif name == "sheet":
            identifier = next((v for k, v in attributes.items() if local_name(k) == "id"), "")
            kind, part = related.get(identifier, ("", ""))
            if kind == "worksheet" and part in package:
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append(SheetPart(attributes.get("name", ""), hidden, part))
    if not sheets:
        raise SpreadsheetRefused("no_sheet")
    parts = {kind: part for kind, part in related.values() if part in package}
    return WorkbookParts(sheets, counts_from_1904, parts.get("sharedStrings"), parts.get("styles"))


def read_texts(package: Package, part: str) -> list[str | tuple[Run, ...]]:
    """Return the texts shared by the sheets, in the order cells refer to them."""
    package.refuse_large_part(part)
    texts: list[str | tuple[Run, ...]] = []
    collector = TextCollector()

    def end(name: str) -> None:
        name = local_name(name)
        if name == "si":
            texts.append(collector.finish())
        else:
            collector.end(name)

    def start(name: str, attributes: dict[str, str]) -> None:
        collector.start(local_name(name), attributes)

    for _ in package.parse(part, start, end, collector.text):
        pass
    return texts


def read_styles(package: Package, part: str) -> list[CellStyle]:
    """Return what each cell format says, in the order cells refer to them.

    Only fonts, number formats and cell formats are looked at, so that a stylesheet which other
    software wrote against the schema does not keep a list from being read.
    """
    fonts: list[str | None] = []
    codes: dict[str, str] = {}
    styles: list[CellStyle] = []
    section = ""
    for name, attributes in package.elements(part):
        if name in ("fonts", "numFmts", "cellXfs", "cellStyleXfs", "fills", "borders", "dxfs"):
            section = name
        elif section == "numFmts" and name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif section == "fonts" and name == "font":
            fonts.append(None)
        elif section == "fonts" and name == "name" and fonts:
            fonts[-1] = attributes.get("val")
        elif section == "cellXfs" and name == "xf":
            styles.append(_style(attributes, fonts, codes))
    return styles


def _style(
    attributes: dict[str, str], fonts: list[str | None], codes: dict[str, str]
) -> CellStyle:
    number_format = attributes.get("numFmtId", "0")
    font = attributes.get("fontId", "0")
    code = codes.get(number_format)
    if code is None:
        code = builtin_format_code(int(number_format) if number_format.isdecimal() else 0)
    known_font = font.isdecimal() and int(font) < len(fonts)
    return CellStyle(
        font=fonts[int(font)] if known_font else None,
        is_date=is_date_format(code),
        is_duration=is_timedelta_format(code),
    )
