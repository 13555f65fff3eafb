from itertools import groupby

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.ttcs_unit_kind import COMMUNE, DISTRICT, PROVINCE
from ..province_data import REVIEWED, province_table, provinces

MODULE = "ttcs_base"
COMMITTEE_KIND = {
    PROVINCE: "provincial_committee",
    DISTRICT: "district_committee",
    COMMUNE: "commune_committee",
}


class TtcsProvinceLoad(models.TransientModel):
    """Loads the places of a province, and the people's committee of each.

    Repeatable: places and committees that exist already are left as they are.
    """

    _name = "ttcs.province.load"
    _description = "Load a province"

    province_code = fields.Selection(
        selection=lambda self: list(provinces()), string="Province", required=True
    )
    only_current = fields.Boolean(compute="_compute_only_current")

    @api.depends("province_code")
    def _compute_only_current(self):
        for wizard in self:
            code = wizard.province_code
            wizard.only_current = bool(code) and code not in REVIEWED

    def action_load(self):
        """Load, and show the places."""
        self.ensure_one()
        if not self.province_code:
            raise UserError(self.env._("Choose a province first."))
        self._load(self.province_code)
        return self.env["ir.actions.act_window"]._for_xml_id("ttcs_base.ttcs_unit_action")

    @api.model
    def _load(self, code):
        """Load the province with this code; gives its ``ttcs.unit`` record.

        The user who loads it is assigned to its people's committee as administrator when
        nobody is yet, because a place without readers would be invisible to everyone.
        """
        table = province_table(code)
        loaded = self._load_units(table.units)
        self._load_lineage(table.lineage, loaded)
        units = self.env["ttcs.unit"].browse(loaded.values())
        self._load_committees(units)
        self._load_committee_lineage(units)
        province = units.filtered(lambda unit: unit.level == PROVINCE and not unit.valid_to)
        self._assign_first_administrator(province)
        return province

    @api.model
    def _known(self, model, names):
        # sudo: external ids of shipped rows, which an administrator of the suite may not read.
        data = (
            self.env["ir.model.data"]
            .sudo()
            .search_fetch(
                [("module", "=", MODULE), ("model", "=", model), ("name", "in", names)],
                ["name", "res_id"],
            )
        )
        return {row.name: row.res_id for row in data}

    @api.model
    def _load_units(self, rows):
        """Create the missing places level by level; gives ids by xmlid."""
        known = self._known("ttcs.unit", [row["xmlid"] for row in rows])
        kinds = {kind.code: kind for kind in self.env["ttcs.unit.kind"].search([])}
        missing = [row for row in rows if row["xmlid"] not in known]
        for _level, group in groupby(missing, key=lambda row: kinds[row["kind"]].level):
            group = list(group)
            units = self.env["ttcs.unit"].create(
                [self._unit_values(row, kinds, known) for row in group]
            )
            # sudo: gives the places just made their external ids and touches nothing else.
            self.env["ir.model.data"].sudo()._update_xmlids(
                [
                    {"xml_id": f"{MODULE}.{row['xmlid']}", "record": unit, "noupdate": True}
                    for row, unit in zip(group, units, strict=True)
                ]
            )
            known.update({row["xmlid"]: unit.id for row, unit in zip(group, units, strict=True)})
        return known

    @api.model
    def _unit_values(self, row, kinds, known):
        return {
            "code": row["code"],
            "name": row["name"],
            "kind_id": kinds[row["kind"]].id,
            "parent_id": known.get(row["parent_xmlid"]),
            "valid_from": row["valid_from"],
            "valid_to": row["valid_to"] or False,
            "latitude": float(row["latitude"] or 0),
            "longitude": float(row["longitude"] or 0),
            "area_km2": float(row["area_km2"] or 0),
        }

    @api.model
    def _load_lineage(self, rows, loaded):
        lineage = self.env["ttcs.unit.lineage"]
        existing = {
            (edge.predecessor_id.id, edge.successor_id.id)
            for edge in lineage.search([("predecessor_id", "in", list(loaded.values()))])
        }
        decisions = dict(
            self.env["ttcs.legal.document"]._read_group([], ["number"], ["id:recordset"])
        )
        values = []
        for row in rows:
            edge = (loaded[row["predecessor_xmlid"]], loaded[row["successor_xmlid"]])
            if edge not in existing:
                document = decisions.get(row["decision"])
                values.append(
                    {
                        "predecessor_id": edge[0],
                        "successor_id": edge[1],
                        "kind": row["kind"],
                        "decision": row["decision"],
                        "legal_document_id": document.id if document else False,
                        "date": row["date"],
                    }
                )
        lineage.create(values)

    @api.model
    def _load_committees(self, units):
        """A people's committee for every province, district and commune without one."""
        agencies = self.env["ttcs.agency"]
        kinds = list(COMMITTEE_KIND.values())
        served = agencies.search([("unit_id", "in", units.ids), ("kind", "in", kinds)]).unit_id
        for level in (PROVINCE, DISTRICT, COMMUNE):
            missing = (units - served).filtered(lambda unit, level=level: unit.level == level)
            parents = {
                agency.unit_id: agency
                for agency in agencies.search(
                    [("unit_id", "in", missing.parent_id.ids), ("kind", "in", kinds)]
                )
            }
            agencies.create(
                [
                    {
                        # The name of an office is a name, not a term to translate.
                        "name": f"Ủy ban nhân dân {unit.kind_id.name.lower()} {unit.name}",
                        "code": "UBND",
                        "kind": COMMITTEE_KIND[level],
                        "unit_id": unit.id,
                        "parent_id": parents[unit.parent_id].id if unit.parent_id else False,
                        "valid_from": unit.valid_from,
                        "valid_to": unit.valid_to,
                    }
                    for unit in missing
                ]
            )

    @api.model
    def _load_committee_lineage(self, units):
        """Each committee of a place that ended is followed by those of its successors."""
        kinds = list(COMMITTEE_KIND.values())
        agencies = self.env["ttcs.agency"].search(
            [("unit_id", "in", units.ids), ("kind", "in", kinds)]
        )
        of_unit = {agency.unit_id: agency for agency in agencies}
        edges = self.env["ttcs.unit.lineage"].search([("predecessor_id", "in", units.ids)])
        existing = {
            (edge.predecessor_id, edge.successor_id)
            for edge in self.env["ttcs.agency.lineage"].search(
                [("predecessor_id", "in", agencies.ids)]
            )
        }
        self.env["ttcs.agency.lineage"].create(
            [
                {
                    "predecessor_id": of_unit[edge.predecessor_id].id,
                    "successor_id": of_unit[edge.successor_id].id,
                    "decision": edge.decision,
                    "date": edge.date,
                }
                for edge in edges
                if (of_unit[edge.predecessor_id], of_unit[edge.successor_id]) not in existing
            ]
        )

    @api.model
    def _assign_first_administrator(self, province):
        user = self.env.user
        committee = self.env["ttcs.agency"].search(
            [("unit_id", "in", province.ids), ("kind", "=", "provincial_committee")], limit=1
        )
        # sudo: somebody else's assignment counts, although this user cannot see it yet.
        if user._is_superuser() or not committee or committee.sudo().assignment_ids:
            return
        person = user.ttcs_person_ids or self.env["ttcs.person"].create(
            {"name": user.name, "user_id": user.id}
        )
        # sudo: the first assignment of a province makes its places visible to the very
        # administrator who loads it; nobody else can be meant.
        self.env["ttcs.assignment"].sudo().create(
            {
                "person_id": person.id,
                "agency_id": committee.id,
                "position_id": self.env.ref("ttcs_base.ttcs_position_specialist").id,
                "duty_ids": [(4, self.env.ref("ttcs_base.ttcs_duty_administrator").id)],
            }
        )
