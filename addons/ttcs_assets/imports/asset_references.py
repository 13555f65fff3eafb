"""What the rows of a list of assets refer to: stations, funding sources, custodians."""

from __future__ import annotations

from collections.abc import Sequence

from odoo.addons.ttcs_base.imports.kind import LEAVE_BLANK, ImportKind
from odoo.addons.ttcs_base.imports.places import Place
from odoo.addons.ttcs_base.imports.question import Option, Question
from odoo.addons.ttcs_base.imports.record import REFUSED, ImportRecord
from odoo.addons.ttcs_base.text.vietnamese import fold, normalize, similarity

_SUGGESTED_STATIONS = 3
_SUGGESTED_SOURCES = 4


class StationFinder:
    """Stations of the register and of the list itself, by code or by name in their commune."""

    def __init__(self, kind: ImportKind) -> None:
        self.kind = kind
        self.env = kind.env
        self._by_commune: dict[int, list[tuple[int, str, str]]] = {}
        self._in_list: dict[int, list[tuple[int, str, str]]] = {}

    def load(self, communes: set[Place]) -> None:
        """Read the stations of the communes that the list may mean."""
        stations = self.env["maintenance.equipment"].search_fetch(
            [
                ("family", "=", "station"),
                ("commune_id", "in", [place.id for place in communes]),
                ("life_state", "!=", "disposed"),
            ],
            ["name", "code", "commune_id"],
        )
        for station in stations:
            self._by_commune.setdefault(station.commune_id.id, []).append(
                (station.id, fold(station.name), station.code or "")
            )

    def note(self, number: int, commune: Place, name: str, code: str) -> None:
        """Take a station of the list into account."""
        self._in_list.setdefault(commune.id, []).append((number, fold(name), code))

    def place(self, record: ImportRecord, text: str, commune: Place, *, is_cluster: bool) -> None:
        """Put a record into its station; a cluster into the only one of its commune unasked."""
        known = self._by_commune.get(commune.id, [])
        listed = self._in_list.get(commune.id, [])
        if not text:
            names = {name for _id, name, _code in [*known, *listed]}
            if not is_cluster or len(names) != 1:
                return
            text = next(iter(names))
        for stations, put in ((known, self._put_known), (listed, self._put_listed)):
            matching = [each for each in stations if text == each[2] or fold(text) == each[1]]
            if len(matching) == 1:
                put(record, matching[0][0])
                return
        self._ask(record, text, commune)

    def _put_known(self, record: ImportRecord, station: int) -> None:
        record.vals["parent_asset_id"] = station

    def _put_listed(self, record: ImportRecord, number: int) -> None:
        record.links["parent_asset_id"] = number
        record.stage = 1

    def _ask(self, record: ImportRecord, text: str, commune: Place) -> None:
        known = self._by_commune.get(commune.id, [])
        ranked = sorted(known, key=lambda each: -similarity(each[1], text))[:_SUGGESTED_STATIONS]
        stations = self.env["maintenance.equipment"].browse(each[0] for each in ranked)
        options = [Option(str(station.id), station.display_name) for station in stations]
        question = Question(
            topic="station",
            key=f"{commune.id}:{fold(text)}",
            text=text,
            prompt=self.env._(
                "“%(text)s” is no station of %(commune)s. Which one is meant?",
                text=text,
                commune=commune.name,
            ),
            options=(
                *options,
                Option(LEAVE_BLANK, self.env._("Leave blank")),
                self.kind.leave_out_option(),
            ),
        )
        answer = self.kind.ask(record, question)
        if answer and answer.isdigit():
            if int(answer) in {each[0] for each in known}:
                record.vals["parent_asset_id"] = int(answer)
            else:
                record.settle(
                    REFUSED,
                    self.env._("The station chosen is not in %(place)s.", place=commune.name),
                )


class SourceFinder:
    """Funding sources by code or name."""

    def __init__(self, kind: ImportKind) -> None:
        self.kind = kind
        self.env = kind.env
        sources = self.env["ttcs.funding.source"].search_fetch([], ["name", "code", "in_force"])
        self.names = {source.id: source.name for source in sources}
        self._by_key: dict[str, list[int]] = {}
        for source in sources:
            for written in {fold(source.name), fold(source.code or "")} - {""}:
                self._by_key.setdefault(written, []).append(source.id)

    def find(self, record: ImportRecord, text: str) -> int | None:
        """The source that a text names, None for none."""
        text = normalize(text)
        found = self._by_key.get(fold(text), ())
        if len(found) == 1:
            return found[0]
        if not text:
            return None
        ranked = sorted(self.names, key=lambda source: -similarity(self.names[source], text))
        options = [Option(str(each), self.names[each]) for each in ranked[:_SUGGESTED_SOURCES]]
        question = Question(
            topic="funding_source",
            key=fold(text),
            text=text,
            prompt=self.env._("“%(text)s” is no funding source. Which one is meant?", text=text),
            options=(
                *options,
                Option(LEAVE_BLANK, self.env._("Leave blank")),
                self.kind.leave_out_option(),
            ),
        )
        answer = self.kind.ask(record, question)
        return int(answer) if answer and answer.isdigit() and int(answer) in self.names else None


class CustodianFinder:
    """People in reach by name; a name that two bear is none."""

    def __init__(self, kind: ImportKind, records: Sequence[ImportRecord]) -> None:
        self.kind = kind
        self.env = kind.env
        written = {
            normalize(str(record.values["custodian"]))
            for record in records
            if record.values.get("custodian")
        }
        spellings = {spelling for name in written for spelling in (name, name.title())}
        self.names: dict[int, str] = {}
        self._by_key: dict[str, list[int]] = {}
        if spellings:
            persons = self.env["ttcs.person"].search_fetch(
                [("name", "in", list(spellings))], ["name"]
            )
            for person in persons:
                self.names[person.id] = person.name
                self._by_key.setdefault(fold(person.name), []).append(person.id)

    def find(self, record: ImportRecord, text: str) -> int | None:
        """The person that a text names; None with a remark where it cannot be told."""
        if not text:
            return None
        found = self._by_key.get(fold(text), ())
        if len(found) == 1:
            return found[0]
        record.remark(
            self.env._(
                "Custodian left blank: “%(name)s” is not recorded among the people of your "
                "agency, or several bear the name.",
                name=text,
            )
        )
        return None
