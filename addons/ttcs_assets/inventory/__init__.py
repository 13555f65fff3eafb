"""What an inventory of assets expects and finds, and how it is reported."""

from .document import round_document, sheet_document
from .report import InventoryReport, LineReport, Member, SheetReport, SheetTotals
from .statement import EXPECTED, RECONCILE, TOTALS
from .workbook import round_workbook, sheet_workbook

__all__ = [
    "EXPECTED",
    "RECONCILE",
    "TOTALS",
    "InventoryReport",
    "LineReport",
    "Member",
    "SheetReport",
    "SheetTotals",
    "round_document",
    "round_workbook",
    "sheet_document",
    "sheet_workbook",
]
