"""Writes the work orders without mail, and dates them back."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from odoo.api import Environment

from .orders import Order


def write_orders(
    env: Environment,
    orders: Sequence[Order],
    ids: dict[str, int],
    technician_id: int,
    manager_id: int,
) -> None:
    """Create the work orders; their place is the asset's on the day they were reported.

    Team, stage and no technician are given at first: each of them asked for or followed by
    core's ``create`` would cost several queries a row.
    """
    stages = _stages(env)
    created = env["maintenance.request"].create(
        [
            {
                "name": order.name,
                "description": escape(order.description) if order.description else False,
                "equipment_id": ids[order.asset_key],
                "maintenance_team_id": env.ref("maintenance.equipment_team_maintenance").id,
                "stage_id": stages[order.stage],
                "user_id": False,
                "maintenance_type": order.maintenance_type,
                "priority": order.priority,
                "reported_by": order.reported_by,
                "reported_at": order.reported_at,
                "request_date": order.reported_at.date(),
                "due_date": order.due_date,
                "result": order.result or False,
                "resolution": order.resolution or False,
                "closed_at": order.closed_at,
                "close_date": order.closed_at and order.closed_at.date(),
            }
            for order in orders
        ]
    )
    env.flush_all()
    # A closed order keeps its place and who closed it: it is open while these are written.
    closed = [order.closed_at for order in orders]
    env.cr.execute(
        "UPDATE maintenance_request SET closed_at = NULL WHERE id = ANY(%s)", [created.ids]
    )
    env.cr.execute(
        """
        UPDATE maintenance_request request
        SET create_date = request.reported_at,
            unit_id = placement.unit_id,
            commune_id = unit.commune_id,
            agency_id = placement.agency_id,
            user_id = CASE WHEN done.is_technicians THEN %(technician)s END,
            closed_by_id = CASE
                WHEN done.closed_at IS NULL THEN NULL
                WHEN done.is_technicians THEN %(technician)s
                ELSE %(manager)s
            END
        FROM unnest(%(requests)s::integer[], %(technicians)s::boolean[], %(closed)s::timestamp[])
            AS done (id, is_technicians, closed_at),
            ttcs_placement placement
        LEFT JOIN ttcs_unit unit ON unit.id = placement.unit_id
        WHERE request.id = done.id
            AND placement.model = 'maintenance.equipment'
            AND placement.res_id = request.equipment_id
            AND request.request_date >= placement.valid_from
            AND (placement.valid_to IS NULL OR request.request_date <= placement.valid_to)
        """,
        {
            "technician": technician_id,
            "manager": manager_id,
            "requests": created.ids,
            "technicians": [order.is_technicians for order in orders],
            "closed": closed,
        },
    )
    env.cr.execute(
        """
        UPDATE maintenance_request request SET closed_at = done.closed_at
        FROM unnest(%s::integer[], %s::timestamp[]) AS done (id, closed_at)
        WHERE request.id = done.id AND done.closed_at IS NOT NULL
        """,
        [created.ids, closed],
    )
    env.invalidate_all(flush=False)


def _stages(env: Environment) -> dict[str, int]:
    """Ids of the stages for what is new, in progress and done."""
    stages = env["maintenance.stage"].search([])
    not_done, done = stages.filtered(lambda s: not s.done), stages.filtered("done")
    return {"new": not_done[0].id, "progress": not_done[1].id, "done": done[0].id}
