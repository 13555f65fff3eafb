from odoo import api, models
from odoo.fields import Domain
from odoo.tools.mail import html2plaintext

from odoo.addons.ttcs_base.models.ttcs_unit_kind import COMMUNE

# With more communes than this a technician says which ones he is going to.
MOST_COMMUNES_AT_ONCE = 12
LONGEST_DESCRIPTION = 500
HISTORY = 20

ASSET_FIELDS = (
    "id", "name", "code", "category_id", "family", "unit_id", "commune_id", "parent_asset_id",
    "agency_id", "latitude", "longitude", "position_accuracy", "site_note", "condition",
    "condition_date", "life_state", "horn_count", "custodian_id",
)  # fmt: skip
TAG_FIELDS = ("code", "spoken_code", "state", "equipment_id", "point")
ORDER_FIELDS = (
    "id", "name", "equipment_id", "unit_id", "commune_id", "maintenance_type", "priority",
    "reported_at", "due_date", "user_id", "description",
)  # fmt: skip
PERSON_FIELDS = ("id", "name", "agency")
UNIT_FIELDS = ("id", "full_name", "parent_id", "commune_id")


class TtcsFieldArea(models.AbstractModel):
    """What a phone takes along: the assets, tags, orders and places of some communes.

    Everything is read as the user of the phone, so the record rules decide.  Tables are lists
    of rows without names, each table names its columns once: 1,000 assets with tags and orders
    take about a third of a megabyte.
    """

    _name = "ttcs.field.area"
    _description = "Area of a field phone"

    @api.model
    def _communes(self):
        """The communes in force where the user reaches assets or places, with their assets.

        :returns: list of ``{"id", "name", "assets"}``, by name
        """
        counts = dict(
            self.env["maintenance.equipment"]._read_group(
                self._asset_domain(), ["commune_id"], ["__count"]
            )
        )
        # sudo: who reaches what is nobody's business, but everybody may know it of himself.
        communes = (
            self.env["ttcs.unit"]
            .sudo()
            .search_fetch(
                [
                    ("level", "=", COMMUNE),
                    ("in_force", "=", True),
                    ("reader_ids.user_id", "=", self.env.uid),
                ],
                ["full_name"],
                order="full_name",
            )
        )
        return [
            {"id": unit.id, "name": unit.full_name, "assets": counts.get(unit, 0)}
            for unit in communes
        ]

    @api.model
    def _area(self, commune_ids=None):
        """What a phone keeps for work without a network.

        :param commune_ids: the communes to take along; those out of reach give nothing.  None
            of them takes all, unless they are too many to choose for a person
        :returns: ``{"user", "choose", "hosts", "choices", "communes", "units", "assets",
            "tags", "orders", "persons"}`` where ``choose`` says that communes must be named
            first; the user's own orders and their assets come in any case
        """
        communes = self._communes()
        reachable = {commune["id"] for commune in communes}
        choose = commune_ids is None and len(reachable) > MOST_COMMUNES_AT_ONCE
        wanted = reachable & set(commune_ids) if commune_ids is not None else reachable
        wanted = sorted(set() if choose else wanted)
        orders = self._orders(wanted)
        assets = self._assets(wanted, {order[2] for order in orders if order[2]})
        return {
            "user": {"id": self.env.uid, "name": self.env.user.name},
            "choose": choose,
            "hosts": self.env["ttcs.tag"]._hosts(),
            "choices": self._choices(),
            "communes": [commune for commune in communes if commune["id"] in wanted],
            "units": self._as_table(
                UNIT_FIELDS,
                self._units(wanted, {place for order in orders for place in order[3:5] if place}),
            ),
            "assets": self._as_table(ASSET_FIELDS, assets),
            "tags": self._as_table(TAG_FIELDS, self._tags(wanted, [asset[0] for asset in assets])),
            "orders": self._as_table(ORDER_FIELDS, orders),
            "persons": self._as_table(PERSON_FIELDS, self._persons(wanted)),
        }

    @api.model
    def _as_table(self, columns, rows):
        return {"columns": list(columns), "rows": rows}

    @api.model
    def _choices(self):
        """The choices of the forms with their translated names."""
        wanted = {
            "condition": ("maintenance.equipment", "condition"),
            "family": ("maintenance.equipment", "family"),
            "result": ("maintenance.request", "result"),
            "point": ("ttcs.tag", "point"),
            "maintenance_type": ("maintenance.request", "maintenance_type"),
        }
        choices = {
            name: self.env[model]._fields[field]._description_selection(self.env)
            for name, (model, field) in wanted.items()
        }
        categories = self.env["maintenance.equipment.category"].search_fetch([], ["name"])
        return choices | {"category": [(category.id, category.name) for category in categories]}

    @api.model
    def _asset_domain(self):
        return Domain("life_state", "in", ("in_use", "stored"))

    @api.model
    def _assets(self, commune_ids, asset_ids):
        domain = Domain("commune_id", "in", commune_ids) & self._asset_domain()
        domain |= Domain("id", "in", list(asset_ids))
        return self._rows("maintenance.equipment", domain, ASSET_FIELDS)

    @api.model
    def _units(self, commune_ids, place_ids):
        """The hamlets of the communes, and the places of orders wherever they are."""
        domain = Domain("commune_id", "in", commune_ids) & Domain("level", ">", COMMUNE)
        domain &= Domain("in_force", "=", True)
        place_ids = place_ids.difference(commune_ids)
        return self._rows("ttcs.unit", domain | Domain("id", "in", list(place_ids)), UNIT_FIELDS)

    @api.model
    def _tags(self, commune_ids, asset_ids):
        """Tags on these assets, and the blank ones of the agencies there."""
        blank = Domain("state", "=", "blank") & Domain("agency_id.unit_id", "in", commune_ids)
        return self._rows("ttcs.tag", Domain("equipment_id", "in", asset_ids) | blank, TAG_FIELDS)

    @api.model
    def _orders(self, commune_ids):
        mine_or_there = Domain("user_id", "=", self.env.uid)
        mine_or_there |= Domain("commune_id", "in", commune_ids)
        still_open = Domain("closed_at", "=", False) & Domain("archive", "=", False)
        rows = self._rows("maintenance.request", still_open & mine_or_there, ORDER_FIELDS)
        for row in rows:
            row[-1] = self._plain(row[-1])
        return rows

    @api.model
    def _persons(self, commune_ids):
        """Who is assigned in these communes, to hand assets to: id, name and agency."""
        assignments = self.env["ttcs.assignment"]
        today = self.env.company._today()
        there = assignments._domain_in_force_on(today) & Domain("unit_id", "in", commune_ids)
        found = assignments.search_fetch(there, ["person_id", "agency_id"], order="person_id")
        named = {
            (held.person_id.id, held.agency_id.id): [
                held.person_id.id,
                held.person_id.name,
                held.agency_id.name,
            ]
            for held in found
        }
        return sorted(named.values(), key=lambda row: row[1])

    @api.model
    def _plain(self, html):
        return html2plaintext(html)[:LONGEST_DESCRIPTION].strip() if html else ""

    @api.model
    def _rows(self, model, domain, names):
        """Records as lists, in the order of the fields; relations as ids, moments as text."""
        records = self.env[model].search_fetch(domain, names, order="id")
        values = records.read(names, load=None)
        return [[self._json_value(row[name]) for name in names] for row in values]

    @api.model
    def _json_value(self, value):
        if value is False:
            return None
        return value.isoformat() if hasattr(value, "isoformat") else value

    @api.model
    def _find_asset(self, text):
        """What a scanned or typed code is, for the user of the phone.

        :returns: ``(tag, answer)``: the tag to log a look at, and ``{"status", "tag",
            "asset"}``; the status is one of ``ttcs.tag._find`` or ``out_of_reach``, tag and
            asset are ``None`` where there is nothing to show
        """
        status, found, its_asset = self.env["ttcs.tag"]._find(text)
        asset = self._asset(its_asset.id) if its_asset else None
        tag = self._rows("ttcs.tag", Domain("id", "=", found.id), TAG_FIELDS) if found else []
        if (its_asset and not asset) or (found and not its_asset and not tag):
            return found, {"status": "out_of_reach", "tag": None, "asset": None}
        tag = dict(zip(TAG_FIELDS, tag[0], strict=True)) if tag else None
        return found, {"status": status, "tag": tag, "asset": asset}

    @api.model
    def _asset(self, asset_id):
        """One asset with its latest orders, its tags and where it was; ``None`` out of reach."""
        rows = self._rows("maintenance.equipment", Domain("id", "=", asset_id), ASSET_FIELDS)
        if not rows:
            return None
        asset = self.env["maintenance.equipment"].browse(asset_id)
        return dict(zip(ASSET_FIELDS, rows[0], strict=True)) | {
            "place": asset.unit_id.display_name or "",
            "agency": asset.agency_id.name,
            "tags": self._as_table(
                TAG_FIELDS,
                self._rows("ttcs.tag", Domain("equipment_id", "=", asset_id), TAG_FIELDS),
            ),
            "orders": self._history(asset_id),
            "placements": self._placements(asset),
        }

    @api.model
    def _history(self, asset_id):
        orders = self.env["maintenance.request"].search_fetch(
            [("equipment_id", "=", asset_id)],
            ["name", "maintenance_type", "reported_at", "closed_at", "result", "resolution"],
            order="reported_at desc, id desc",
            limit=HISTORY,
        )
        return [
            {
                "id": order.id,
                "name": order.name,
                "maintenance_type": order.maintenance_type,
                "reported_at": self._json_value(order.reported_at),
                "closed_at": self._json_value(order.closed_at),
                "result": order.result or None,
                "resolution": (order.resolution or "")[:LONGEST_DESCRIPTION],
            }
            for order in orders
        ]

    @api.model
    def _placements(self, asset):
        return [
            {
                "place": placement.unit_id.display_name or "",
                "agency": placement.agency_id.name or "",
                "valid_from": self._json_value(placement.valid_from),
                "valid_to": self._json_value(placement.valid_to),
            }
            for placement in asset.placement_ids
        ]
