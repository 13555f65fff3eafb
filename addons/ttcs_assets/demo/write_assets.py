"""Writes the register: assets with their past places, costs by source, technologies, tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from odoo.api import Environment
from odoo.exceptions import UserError

from .assets import REFORM, Asset, Technology
from .people import ACCOUNT_COMMUNE
from .places import Places
from .tags import ROLL_SIZE, Tag
from .write_places import Ground

# What the plan says by keys, or says for itself only.
OF_THE_PLAN = {
    *("key", "category", "commune_key", "unit_key", "former_key", "parent_key"),
    *("technology", "shares"),
}
FAMILIES_IN_CUSTODY = ("station", "board", "board_plain")


def write_assets(
    env: Environment,
    assets: Sequence[Asset],
    custodians: dict[str, str],
    ground: Ground,
    persons: dict[str, int],
) -> dict[str, int]:
    """Create all assets where they first stood, and hand them over at the reform.

    :param custodians: key of a person by the key of a commune
    :returns: ids by the key of an asset
    """
    categories = {
        category.code: category.id for category in env["maintenance.equipment.category"].search([])
    }
    ids: dict[str, int] = {}
    # Owners before their parts: a station, its clusters, what they are made of.
    stations = [asset for asset in assets if asset.category == "station"]
    of_stations = [asset for asset in assets if asset.is_cluster]
    others = [asset for asset in assets if asset.category != "station" and not asset.is_cluster]
    for batch in (stations, of_stations, others):
        values = []
        for asset in batch:
            place = asset.former_key or asset.unit_key
            custodian = None
            if asset.category in FAMILIES_IN_CUSTODY:
                custodian = persons[custodians[asset.commune_key]]
            values.append(
                {
                    **_plain_values(asset),
                    "category_id": categories[asset.category],
                    "unit_id": ground.units[place],
                    "agency_id": ground.agencies[asset.former_key or asset.commune_key],
                    "parent_asset_id": ids.get(asset.parent_key),
                    "custodian_id": custodian,
                }
            )
        created = env["maintenance.equipment"].create(values)
        ids |= {asset.key: row.id for asset, row in zip(batch, created, strict=True)}
    _hand_over(env, [asset for asset in assets if asset.former_key], ground, ids)
    _write_costs(env, assets, ids)
    return ids


def _plain_values(asset: Asset) -> dict[str, object]:
    names = [field.name for field in fields(asset) if field.name not in OF_THE_PLAN]
    known = ((name, getattr(asset, name)) for name in names)
    # What is not known stays empty: 0 degrees is a place in the sea, '' a code like any other.
    values = {name: value for name, value in known if value not in (None, "")}
    return {**values, "effective_date": asset.in_use_date or REFORM}


def _hand_over(
    env: Environment, assets: Sequence[Asset], ground: Ground, ids: dict[str, int]
) -> None:
    """Move assets to where they stand today, as of the reform; one statement for all."""
    equipment = env["maintenance.equipment"]
    env.flush_all()
    equipment._placed_on(REFORM)
    env.cr.execute(
        """
        UPDATE maintenance_equipment equipment
        SET unit_id = moved.unit_id, commune_id = unit.commune_id, agency_id = moved.agency_id
        FROM unnest(%s::integer[], %s::integer[], %s::integer[])
            AS moved (id, unit_id, agency_id)
        JOIN ttcs_unit unit ON unit.id = moved.unit_id
        WHERE equipment.id = moved.id
        """,
        [
            [ids[asset.key] for asset in assets],
            [ground.units[asset.unit_key] for asset in assets],
            [ground.agencies[asset.commune_key] for asset in assets],
        ],
    )
    equipment._placed_on(None)
    env.invalidate_all(flush=False)


def _write_costs(env: Environment, assets: Sequence[Asset], ids: dict[str, int]) -> None:
    sources = {source.code: source.id for source in env["ttcs.funding.source"].search([])}
    missing = {source for asset in assets for source, _amount in asset.shares} - set(sources)
    if missing:
        raise UserError(
            env._(
                "The funding sources %(codes)s are missing. Restore the shipped ones first.",
                codes=", ".join(sorted(missing)),
            )
        )
    env["ttcs.asset.cost"].create(
        [
            {
                "equipment_id": ids[asset.key],
                "funding_source_id": sources[source],
                "amount": amount,
            }
            for asset in assets
            for source, amount in asset.shares
        ]
    )


def write_technologies(
    env: Environment, technologies: Sequence[Technology], ids: dict[str, int]
) -> None:
    """Create the dated technologies of the stations."""
    env["ttcs.station.technology"].create(
        [
            {
                "station_id": ids[line.station_key],
                "technology": line.technology,
                "valid_from": line.valid_from,
                "valid_to": line.valid_to,
                "frequency_mhz": line.frequency_mhz,
                "licence_number": line.licence_number,
                "licence_valid_to": line.licence_valid_to,
            }
            for line in technologies
        ]
    )


def write_tags(
    env: Environment,
    tags: Sequence[Tag],
    assets: Sequence[Asset],
    places: Places,
    ground: Ground,
    ids: dict[str, int],
    user_id: int,
) -> None:
    """Issue tags, stick them on in one statement, and hand out two blank rolls."""
    commune_of = {asset.key: asset.commune_key for asset in assets}
    issued = env["ttcs.tag"]._issue(
        [{"agency_id": ground.agencies[commune_of[tag.asset_key]]} for tag in tags]
    )
    env.flush_all()
    env.cr.execute(
        """
        UPDATE ttcs_tag tag
        SET state = CASE WHEN stuck.reason = '' THEN 'assigned' ELSE 'revoked' END,
            equipment_id = stuck.equipment_id,
            unit_id = equipment.unit_id,
            point = stuck.point,
            assigned_at = stuck.assigned_at,
            assigned_by_id = %(user)s,
            reason = NULLIF(stuck.reason, ''),
            revoked_at = stuck.revoked_at,
            revoked_by_id = CASE WHEN stuck.reason <> '' THEN %(user)s END
        FROM unnest(
            %(tags)s::integer[], %(equipments)s::integer[], %(points)s::text[],
            %(assigned)s::timestamp[], %(reasons)s::text[], %(revoked)s::timestamp[]
        ) AS stuck (id, equipment_id, point, assigned_at, reason, revoked_at)
        JOIN maintenance_equipment equipment ON equipment.id = stuck.equipment_id
        WHERE tag.id = stuck.id
        """,
        {
            "user": user_id,
            "tags": issued.ids,
            "equipments": [ids[tag.asset_key] for tag in tags],
            "points": [tag.point for tag in tags],
            "assigned": [tag.assigned_at for tag in tags],
            "reasons": [tag.reason for tag in tags],
            "revoked": [tag.revoked_at for tag in tags],
        },
    )
    env.cr.execute(
        """
        UPDATE ttcs_tag old
        SET replaced_by_id = fresh.id
        FROM ttcs_tag fresh
        WHERE old.id = ANY(%s) AND fresh.equipment_id = old.equipment_id
            AND fresh.point = old.point AND fresh.state = 'assigned'
        """,
        [[row.id for row, tag in zip(issued, tags, strict=True) if tag.is_replaced]],
    )
    env.invalidate_all(flush=False)
    commune = places.commune_named(ACCOUNT_COMMUNE)
    env["ttcs.tag.roll"].create(
        [
            {"agency_id": agency, "size": ROLL_SIZE}
            for agency in (ground.department, ground.agencies[commune.key])
        ]
    )
