"""The agencies that the rows of a list name."""

from __future__ import annotations

import re

from ..models.ttcs_unit_kind import COMMUNE
from ..spreadsheet.fields import FieldSpec
from ..text.vietnamese import fold, normalize, similarity
from .kind import ImportKind
from .question import Option, Question
from .record import REFUSED, ImportRecord

_COMMITTEE = re.compile(r"^ubnd\b")
_SUGGESTIONS = 3
_WORTH_SUGGESTING = 0.3


def agency_key(name: str) -> str:
    """The comparison key of an agency's name; UBND and its long form are one.

    >>> agency_key("UBND xã Mỹ Hiệp") == agency_key("Ủy ban nhân dân xã Mỹ Hiệp")
    True
    """
    return _COMMITTEE.sub("uy ban nhan dan", fold(name))


class AgencyResolver:
    """Agencies in reach for one check: two queries, however long the list is."""

    def __init__(self, kind: ImportKind) -> None:
        self.kind = kind
        self.env = kind.env
        today = self.env.company._today()
        agencies = self.env["ttcs.agency"].search_fetch(
            [
                ("unit_id.in_reach", "=", True),
                ("valid_from", "<=", today),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", today),
            ],
            ["name", "kind", "unit_id"],
        )
        agencies.unit_id.fetch(["full_name", "level"])
        self.names = {agency.id: agency.name for agency in agencies}
        self.committee_of = {
            agency.unit_id.id: agency.id
            for agency in agencies
            if agency.kind == "commune_committee" and agency.unit_id.level == COMMUNE
        }
        self._by_key: dict[str, set[int]] = {}
        for agency in agencies:
            self._by_key.setdefault(agency_key(agency.name), set()).add(agency.id)
            if agency.id in self.committee_of.values():
                place = fold(agency.unit_id.full_name)
                self._by_key.setdefault(place, set()).add(agency.id)

    def find(self, record: ImportRecord, text: str) -> int | None:
        """The agency that a text names, the list's own for none; else the row is settled."""
        text = normalize(text)
        if not text:
            own = self.kind.batch.agency_id
            if own.id in self.names:
                return own.id
            record.settle(
                REFUSED, self.env._("%(agency)s is outside your reach.", agency=own.name)
            )
            return None
        found = self._by_key.get(agency_key(text), ())
        if len(found) == 1:
            return next(iter(found))
        answer = self.kind.ask(record, self._question(text))
        if answer and answer.isdigit() and int(answer) in self.names:
            return int(answer)
        if answer:
            record.settle(REFUSED, self.env._("“%(text)s” is no agency in your reach.", text=text))
        return None

    def _question(self, text: str) -> Question:
        scored = [(similarity(name, text), key, name) for key, name in self.names.items()]
        scored = sorted(each for each in scored if each[0] >= _WORTH_SUGGESTING)[::-1]
        options = [Option(str(key), name) for _score, key, name in scored[:_SUGGESTIONS]]
        return Question(
            topic="agency",
            key=agency_key(text),
            text=text,
            prompt=self.env._(
                "“%(text)s” is no agency in your reach. Which one is meant?", text=text
            ),
            options=(*options, self.kind.leave_out_option()),
        )


def agency_spec(env, synonyms: tuple[str, ...]) -> FieldSpec:
    """The column that names an agency."""
    return FieldSpec("agency", env._("Agency"), synonyms)
