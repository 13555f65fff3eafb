"""The list of hamlets and residential clusters of one commune or several."""

from __future__ import annotations

from ..models.ttcs_unit_kind import HAMLET, RESIDENTIAL_CLUSTER
from ..spreadsheet.fields import FieldSpec
from ..text.vietnamese import normalize, split_kind
from .kind import ImportKind
from .place_resolver import PlaceResolver, commune_specs, position_specs, position_vals
from .places import FOUND, HamletFinder, Place, place_key
from .question import Option, Question
from .record import REFUSED, ImportRecord

_CLUSTER = "cụm dân cư"
_FIGURES = ("population", "household_count", "head_name", "head_phone")
_COMPARED = ("name", "kind_id", *_FIGURES, "latitude", "longitude")


class HamletImport(ImportKind):
    code = "hamlets"
    model = "ttcs.unit"

    def name(self):
        return self.env._("Hamlets and residential clusters")

    def explanation(self):
        return self.env._(
            "The hamlets of a commune and, if you keep them, its residential clusters: names, "
            "people, households, heads and their telephones."
        )

    def specs(self):
        env = self.env
        kinds = env["ttcs.unit.kind"].search_fetch([("level", ">=", HAMLET)], ["code", "name"])
        return (
            FieldSpec(
                "name",
                env._("Name of hamlet or cluster"),
                (
                    "Tên",
                    "Tên ấp",
                    "Tên khóm",
                    "Tên ấp, khóm",
                    "Ấp",
                    "Khóm",
                    "Ấp/Khóm",
                    "Ấp, khóm",
                    "Thôn, ấp",
                    "Khu phố",
                    "Tổ dân phố",
                    "Tên cụm dân cư",
                    "Tên địa bàn",
                    "Địa bàn",
                    "Tên gọi",
                ),
                required=True,
            ),
            FieldSpec(
                "kind",
                env._("Kind of place"),
                ("Loại", "Loại hình", "Phân loại", "Loại địa bàn"),
                kind="choice",
                choices={kind.code: (kind.name,) for kind in kinds},
            ),
            *commune_specs(env),
            FieldSpec(
                "parent",
                env._("Hamlet that the cluster belongs to"),
                ("Thuộc ấp", "Thuộc ấp, khóm", "Thuộc khóm", "Ấp trực thuộc", "Trực thuộc"),
            ),
            FieldSpec(
                "population",
                env._("Population"),
                ("Dân số", "Số dân", "Nhân khẩu", "Số nhân khẩu", "Số khẩu"),
                kind="integer",
            ),
            FieldSpec(
                "household_count",
                env._("Households"),
                ("Số hộ", "Hộ", "Số hộ dân", "Hộ dân", "Tổng số hộ"),
                kind="integer",
            ),
            FieldSpec(
                "head_name",
                env._("Head of hamlet"),
                (
                    "Trưởng ấp",
                    "Trưởng khóm",
                    "Trưởng ấp, khóm",
                    "Họ tên trưởng ấp",
                    "Họ và tên trưởng ấp, khóm",
                    "Trưởng ban nhân dân ấp",
                ),
            ),
            FieldSpec(
                "head_phone",
                env._("Phone of the head of hamlet"),
                ("Số điện thoại", "Điện thoại", "SĐT", "Số ĐT", "ĐTDĐ", "Số điện thoại trưởng ấp"),
                kind="phone",
            ),
            *position_specs(env),
        )

    def label_of(self, name):
        return self.env._("Kind of place") if name == "kind_id" else super().label_of(name)

    def text_of(self, name, value):
        if name == "kind_id":
            return self._kinds_by_id[value].name if value else ""
        return super().text_of(name, value)

    def prepare(self, records):
        self.places = PlaceResolver(self)
        self.places.load()
        self.places.load_hamlets(self.places.possible_communes(records))
        kinds = self.places.hamlet_kinds.values()
        self._kinds_by_id = {kind.id: kind for kind in kinds}
        self._kinds_by_code = {kind.code: kind for kind in kinds}
        self._hamlets = HamletFinder(
            place for place in self.places.hamlets.by_id.values() if place.kind != _CLUSTER
        )
        self._in_list: dict[tuple[int, str], int] = {}
        for record in records:
            place = self.places.find_commune(record).place
            name = str(record.values.get("name") or "")
            if place and self._kind(record, place).level == HAMLET:
                self._in_list.setdefault((place.id, place_key(name)), record.number)

    def resolve(self, record):
        written = str(record.values["name"] or "")
        record.label = normalize(written)
        commune = self.places.commune(record, str(record.values.get("parent") or ""))
        if not commune:
            return
        kind = self._kind(record, commune)
        name = self._bare_name(written)
        record.label = f"{kind.name} {name}, {commune.name}"
        record.vals = {"name": name, "kind_id": kind.id, "parent_id": commune.id}
        record.vals |= {
            key: record.values[key] for key in _FIGURES if record.values.get(key) is not None
        }
        record.vals |= position_vals(record)
        if kind.level == RESIDENTIAL_CLUSTER and record.values.get("parent"):
            self._place_in_hamlet(record, commune)
        if record.vals.get("parent_id") == commune.id:
            # Where nothing else is known, a hamlet is as old as its commune is today.
            record.vals["valid_from"] = commune.valid_from.isoformat()
        parent = record.vals.get("parent_id") or f"row {record.links.get('parent_id')}"
        record.key = f"{parent}|{kind.level}|{place_key(name)}"

    def find_existing(self, records):
        found: dict[tuple[str, object], list[int]] = {}
        parents = {record.vals["parent_id"] for record in records if "parent_id" in record.vals}
        units = self.env["ttcs.unit"].search_fetch(
            [
                ("parent_id", "in", list(parents)),
                ("level", ">=", HAMLET),
                ("in_force", "=", True),
            ],
            ["parent_id", "name_key", "kind_id"],
        )
        for unit in units:
            key = f"{unit.parent_id.id}|{unit.kind_id.level}|{unit.name_key}"
            found.setdefault(("", key), []).append(unit.id)
        return found

    def several_match(self, record, ids):
        """Ấp 1 and Khóm 1 of one commune: the kind decides."""
        kind = record.vals["kind_id"]
        units = self.env["ttcs.unit"].browse(ids)
        alike = units.filtered(lambda unit: unit.kind_id.id == kind)
        if len(alike) == 1:
            record.res_id = alike.id

    def snapshot(self, ids, names):
        units = self.env["ttcs.unit"].browse(ids)
        return {
            unit.id: {
                name: unit[name].id if name == "kind_id" else unit[name] for name in _COMPARED
            }
            for unit in units
        }

    def compare(self, record, before):
        if not split_kind(str(record.values["name"] or ""))[0] and not record.values.get("kind"):
            # A list that writes no kind does not say that the kind has changed.
            record.vals["kind_id"] = before["kind_id"]
        if place_key(before["name"]) == place_key(record.vals["name"]):
            record.vals["name"] = before["name"]
        super().compare(record, before)

    def _kind(self, record: ImportRecord, commune: Place):
        """The kind from its column, else from the name, else the usual one of the commune."""
        by_column = self._kinds_by_code.get(record.values.get("kind"))
        if by_column:
            return by_column
        kinds = self.places.hamlet_kinds
        word = split_kind(str(record.values.get("name") or ""))[0]
        if record.values.get("parent") and word not in kinds:
            word = _CLUSTER
        usual = "ấp" if commune.kind == "xã" else "khóm"
        return kinds.get(word) or kinds[usual]

    def _bare_name(self, written: str) -> str:
        word, name = split_kind(written)
        bare = name if word in self.places.hamlet_kinds else normalize(written)
        return bare[:1].upper() + bare[1:]

    def _place_in_hamlet(self, record: ImportRecord, commune: Place) -> None:
        """Put a cluster into its hamlet: one that is known, or one of this list."""
        text = str(record.values["parent"])
        record.stage = 1
        finding = self._hamlets.find(text, commune.id)
        if finding.status == FOUND:
            record.vals["parent_id"] = finding.place.id
            record.vals["valid_from"] = finding.place.valid_from.isoformat()
            return
        number = self._in_list.get((commune.id, place_key(text)))
        if number is not None:
            del record.vals["parent_id"]
            record.vals["valid_from"] = commune.valid_from.isoformat()
            record.links["parent_id"] = number
            return
        options = [Option(str(place.id), place.name) for place in finding.candidates]
        question = Question(
            topic="parent",
            key=f"{commune.id}:{place_key(text)}",
            text=text,
            prompt=self.env._(
                "“%(text)s” is no hamlet of %(commune)s and none of this list. Which one does "
                "the cluster belong to?",
                text=text,
                commune=commune.name,
            ),
            options=(*options, self.leave_out_option()),
        )
        answer = self.ask(record, question)
        chosen = self._hamlets.by_id.get(int(answer)) if answer and answer.isdigit() else None
        if chosen and chosen.commune == commune.id:
            record.vals["parent_id"] = chosen.id
            record.vals["valid_from"] = chosen.valid_from.isoformat()
        elif answer:
            record.settle(
                REFUSED,
                self.env._("The hamlet chosen does not lie in %(place)s.", place=commune.name),
            )
