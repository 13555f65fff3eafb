"""One row of a list on its way from the sheet into the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NEW = "new"
UPDATE = "update"
SAME = "same"
DUPLICATE = "duplicate"
REFUSED = "refused"
SKIPPED = "skipped"
QUESTION = "question"

# Most urgent first: the order in which a person should look at them.
VERDICTS = (QUESTION, REFUSED, DUPLICATE, UPDATE, NEW, SAME, SKIPPED)
_SETTLED = frozenset((DUPLICATE, REFUSED, SKIPPED, QUESTION))


@dataclass(frozen=True)
class Change:
    """A field that the list would change: values as stored in JSON, and as people read them."""

    name: str
    label: str
    before: object
    before_text: str
    after_text: str


@dataclass
class ImportRecord:
    """A row of the sheet with what the check found out about it.

    ``values`` are the cells by field key; ``vals`` what would be written, as JSON; ``links``
    the fields that point to the record made from another row, by its number, so that rows of
    a lower ``stage`` are written first; ``key`` recognises the row in the next list, where
    it bears no code.
    """

    number: int
    values: Mapping[str, object]
    section: str = ""
    label: str = ""
    verdict: str = NEW
    remarks: list[str] = field(default_factory=list)
    message: str = ""
    vals: dict[str, object] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    key: str = ""
    stage: int = 0
    res_id: int | None = None
    question: tuple[str, str] | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing can be written from this row as it stands."""
        return self.verdict in _SETTLED

    def settle(self, verdict: str, message: str) -> None:
        """Take the row out; the first reason stays.

        >>> row = ImportRecord(5, {})
        >>> row.settle(REFUSED, "No name."); row.settle(DUPLICATE, "As row 4.")
        >>> row.verdict, row.message
        ('refused', 'No name.')
        """
        if not self.settled:
            self.verdict, self.message = verdict, message

    def remark(self, text: str) -> None:
        """Note something that a person should know, without taking the row out."""
        if text not in self.remarks:
            self.remarks.append(text)

    @property
    def explanation(self) -> str:
        """Everything there is to say about the row, for a person.

        >>> row = ImportRecord(5, {}, changes=[Change("phone", "Phone", "1", "1", "2")])
        >>> row.remark("Left blank: e-mail.")
        >>> row.explanation
        'Phone: 1 → 2. Left blank: e-mail.'
        """
        changes = "; ".join(
            f"{change.label}: {change.before_text or '–'} → {change.after_text}"
            for change in self.changes
        )
        parts = [self.message, f"{changes}." if changes else "", *self.remarks]
        return " ".join(filter(None, parts))
