"""The register of assets: stations, loudspeaker clusters, public boards and components."""

from __future__ import annotations

from odoo.tools import html2plaintext, plaintext2html

from odoo.addons.ttcs_base.imports.agency_resolver import AgencyResolver
from odoo.addons.ttcs_base.imports.kind import ImportKind, chosen_id
from odoo.addons.ttcs_base.imports.place_resolver import (
    ADD_HAMLET,
    PlaceResolver,
    position_vals,
)
from odoo.addons.ttcs_base.imports.record import REFUSED, ImportRecord
from odoo.addons.ttcs_base.models.ttcs_unit_kind import COMMUNE
from odoo.addons.ttcs_base.text.vietnamese import fold, normalize

from .asset_fields import asset_specs, told_kind
from .asset_references import CustodianFinder, SourceFinder, StationFinder

_TEXTS = (
    "code",
    "ledger_code",
    "serial_no",
    "site_note",
    "manufacturer",
    "manufactured_in",
    "model",
    "sim_number",
)
_PLAIN = (
    "condition",
    "horn_count",
    "acquisition_year",
    "in_use_date",
    "original_cost",
    "warranty_date",
)
_REFERENCES = {
    "category_id": "category",
    "unit_id": "hamlet",
    "parent_asset_id": "station",
    "custodian_id": "custodian",
    "agency_id": "agency",
}
_DATES = ("in_use_date", "warranty_date")
_SEVERAL = "several"


class AssetImport(ImportKind):
    code = "assets"
    model = "maintenance.equipment"
    identifiers = ("code", "ledger_code", "serial_no")
    code_field = "code"
    parts = ("ttcs.asset.cost",)

    def name(self):
        return self.env._("Register of assets")

    def explanation(self):
        return self.env._(
            "Stations, loudspeaker clusters, public boards and their components: where they "
            "stand, in which condition, since when, at what cost."
        )

    def specs(self):
        return asset_specs(self.env)

    def needs(self):
        return (("category",), ("name", "hamlet", "site_note"))

    def constants(self):
        serves_a_commune = self.batch.agency_id.unit_id.level >= COMMUNE
        return ("category",) if serves_a_commune else ("category", "owned_by_commune")

    def guess_constant(self, key, context):
        if key == "owned_by_commune":
            return "x"
        category = self.env["maintenance.equipment.category"].search(
            [("code", "=", told_kind(context))], limit=1
        )
        return category.name if category else None

    def label_of(self, name):
        return super().label_of(_REFERENCES.get(name, name))

    # Check ----------------------------------------------------------------------------------

    def prepare(self, records):
        categories = self.env["maintenance.equipment.category"].search_fetch(
            [("family", "!=", False)], ["name", "family"]
        )
        self._families = {category.id: category.family for category in categories}
        self.places = PlaceResolver(self)
        self.places.load()
        communes = self.places.possible_communes(records)
        self.places.load_hamlets(communes)
        self.agencies = AgencyResolver(self)
        self.sources = SourceFinder(self)
        self.custodians = CustodianFinder(self, records)
        self.stations = StationFinder(self)
        self.stations.load(communes)
        for record in records:
            commune = self.places.find_commune(record).place
            if commune and self._family(record) == "station":
                name, code = record.values.get("name") or "", record.values.get("code") or ""
                self.stations.note(record.number, commune, str(name), str(code))

    def resolve(self, record):
        values = record.values
        hamlet_text = str(values.get("hamlet") or "")
        record.label = normalize(str(values.get("name") or hamlet_text))
        commune = self.places.commune(record, hamlet_text)
        if not commune:
            return
        place = self._place(record, hamlet_text, commune)
        agency = self._agency(record, commune)
        if record.settled:
            return
        category = chosen_id(values["category"])
        name = self._name(record, place)
        if not name:
            record.settle(REFUSED, self.env._("The row names neither the asset nor its place."))
            return
        record.label = f"{name}, {place.name}"
        record.vals = {
            "name": name,
            "category_id": category,
            "agency_id": agency,
            "unit_id": place.id,
        }
        record.vals |= {
            key: normalize(str(values[key])) for key in _TEXTS if values.get(key) is not None
        }
        record.vals |= {key: values[key] for key in _PLAIN if values.get(key) is not None}
        record.vals |= position_vals(record)
        if values.get("note"):
            record.vals["note"] = normalize(str(values["note"]))
        self._refer(record, commune, category)
        if not any(record.vals.get(key) for key in self.identifiers):
            record.key = f"{place.id}|{category}|{fold(name)}"

    def find_existing(self, records):
        found: dict[tuple[str, object], list[int]] = {}
        self._find_by_identifier(records, found)
        self._find_by_name(records, found)
        self._refuse_hidden_serials(records, found)
        return found

    def snapshot(self, ids, names):
        """As the base; the source stands for the only one, and the cost always comes with it."""
        assets = self.env[self.model].browse(ids).exists()
        stored = [name for name in names if name in assets._fields]
        assets.fetch([*stored, "cost_ids"])
        assets.cost_ids.fetch(["funding_source_id"])
        return {asset.id: self._values_of(asset, stored) for asset in assets}

    def compare(self, record, before):
        """What a list does not say is not compared: its agency, its name if it was made up."""
        vals = record.vals
        if not record.values.get("agency") and not record.values.get("owned_by_commune"):
            vals.pop("agency_id")
        if not record.values.get("name"):
            vals.pop("name")
        if not record.values.get("station"):
            vals.pop("parent_asset_id", None)
        if not record.values.get("hamlet") and self._lies_in(before["unit_id"], vals["unit_id"]):
            vals.pop("unit_id")
        if before["funding_source"] == _SEVERAL:
            self._compare_shared_cost(record, before)
        super().compare(record, before)

    def text_of(self, name, value):
        if not value:
            return ""
        if name == "original_cost":
            return f"{value:,.0f}".replace(",", ".")
        if name in _DATES:
            year, month, day = str(value).split("-")
            return f"{day}/{month}/{year}"
        if name == "condition":
            return self.by_key["condition"].choices[value][0]
        if name == "category_id":
            return self.by_key["category"].choices.get(f"record_{value}", ("",))[0]
        if name == "unit_id":
            return self._place_name(value)
        if name == "agency_id":
            return self.agencies.names.get(value, "")
        if name == "custodian_id":
            return self.custodians.names.get(value) or self._record_name("ttcs.person", value)
        if name == "parent_asset_id":
            return self._record_name(self.model, value)
        if name == "funding_source":
            return self.sources.names.get(value, "")
        return super().text_of(name, value)

    def answer_creates(self, topic, key, text, value):
        if topic == "hamlet" and value == ADD_HAMLET:
            return PlaceResolver(self).add_hamlet(key, text)
        return value

    # Writing --------------------------------------------------------------------------------

    def create(self, vals_list):
        """Create assets with what the database would compute of them.

        Odoo computes it all the same, finds it right, and so need not write each asset twice.
        """
        computed = {
            "assign_date": self.env.company._today(),
            "department_id": False,
            "employee_id": False,
            "maintenance_count": 0,
            "maintenance_open_count": 0,
            "maintenance_team_id": False,
        }
        units = self.env["ttcs.unit"].browse({vals["unit_id"] for vals in vals_list})
        communes = {unit.id: unit.commune_id.id for unit in units}
        kinds = self.env["maintenance.equipment.category"]
        families = {kind.id: kind.family for kind in kinds.search_fetch([], ["family"])}
        for vals in vals_list:
            vals.update(computed)
            vals["commune_id"] = communes[vals["unit_id"]]
            vals["family"] = families[vals["category_id"]]
            if vals["family"] != "station":
                # What a list puts an asset into is a station, and a station's is itself.
                vals["station_id"] = vals.get("parent_asset_id") or False
            source = vals.pop("funding_source", None)
            if source and vals.get("original_cost"):
                share = {"funding_source_id": source, "amount": vals["original_cost"]}
                vals["cost_ids"] = [(0, 0, share)]
            if "note" in vals:
                vals["note"] = plaintext2html(vals["note"])
        return super().create(vals_list)

    def update(self, changes):
        super().update([(res_id, self._written(res_id, vals)) for res_id, vals in changes])

    def _written(self, res_id: int, vals: dict) -> dict:
        """Values as stored: the note as HTML, the cost together with its source."""
        vals = dict(vals)
        if "note" in vals:
            vals["note"] = plaintext2html(vals["note"])
        if "funding_source" in vals or "original_cost" in vals:
            asset = self.env[self.model].browse(res_id)
            cost = vals.get("original_cost", asset.original_cost)
            source = vals.pop("funding_source", None)
            source = source or asset.cost_ids[:1].funding_source_id.id
            if source:
                share = {"funding_source_id": source, "amount": cost}
                vals["cost_ids"] = [(5, 0, 0), *([(0, 0, share)] if cost else [])]
        return vals

    # Parts of the check ---------------------------------------------------------------------

    def _family(self, record: ImportRecord) -> str | None:
        category = record.values.get("category")
        return self._families.get(chosen_id(category)) if category else None

    def _place(self, record: ImportRecord, hamlet_text: str, commune):
        """The hamlet that the row names, or that its other texts mention, else the commune."""
        if hamlet_text:
            return self.places.hamlet(record, hamlet_text, commune) or commune
        hamlets = self.places.hamlets
        values = record.values
        return (
            hamlets.mentioned(str(values.get("site_note") or ""), commune.id)
            or hamlets.mentioned(str(values.get("name") or ""), commune.id, kind_may_lack=True)
            or hamlets.mentioned(record.section, commune.id)
            or commune
        )

    def _agency(self, record: ImportRecord, commune) -> int | None:
        named = str(record.values.get("agency") or "")
        if not named and record.values.get("owned_by_commune"):
            committee = self.agencies.committee_of.get(commune.id)
            if committee:
                return committee
        return self.agencies.find(record, named)

    def _name(self, record: ImportRecord, place) -> str:
        name = normalize(str(record.values.get("name") or ""))
        if name or not (record.values.get("hamlet") or record.values.get("site_note")):
            return name
        return f"{self.by_key['category'].choices[record.values['category']][0]} {place.name}"

    def _refer(self, record: ImportRecord, commune, category: int) -> None:
        values, vals = record.values, record.vals
        custodian = self.custodians.find(record, normalize(str(values.get("custodian") or "")))
        if custodian:
            vals["custodian_id"] = custodian
        source = self.sources.find(record, str(values.get("funding_source") or ""))
        if source and vals.get("original_cost"):
            vals["funding_source"] = source
        elif source:
            record.remark(self.env._("The funding source was left blank, for no cost is given."))
        family = self._families[category]
        if family != "station":
            text = normalize(str(values.get("station") or ""))
            self.stations.place(record, text, commune, is_cluster=family == "cluster")

    def _find_by_identifier(self, records, found) -> None:
        agencies = list({record.vals["agency_id"] for record in records})
        assets = self.env[self.model]
        for name in self.identifiers:
            written = [record.vals[name] for record in records if record.vals.get(name)]
            if not written:
                continue
            domain = [(name, "in", written)]
            if name != "serial_no":
                domain.append(("agency_id", "in", agencies))
            for asset in assets.search_fetch(domain, [name, "name"]):
                found.setdefault((name, asset[name]), []).append(asset.id)

    def matching_ids(self, record, existing):
        """As ever; a serial number that alone speaks for another name deserves a look."""
        ids = super().matching_ids(record, existing)
        told = [name for name, _value in self.identities(record)]
        if len(ids) == 1 and told == ["serial_no"]:
            known = self.env[self.model].browse(ids).name
            written = record.vals.get("name") or known
            if fold(written) != fold(known):
                record.remark(
                    self.env._(
                        "Serial number %(serial)s is that of “%(name)s” in the register. If it "
                        "is another device, correct the number and check again.",
                        serial=record.vals["serial_no"],
                        name=known,
                    )
                )
        return ids

    def _find_by_name(self, records, found) -> None:
        """Assets that bear no code, by place, kind and name."""
        nameless = [record for record in records if record.key]
        if not nameless:
            return
        assets = self.env[self.model].search_fetch(
            [
                ("agency_id", "in", list({record.vals["agency_id"] for record in nameless})),
                ("unit_id", "in", list({record.vals["unit_id"] for record in nameless})),
            ],
            ["name", "unit_id", "category_id"],
        )
        for asset in assets:
            key = f"{asset.unit_id.id}|{asset.category_id.id}|{fold(asset.name)}"
            found.setdefault(("", key), []).append(asset.id)

    def _refuse_hidden_serials(self, records, found) -> None:
        """A serial number is unique in the country: say so before the database does."""
        wanted = {
            record.vals["serial_no"]: record
            for record in records
            if record.vals.get("serial_no")
            and ("serial_no", record.vals["serial_no"]) not in found
        }
        if not wanted:
            return
        # sudo: only whether the number is taken; the asset out of reach stays unnamed.
        assets = self.env[self.model].sudo().with_context(active_test=False)
        taken = assets.search_fetch([("serial_no", "in", list(wanted))], ["serial_no"])
        visible = self.env[self.model].with_context(active_test=False)
        visible = visible.search_fetch([("id", "in", taken.ids)], ["name"]) if taken else visible
        for asset in taken:
            record = wanted[asset.serial_no]
            if asset in visible:
                message = self.env._(
                    "Serial number %(number)s belongs to the archived asset %(asset)s.",
                    number=asset.serial_no,
                    asset=visible.browse(asset.id).display_name,
                )
            else:
                message = self.env._(
                    "Serial number %(number)s belongs to an asset out of your reach.",
                    number=asset.serial_no,
                )
            record.settle(REFUSED, message)

    def _values_of(self, asset, names) -> dict[str, object]:
        values: dict[str, object] = {}
        for name in names:
            value = asset[name]
            if name in _REFERENCES:
                value = value.id
            elif name in _DATES:
                value = value.isoformat() if value else False
            elif name == "note":
                value = html2plaintext(value).strip() if value else False
            values[name] = value
        sources = asset.cost_ids.funding_source_id
        values["funding_source"] = _SEVERAL if len(sources) > 1 else sources.id
        return values

    def _compare_shared_cost(self, record: ImportRecord, before) -> None:
        record.vals.pop("funding_source", None)
        cost = record.vals.get("original_cost")
        if cost is not None and cost != before["original_cost"]:
            record.settle(
                REFUSED,
                self.env._(
                    "The cost of this asset is shared by several sources. Change it in the "
                    "register."
                ),
            )

    def _lies_in(self, unit: int, commune: int) -> bool:
        place = self.places.hamlets.by_id.get(unit)
        return bool(place) and place.commune == commune

    def _place_name(self, unit: int) -> str:
        place = self.places.hamlets.by_id.get(unit) or self.places.communes.by_id.get(unit)
        return place.name if place else self._record_name("ttcs.unit", unit)

    def _record_name(self, model: str, res_id: int) -> str:
        return self.env[model].browse(res_id).display_name
