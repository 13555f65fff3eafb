"""Who approves a decision on public assets, worked out from rows of a table.

Which office is competent follows from the kind of decision and from a value: Luật Quản lý, sử
dụng tài sản công, Nghị định 186/2025/NĐ-CP, and what a province delegates by its own decision.
None of it is written here; the rows are data with validity dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ValuedAsset:
    """What an asset is worth in the books, in whole đồng."""

    original_cost: int
    residual_value: int


@dataclass(frozen=True)
class ApprovalStep:
    """One row of the table: who acts at ``step``, for which kind, office and value.

    ``above`` is exclusive and ``up_to`` inclusive, in đồng; ``up_to`` 0 is without limit.
    ``agency`` and ``agency_kind`` narrow the row to an office or to offices of a kind.
    """

    key: int
    step: int
    kind: str
    basis: str
    measure: str
    above: int
    up_to: int
    agency: int | None = None
    agency_kind: str | None = None
    sequence: int = 10
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def applies(self, kind: str, agency: int, agency_kind: str, value: int, date: dt.date) -> bool:
        return (
            self.kind == kind
            and self.agency in (None, agency)
            and self.agency_kind in (None, agency_kind)
            and value > self.above - (self.above == 0)
            and (not self.up_to or value <= self.up_to)
            and (self.valid_from is None or self.valid_from <= date)
            and (self.valid_to is None or self.valid_to >= date)
        )

    @property
    def precedence(self) -> tuple[bool, bool, int, int]:
        """Rows for one office come before rows for a kind of office, those before the rest."""
        return self.agency is None, self.agency_kind is None, self.sequence, self.key


def level_value(assets: Iterable[ValuedAsset], basis: str, measure: str) -> int:
    """The value that a row compares with its limits.

    :param basis: ``original_cost`` or ``residual_value``
    :param measure: ``item`` (the dearest asset) or ``dossier`` (all together)

    >>> assets = [ValuedAsset(100, 40), ValuedAsset(300, 10)]
    >>> level_value(assets, "original_cost", "item")
    300
    >>> level_value(assets, "residual_value", "dossier")
    50
    """
    values = [getattr(asset, basis) for asset in assets]
    return max(values, default=0) if measure == "item" else sum(values)


def approval_steps(
    table: Iterable[ApprovalStep],
    kind: str,
    agency: int,
    agency_kind: str,
    assets: Sequence[ValuedAsset],
    date: dt.date,
) -> list[ApprovalStep]:
    """The rows that approve a dossier one after the other; empty when the table names nobody.

    Of the rows of one step that apply, the most particular one counts.

    >>> day = dt.date(2026, 1, 1)
    >>> own = ApprovalStep(1, 1, "sale", "original_cost", "item", 0, 500)
    >>> upper = ApprovalStep(2, 1, "sale", "original_cost", "item", 500, 0)
    >>> for cost in (500, 501):
    ...     [row.key for row in approval_steps([own, upper], "sale", 7, "x",
    ...         [ValuedAsset(cost, 0)], day)]
    [1]
    [2]
    """
    chosen: dict[int, ApprovalStep] = {}
    for row in table:
        value = level_value(assets, row.basis, row.measure)
        if not row.applies(kind, agency, agency_kind, value, date):
            continue
        known = chosen.get(row.step)
        if known is None or row.precedence < known.precedence:
            chosen[row.step] = row
    return [chosen[step] for step in sorted(chosen)]
