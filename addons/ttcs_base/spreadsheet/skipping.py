"""Telling the records of a list from the rows that are none: totals, sections, signatures."""

import re
from collections.abc import Callable, Iterable, Sequence

from ..text.vietnamese import fold
from .amounts import is_blank
from .cells import CellValue
from .headings import JOINT, Header, is_ordinal_heading
from .reader import SheetRow
from .translatable import _lt

SKIP_REASONS = {
    "blank": _lt("Blank row"),
    "only_number": _lt("Nothing but a row number"),
    "column_numbers": _lt("Numbers of the columns"),
    "repeated_heading": _lt("Headings repeated"),
    "subtotal": _lt("Total or subtotal"),
    "section": _lt("Title of a section"),
    "signatures": _lt("Signatures and notes below the list"),
}

_ARABIC = re.compile(r"\d{1,6}(?:\.0)?\.?")
_ROMAN = re.compile(r"[ivx]{1,5}\.?")
_LETTER = re.compile(r"[a-z]\.?")
_TOTAL = re.compile(
    r"(?:tong cong|tong so|tong|cong)"
    r"(?:\s*[:.(+=\d].*|\s+(?:xa|phuong|thi tran|ap|khom|to|nhom|muc|phan|trang|toan|cac|luy ke"
    r"|chuyen|mang|[ivx]+)\b.*)?"
    r"|mang sang\b.*|chuyen sang trang\b.*"
)
_COLUMN_NUMBER = re.compile(r"\(?(?:(\d{1,2})|[a-z])\)?(?:\s*=.*)?")
_BELOW_THE_LIST = re.compile(
    r"nguoi lap(?: bieu| bang| danh sach)?|lap bieu|xac nhan cua .*|\(?ky[,; ].*|ghi chu:.*"
    r"|.*,? ngay [\d.… ]*thang [\d.… ]*nam.*|noi nhan:.*|tm\. .*|kt\. .*"
)
# Also words in a list of staff: a signature only where records are numbered and this row is not.
_TITLE_OF_SIGNER = re.compile(
    r"(?:pho )?(?:thu truong|chu tich|truong phong|giam doc|ke toan)(?: truong| don vi| co quan)?"
)
_MOST_CELLS_OF_SIGNATURES = 3


class RowClassifier:
    """Give each row below the headings the reason why it is no record, None for a record.

    ``is_wide(row number, column index)`` tells whether a cell is merged over several columns.
    Rows have to come in order, for signatures end a list.
    """

    def __init__(self, header: Header, is_wide: Callable[[int, int], bool]) -> None:
        self._headings = [fold(heading).split(JOINT) for heading in header.headings]
        self._ordinal = [i for i, h in enumerate(header.headings) if is_ordinal_heading(h)]
        self._is_wide = is_wide
        self._signed = False

    def reason(self, row: SheetRow, following: SheetRow | None) -> str | None:
        """Return a key of ``SKIP_REASONS`` or None, looking at the next row where that helps."""
        filled = [(i, value) for i, value in enumerate(row.values) if not is_blank(value)]
        if not filled:
            return "blank"
        number = self._numbering(row)
        if self._is_signature(filled, number):
            return "signatures"
        beside = [(i, value) for i, value in filled if i not in self._ordinal]
        if not beside and number:
            return "only_number"
        if self._repeats_headings(filled):
            return "repeated_heading"
        if _are_column_numbers([value for _i, value in filled]):
            return "column_numbers"
        if number != "arabic" and any(
            _TOTAL.fullmatch(fold(_first_text(value for _i, value in cells)))
            for cells in (filled, beside)
        ):
            return "subtotal"
        return "section" if self._is_section(row, number, beside, following) else None

    def _numbering(self, row: SheetRow) -> str:
        """Return the class of the running number of a row: arabic, roman, letter, "" for none."""
        for index in self._ordinal:
            if index < len(row.values) and not is_blank(row.values[index]):
                written = fold(str(row.values[index]))
                for kind, pattern in (("arabic", _ARABIC), ("roman", _ROMAN), ("letter", _LETTER)):
                    if pattern.fullmatch(written):
                        return kind
        return ""

    def _is_signature(self, filled: Sequence[tuple[int, CellValue]], number: str) -> bool:
        if number == "arabic" or len(filled) > _MOST_CELLS_OF_SIGNATURES:
            self._signed = False
            return False
        if all(isinstance(value, str) for _i, value in filled):
            texts = [fold(str(value)) for _i, value in filled]
            self._signed |= any(map(_BELOW_THE_LIST.fullmatch, texts)) or (
                bool(self._ordinal) and any(map(_TITLE_OF_SIGNER.fullmatch, texts))
            )
        return self._signed

    def _repeats_headings(self, filled: Sequence[tuple[int, CellValue]]) -> bool:
        same = sum(
            i < len(self._headings) and isinstance(value, str) and fold(value) in self._headings[i]
            for i, value in filled
        )
        return same >= 2 and same * 2 > len(filled)

    def _is_section(
        self,
        row: SheetRow,
        number: str,
        beside: Sequence[tuple[int, CellValue]],
        following: SheetRow | None,
    ) -> bool:
        """Tell the title of a section: numbered I or A above records numbered 1, or a lone text.

        Such a row may carry the sums of its section, so that its amounts must not count again.
        """
        if number in ("roman", "letter"):
            lone = len(beside) == 1 and isinstance(beside[0][1], str)
            below = self._numbering(following) if following else ""
            return lone or (bool(below) and below != number)
        if number:
            return False
        if not beside:
            return True  # a text in the column of running numbers
        texts = {str(value) for _i, value in beside}
        return len(texts) == 1 and self._is_wide(row.number, beside[0][0])


def longest_text(values: Iterable[CellValue]) -> str:
    """Return the longest text among the cells of a row, "" for none."""
    return max((value.strip() for value in values if isinstance(value, str)), key=len, default="")


def _first_text(values: Iterable[CellValue]) -> str:
    return next((value for value in values if isinstance(value, str)), "")


def _are_column_numbers(values: Sequence[CellValue]) -> bool:
    """Tell the row below the headings that numbers the columns: A, B, 1, 2, 3 = 1 + 2."""
    numbers: list[int] = []
    for value in values:
        match = _COLUMN_NUMBER.fullmatch(fold(str(value)))
        if not match:
            return False
        if match[1]:
            numbers.append(int(match[1]))
    return len(values) > 2 and all(b == a + 1 for a, b in zip(numbers, numbers[1:], strict=False))
