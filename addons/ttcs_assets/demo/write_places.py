"""Writes the places of the plan, and the department that leads the network."""

from __future__ import annotations

from dataclasses import dataclass

from odoo.api import Environment
from odoo.exceptions import UserError

from .places import Place, Places

MODULE = "ttcs_base"
DEPARTMENT = "Sở Văn hóa, Thể thao và Du lịch"
COMMITTEE_KINDS = ("provincial_committee", "commune_committee")
UNNAMED_COMPANY = "Thông tin cơ sở"


@dataclass(frozen=True)
class Ground:
    """Ids of places and of the offices that serve them, both by the key of the place."""

    units: dict[str, int]
    agencies: dict[str, int]
    province_agency: int
    department: int


def write_places(env: Environment, places: Places, province_key: str) -> Ground:
    """Create hamlets and clusters of houses below the loaded communes.

    :raises UserError: when the province is not loaded
    """
    units = _loaded_units(env, places, province_key)
    units |= _created(env, places.all_hamlets(), units)
    units |= _created(env, places.all_house_clusters(), units)
    agencies = _committees(env, units)
    committee = env["ttcs.agency"].browse(agencies[province_key])
    if env.company.name == UNNAMED_COMPANY:
        env.company.name = committee.name
    department = env["ttcs.agency"].create(
        {
            "name": DEPARTMENT,
            "code": "SVHTTDL",
            "kind": "department",
            "unit_id": units[province_key],
            "parent_id": committee.id,
            "valid_from": committee.valid_from,
        }
    )
    return Ground(units, agencies, committee.id, department.id)


def _loaded_units(env: Environment, places: Places, province_key: str) -> dict[str, int]:
    keys = [place.key for place in (*places.communes, *places.former_communes)]
    keys.append(province_key)
    rows = env["ir.model.data"].search_fetch(
        [("module", "=", MODULE), ("model", "=", "ttcs.unit"), ("name", "in", keys)],
        ["name", "res_id"],
    )
    units = {row.name: row.res_id for row in rows}
    if len(units) < len(set(keys)):
        raise UserError(env._("Load the province first; its demo network needs its communes."))
    return units


def _created(env: Environment, places: list[Place], units: dict[str, int]) -> dict[str, int]:
    kinds = {kind.code: kind.id for kind in env["ttcs.unit.kind"].search([])}
    created = env["ttcs.unit"].create(
        [
            {
                "name": place.name,
                "kind_id": kinds[place.kind],
                "parent_id": units[place.parent_key],
                "valid_from": place.valid_from,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "household_count": place.household_count,
                "population": place.population,
            }
            for place in places
        ]
    )
    return {place.key: unit.id for place, unit in zip(places, created, strict=True)}


def _committees(env: Environment, units: dict[str, int]) -> dict[str, int]:
    """Agency by the key of the place it serves."""
    agency_of = {
        agency.unit_id.id: agency.id
        for agency in env["ttcs.agency"].search(
            [("unit_id", "in", list(units.values())), ("kind", "in", COMMITTEE_KINDS)]
        )
    }
    return {key: agency_of[unit] for key, unit in units.items() if unit in agency_of}
