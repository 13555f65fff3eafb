"""What a list leaves open, asked once for all rows that write it the same way."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Option:
    """One answer that may be given: what is stored, and what is shown."""

    value: str
    label: str


@dataclass
class Question:
    """A text that the matching could not settle alone.

    ``topic`` and ``key`` identify it from one check to the next, so that its answer is kept;
    ``numbers`` are the rows of the sheet that wait for it or followed its answer.
    """

    topic: str
    key: str
    text: str
    prompt: str
    options: tuple[Option, ...]
    numbers: list[int] = field(default_factory=list)

    @property
    def identity(self) -> tuple[str, str]:
        return self.topic, self.key
