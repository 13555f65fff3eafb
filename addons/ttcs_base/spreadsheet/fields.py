"""What a list is read for: the fields that its columns may hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = frozenset(
    (
        "text",
        "integer",
        "money",
        "decimal",
        "date",
        "year",
        "time",
        "moment",
        "choice",
        "coordinates",
        "latitude",
        "longitude",
        "phone",
        "yes_or_no",
    )
)


@dataclass(frozen=True)
class FieldSpec:
    """A field of the records made from a list.

    ``label`` and ``synonyms`` are headings that people write for it; ``choices`` belongs to kind
    "choice" and gives, by value, the words that mean it, the best one first.
    """

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    kind: str = "text"
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Field {self.key}: there is no kind {self.kind!r}.")
