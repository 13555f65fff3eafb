"""What an inventory found, as data: taken from the records, kept as JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Member:
    """Somebody of a committee or a team; ``role`` in the words of the minutes."""

    name: str
    position: str
    role: str


@dataclass(frozen=True)
class LineReport:
    """One asset by the books and as counted; amounts in whole đồng."""

    name: str
    code: str
    ledger_code: str
    kind: str
    place: str
    quantity: int
    original_cost: int
    residual_value: int
    counted_quantity: int
    counted_cost: int
    counted_residual: int
    state: str
    condition: str
    remark: str
    explanation: str
    proposal: str

    @property
    def is_pending(self) -> bool:
        """Whether it has not been counted yet: then it is no difference either."""
        return self.state == "pending"

    @property
    def differences(self) -> tuple[int, int, int]:
        """Counted less booked: number, original cost, residual value."""
        return (
            self.counted_quantity - self.quantity,
            self.counted_cost - self.original_cost,
            self.counted_residual - self.residual_value,
        )


@dataclass(frozen=True)
class SheetTotals:
    """One sheet in the report of its round; amounts in whole đồng.

    ``pending`` are its assets that were not counted yet; reports kept before it was told have
    none, as every round that is closed.
    """

    unit_code: str
    unit: str
    agency: str
    state: str
    quantity: int
    original_cost: int
    residual_value: int
    counted_quantity: int
    counted_cost: int
    counted_residual: int
    found: int
    missing: int
    elsewhere: int
    unexpected: int
    broken: int
    pending: int = 0


@dataclass(frozen=True)
class _Report:
    def as_json(self) -> str:
        """The same text for the same report, to be kept and hashed."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.as_json().encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class SheetReport(_Report):
    """The minutes of one sheet; ``began_at`` and ``ended_at`` are local times in words."""

    inventory: str
    decision: str
    freeze_date: dt.date
    agency: str
    budget_code: str
    unit: str
    place: str
    number: str
    began_at: str
    ended_at: str
    committee: Sequence[Member]
    team: Sequence[Member]
    lines: Sequence[LineReport]

    @classmethod
    def from_json(cls, text: str) -> SheetReport:
        """The report that ``as_json`` wrote."""
        values = json.loads(text)
        return cls(
            **{
                **values,
                "freeze_date": dt.date.fromisoformat(values["freeze_date"]),
                "committee": [Member(**each) for each in values["committee"]],
                "team": [Member(**each) for each in values["team"]],
                "lines": [LineReport(**each) for each in values["lines"]],
            }
        )


@dataclass(frozen=True, kw_only=True)
class InventoryReport(_Report):
    """The report of a round; ``sheet_hashes`` tie the minutes of its sheets to it."""

    inventory: str
    decision: str
    freeze_date: dt.date
    agency: str
    parent_body: str
    symbol: str
    area: str
    place: str
    number: str
    committee: Sequence[Member]
    rows: Sequence[SheetTotals]
    conclusion: str
    sheet_hashes: Sequence[str] = ()

    @property
    def counted_rows(self) -> Sequence[SheetTotals]:
        """The sheets whose counting is closed: only they can be compared with the books."""
        return [row for row in self.rows if row.state == "closed"]

    @property
    def running_rows(self) -> Sequence[SheetTotals]:
        """The sheets that are still being counted."""
        return [row for row in self.rows if row.state != "closed"]

    def total(self, name: str) -> int:
        """A figure of all counted sheets together."""
        return sum(getattr(row, name) for row in self.counted_rows)

    @classmethod
    def from_json(cls, text: str) -> InventoryReport:
        """The report that ``as_json`` wrote."""
        values = json.loads(text)
        return cls(
            **{
                **values,
                "freeze_date": dt.date.fromisoformat(values["freeze_date"]),
                "committee": [Member(**each) for each in values["committee"]],
                "rows": [SheetTotals(**each) for each in values["rows"]],
            }
        )
