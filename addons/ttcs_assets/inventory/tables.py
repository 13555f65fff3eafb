"""The tables of an inventory's documents; words are Vietnamese on purpose."""

from __future__ import annotations

from collections.abc import Sequence

from odoo.addons.ttcs_base.documents import SUM, Column, Row, Table

from .report import InventoryReport, LineReport, SheetReport

BOOK, COUNTED, DIFFERENCE = "Theo sổ kế toán", "Theo kiểm kê", "Chênh lệch"
UNIT = "Đơn vị tính: đồng"


def _amounts(group: str, codes: Sequence[str]) -> tuple[Column, ...]:
    return (
        Column("Số lượng", "integer", weight=0.6, group=group, code=codes[0]),
        Column("Nguyên giá", "money", weight=1.2, group=group, code=codes[1]),
        Column("Giá trị còn lại", "money", weight=1.2, group=group, code=codes[2]),
    )


# The columns of form C53-HD, in their order.
C53_COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center", code="A"),
    Column("Tên tài sản cố định", weight=2.3, code="B"),
    Column("Mã số TSCĐ", weight=1.0, code="C"),
    Column("Nơi sử dụng", weight=2.3, code="D"),
    *_amounts(BOOK, "123"),
    *_amounts(COUNTED, "456"),
    *_amounts(DIFFERENCE, "789"),
    Column("Ghi chú", weight=0.9, code="E"),
)
SUMS = (SUM,) * 9


def c53_table(report: SheetReport) -> Table:
    """Every asset of a sheet by the books and as counted."""
    rows = [
        Row((number, line.name, line.code, line.place, *_line_amounts(line), line.remark))
        for number, line in enumerate(report.lines, 1)
    ]
    total = Row((None, "Cộng", None, None, *SUMS, None), 1)
    return Table(C53_COLUMNS, rows, total, unit=UNIT)


def _line_amounts(line: LineReport) -> tuple[int | None, ...]:
    """Books, count and difference; what was not counted yet has neither of the last two."""
    booked = (line.quantity, line.original_cost, line.residual_value)
    if line.is_pending:
        return (*booked, *(None,) * 6)
    return (
        *booked,
        line.counted_quantity, line.counted_cost, line.counted_residual, *line.differences,
    )  # fmt: skip


DIFFERENCE_COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center"),
    Column("Tài sản", weight=2.2),
    Column("Kết quả kiểm kê", weight=1.4),
    Column("Giải trình", weight=2.4),
    Column("Kiến nghị xử lý", weight=1.6),
)


def difference_table(report: SheetReport) -> Table:
    """Only what is missing, too much or broken, with explanation and proposal."""
    differing = [
        line
        for line in report.lines
        if not line.is_pending and (any(line.differences) or line.proposal)
    ]
    rows = [
        (number, line.name, line.remark, line.explanation, line.proposal)
        for number, line in enumerate(differing, 1)
    ]
    return Table(DIFFERENCE_COLUMNS, rows)


COMMUNE_COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center", code="A"),
    Column("Địa bàn", weight=1.8, code="B"),
    Column("Đơn vị sử dụng", weight=2.2, code="C"),
    *_amounts(BOOK, "123"),
    *_amounts(COUNTED, "456"),
    *_amounts(DIFFERENCE, "789"),
    Column("Thiếu", "integer", weight=0.6, group="Số tài sản", code="10"),
    Column("Ở nơi khác", "integer", weight=0.8, group="Số tài sản", code="11"),
    Column("Thừa", "integer", weight=0.6, group="Số tài sản", code="12"),
    Column("Hỏng", "integer", weight=0.6, group="Số tài sản", code="13"),
)


def commune_table(report: InventoryReport) -> Table:
    """One row for each counted sheet of a round."""
    rows = [
        Row(
            (
                number, row.unit, row.agency,
                row.quantity, row.original_cost, row.residual_value,
                row.counted_quantity, row.counted_cost, row.counted_residual,
                row.counted_quantity - row.quantity,
                row.counted_cost - row.original_cost,
                row.counted_residual - row.residual_value,
                row.missing, row.elsewhere, row.unexpected, row.broken,
            )
        )
        for number, row in enumerate(report.counted_rows, 1)
    ]  # fmt: skip
    total = Row((None, "Cộng", None, *SUMS, *(SUM,) * 4), 1)
    return Table(COMMUNE_COLUMNS, rows, total, unit=UNIT)


RUNNING_COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center"),
    Column("Địa bàn", weight=1.8),
    Column("Đơn vị sử dụng", weight=2.2),
    Column("Số tài sản theo sổ", "integer"),
    Column("Đã kiểm đếm", "integer"),
    Column("Chưa kiểm đếm", "integer"),
)


def running_table(report: InventoryReport) -> Table:
    """The sheets of a round that are still being counted, and how far they are."""
    rows = [
        Row(
            (
                number, row.unit, row.agency,
                row.quantity, row.quantity - row.pending, row.pending,
            )
        )
        for number, row in enumerate(report.running_rows, 1)
    ]  # fmt: skip
    total = Row((None, "Cộng", None, *(SUM,) * 3), 1)
    return Table(RUNNING_COLUMNS, rows, total)


LIST_COLUMNS = (
    Column("STT", "integer", weight=0.5, align="center"),
    Column("Địa bàn", weight=1.6),
    Column("Đơn vị sử dụng", weight=2),
    Column("Tên tài sản", weight=2.2),
    Column("Mã tài sản", weight=1.1),
    Column("Mã sổ kế toán", weight=1.1),
    Column("Loại tài sản", weight=1.3),
    Column("Nơi sử dụng", weight=1.6),
    *_amounts(BOOK, ("", "", "")),
    *_amounts(COUNTED, ("", "", "")),
    *_amounts(DIFFERENCE, ("", "", "")),
    Column("Tình trạng", weight=1.1),
    Column("Ghi chú", weight=1.6),
    Column("Giải trình", weight=1.8),
    Column("Kiến nghị xử lý", weight=1.4),
)


def line_table(reports: Sequence[SheetReport]) -> Table:
    """Every line of some sheets, to be sorted and filtered."""
    lines = [(report, line) for report in reports for line in report.lines]
    rows = [
        Row(
            (
                number, report.unit, report.agency, line.name, line.code, line.ledger_code,
                line.kind, line.place, *_line_amounts(line), line.condition, line.remark,
                line.explanation, line.proposal,
            )
        )
        for number, (report, line) in enumerate(lines, 1)
    ]  # fmt: skip
    total = Row((None, None, None, "Cộng", *(None,) * 4, *SUMS, *(None,) * 4), 1)
    return Table(LIST_COLUMNS, rows, total, unit=UNIT)
