"""The places that the rows of a list name, with the questions to ask where they name none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from ..models.ttcs_unit_kind import COMMUNE, HAMLET
from ..spreadsheet.fields import FieldSpec
from ..text.vietnamese import normalize, split_kind
from .kind import ImportKind
from .places import (
    AMBIGUOUS,
    BLANK,
    FOUND,
    OUT_OF_REACH,
    SPLIT,
    UNKNOWN,
    CommuneFinder,
    Finding,
    HamletFinder,
    Place,
    place_key,
)
from .question import Option, Question
from .record import REFUSED, ImportRecord

COMMUNE_ONLY = "commune_only"
ADD_HAMLET = "add_hamlet"
_HAMLET_KIND_OF_COMMUNE = {"xã": "ấp"}


def commune_specs(env) -> tuple[FieldSpec, ...]:
    """The columns that name a commune."""
    return (
        FieldSpec(
            "commune",
            env._("Commune"),
            (
                "Xã",
                "Phường",
                "Xã, phường",
                "Xã/Phường",
                "Xã, phường, thị trấn",
                "Xã/Phường/Thị trấn",
                "Tên đơn vị hành chính",
                "Đơn vị hành chính",
                "UBND xã",
                "Địa phương",
            ),
        ),
        FieldSpec(
            "commune_code",
            env._("Commune code"),
            ("Mã xã", "Mã phường", "Mã ĐVHC", "Mã đơn vị hành chính", "Mã số xã", "Mã xã, phường"),
        ),
        FieldSpec(
            "district",
            env._("Former district"),
            (
                "Huyện",
                "Huyện cũ",
                "Tên huyện",
                "Quận, huyện",
                "Huyện, thị xã, thành phố",
                "Huyện/Thành phố",
            ),
        ),
    )


def position_specs(env) -> tuple[FieldSpec, ...]:
    """The columns that give a point on the map."""
    return (
        FieldSpec(
            "coordinates",
            env._("Coordinates"),
            ("Tọa độ", "Toạ độ", "Tọa độ GPS", "Vị trí GPS", "Định vị", "Kinh độ, vĩ độ"),
            kind="coordinates",
        ),
        FieldSpec("latitude", env._("Latitude"), ("Vĩ độ", "Lat", "Latitude"), kind="latitude"),
        FieldSpec(
            "longitude",
            env._("Longitude"),
            ("Kinh độ", "Long", "Lng", "Lon", "Longitude"),
            kind="longitude",
        ),
    )


def position_vals(record: ImportRecord) -> dict[str, float]:
    """Latitude and longitude as written, from one column or two; empty unless both are known."""
    values = record.values
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if values.get("coordinates"):
        latitude, longitude = values["coordinates"]
    if not latitude or not longitude:
        return {}
    return {"latitude": round(float(latitude), 6), "longitude": round(float(longitude), 6)}


class PlaceResolver:
    """Communes and hamlets for one check: a handful of queries, however long the list is."""

    def __init__(self, kind: ImportKind) -> None:
        self.kind = kind
        self.env = kind.env
        self.today: date = self.env.company._today()
        self.default: Place | None = None
        self._found: dict[tuple, Finding] = {}
        self.hamlets = HamletFinder(())

    @cached_property
    def hamlet_kinds(self) -> dict:
        """The kinds of hamlet and residential cluster by their word, in lower case."""
        kinds = self.env["ttcs.unit.kind"].search_fetch([("level", ">=", HAMLET)], ["name"])
        return {kind.name.lower(): kind for kind in kinds}

    def load(self) -> None:
        """Read all communes and the lineage of those that ended."""
        units = self.env["ttcs.unit"]
        reached = set(units.search([("level", "=", COMMUNE), ("in_reach", "=", True)])._ids)
        communes = units.search_fetch(
            [("level", "=", COMMUNE)],
            ["full_name", "kind_id", "name_key", "code", "valid_from", "valid_to", "parent_id"],
        )
        edges = self.env["ttcs.unit.lineage"].search_fetch(
            [("predecessor_id.level", "=", COMMUNE)], ["predecessor_id", "successor_id"]
        )
        successors: dict[int, list[int]] = {}
        for edge in edges:
            successors.setdefault(edge.predecessor_id.id, []).append(edge.successor_id.id)
        self.communes = CommuneFinder(
            (self._place(unit, unit.id in reached) for unit in communes), successors, self.today
        )
        default = self.kind.batch.unit_id
        if default.level >= COMMUNE:
            finding = self.communes.today(self.communes.by_id[default.commune_id.id])
            self.default = finding.place if finding.status == FOUND else None

    def load_hamlets(self, communes: Iterable[Place]) -> None:
        """Read the hamlets in force of these communes."""
        units = self.env["ttcs.unit"].search_fetch(
            [
                ("commune_id", "in", list({place.id for place in communes})),
                ("level", ">=", HAMLET),
                ("in_force", "=", True),
            ],
            ["full_name", "kind_id", "name_key", "valid_from", "valid_to", "commune_id"],
        )
        self.hamlets = HamletFinder(self._place(unit, True) for unit in units)

    def find_commune(self, record: ImportRecord) -> Finding:
        """What the commune columns of a row mean, before anybody is asked."""
        values = record.values
        asked = tuple(values.get(key) or "" for key in ("commune", "commune_code", "district"))
        if asked not in self._found:
            name, code, district = map(str, asked)
            finding = self.communes.find(name, code, district, self.kind.batch.list_date)
            self._found[asked] = finding
        finding = self._found[asked]
        if finding.status == BLANK and self.default:
            return Finding(FOUND, self.default)
        return finding

    def possible_communes(self, records: Iterable[ImportRecord]) -> set[Place]:
        """All communes that the rows may mean, so that their hamlets can be loaded at once."""
        possible: set[Place] = set()
        for record in records:
            finding = self.find_commune(record)
            possible.update(finding.candidates)
            if finding.place:
                possible.add(finding.place)
        return possible

    def commune(self, record: ImportRecord, hamlet_text: str = "") -> Place | None:
        """The commune of a row; settles the row where there is none.

        :param hamlet_text: text of the hamlet, which may decide between the parts of a commune
            that was split
        """
        finding = self.find_commune(record)
        if finding.status == BLANK:
            record.settle(
                REFUSED,
                self.env._(
                    "No commune is given. Add a column with the commune, or choose the commune "
                    "of the list in the first step."
                ),
            )
            return None
        if finding.status == FOUND:
            self._remark_on_commune(record, finding)
            return finding.place
        if finding.status == OUT_OF_REACH:
            record.settle(
                REFUSED,
                self.env._("%(place)s is outside your reach.", place=self.label(finding.place)),
            )
            return None
        if finding.status == SPLIT and hamlet_text:
            holding = [
                place
                for place in finding.candidates
                if self.hamlets.find(hamlet_text, place.id).status == FOUND
            ]
            if len(holding) == 1 and holding[0].in_reach:
                self._remark_on_commune(record, Finding(FOUND, holding[0], finding.former))
                return holding[0]
        return self._ask_commune(record, finding)

    def hamlet(self, record: ImportRecord, text: str, commune: Place) -> Place | None:
        """The hamlet of a row, None for the commune itself or where the row had to be settled."""
        finding = self.hamlets.find(text, commune.id)
        if finding.status == FOUND:
            return finding.place
        if finding.status == BLANK:
            return None
        options = [Option(str(place.id), self.label(place)) for place in finding.candidates]
        if finding.status != AMBIGUOUS and self._may_add_hamlets():
            options.append(
                Option(
                    ADD_HAMLET,
                    self.env._(
                        "Add it as a new hamlet: %(name)s", name=self.new_name(text, commune)
                    ),
                )
            )
        options.append(
            Option(
                COMMUNE_ONLY,
                self.env._("Only %(commune)s, no hamlet", commune=self.label(commune)),
            )
        )
        prompt = self.env._(
            "“%(text)s” is no hamlet of %(commune)s. Which one is meant?",
            text=text,
            commune=self.label(commune),
        )
        if finding.status == AMBIGUOUS:
            prompt = self.env._(
                "“%(text)s” may mean several hamlets of %(commune)s. Which one?",
                text=text,
                commune=self.label(commune),
            )
        question = Question(
            topic="hamlet",
            key=f"{commune.id}:{place_key(text)}",
            text=text,
            prompt=prompt,
            options=(*options, self.kind.leave_out_option()),
        )
        answer = self.kind.ask(record, question)
        chosen = self.hamlets.by_id.get(int(answer)) if answer and answer.isdigit() else None
        if chosen and chosen.commune == commune.id:
            return chosen
        if answer not in (None, COMMUNE_ONLY):
            record.settle(
                REFUSED,
                self.env._("The hamlet chosen does not lie in %(place)s.", place=commune.name),
            )
        return None

    def add_hamlet(self, key: str, text: str) -> str:
        """Record the hamlet that a question asked about; gives its id as an answer."""
        commune = self.env["ttcs.unit"].browse(int(key.partition(":")[0]))
        kind, name = self._new_hamlet(text, commune.kind_id.name.lower())
        created = self.env["ttcs.unit"].create(
            {
                "name": name,
                "kind_id": self.hamlet_kinds[kind].id,
                "parent_id": commune.id,
                "valid_from": commune.valid_from,
            }
        )
        return str(created.id)

    def new_name(self, text: str, commune: Place) -> str:
        kind, name = self._new_hamlet(text, commune.kind)
        return f"{kind.capitalize()} {name}"

    def label(self, place: Place) -> str:
        """The place as a person tells it from its namesakes."""
        name = f"{place.name}, {place.above}" if place.above else place.name
        if place.valid_to and place.valid_to < self.today:
            return self.env._(
                "%(place)s (until %(date)s)", place=name, date=f"{place.valid_to:%d/%m/%Y}"
            )
        return name

    def _new_hamlet(self, text: str, commune_kind: str) -> tuple[str, str]:
        kind, name = split_kind(text)
        if kind not in self.hamlet_kinds:
            kind, name = _HAMLET_KIND_OF_COMMUNE.get(commune_kind, "khóm"), normalize(text)
        return kind, name[:1].upper() + name[1:]

    def _may_add_hamlets(self) -> bool:
        return self.env["ttcs.unit"].has_access("create")

    def _remark_on_commune(self, record: ImportRecord, finding: Finding) -> None:
        place, former = finding.place, finding.former
        if former:
            record.remark(
                self.env._(
                    "%(former)s is part of %(place)s today.",
                    former=self.label(former),
                    place=place.name,
                )
            )
        code = record.values.get("commune_code")
        names = self.communes.names_of_code(str(code)) if code else set()
        if len(names) > 1 and not record.values.get("commune"):
            record.remark(
                self.env._(
                    "Code %(code)s has stood for %(names)s; %(place)s was taken.",
                    code=code,
                    names=", ".join(sorted(names)),
                    place=place.name,
                )
            )

    def _ask_commune(self, record: ImportRecord, finding: Finding) -> Place | None:
        values = record.values
        text = ", ".join(
            str(values[key]) for key in ("commune_code", "commune", "district") if values.get(key)
        )
        options = [Option(str(place.id), self.label(place)) for place in finding.candidates]
        question = Question(
            topic="commune",
            key=place_key(text),
            text=text,
            prompt=self._commune_prompt(finding, text),
            options=(*options, self.kind.leave_out_option()),
        )
        answer = self.kind.ask(record, question, holds_back=finding.status != UNKNOWN)
        chosen = self.communes.by_id.get(int(answer)) if answer and answer.isdigit() else None
        if not chosen:
            record.settle(REFUSED, question.prompt)
            return None
        today = self.communes.today(chosen)
        if today.status == FOUND and chosen in finding.candidates:
            return today.place
        record.settle(
            REFUSED, self.env._("%(place)s is outside your reach.", place=self.label(chosen))
        )
        return None

    def _commune_prompt(self, finding: Finding, text: str) -> str:
        if finding.status == AMBIGUOUS:
            return self.env._("“%(text)s” may mean several communes. Which one?", text=text)
        if finding.status == SPLIT:
            return self.env._(
                "%(former)s was split. In which part are these rows?",
                former=self.label(finding.former),
            )
        if finding.candidates:
            return self.env._(
                "There is no commune “%(text)s”. Did you mean %(names)s?",
                text=text,
                names=", ".join(map(self.label, finding.candidates)),
            )
        return self.env._("There is no commune “%(text)s”.", text=text)

    def _place(self, unit, in_reach: bool) -> Place:
        is_former = bool(unit.valid_to) and unit.level == COMMUNE
        return Place(
            id=unit.id,
            name=unit.full_name,
            kind=unit.kind_id.name.lower(),
            key=unit.name_key or "",
            valid_from=unit.valid_from,
            valid_to=unit.valid_to or None,
            code=unit.code or "" if unit.level == COMMUNE else "",
            above=unit.parent_id.full_name or "" if is_former else "",
            commune=unit.commune_id.id if unit.level > COMMUNE else unit.id,
            in_reach=in_reach,
        )
