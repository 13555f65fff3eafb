"""A history of failures for the assets of a province: downtimes, and repairs."""

from __future__ import annotations

from odoo.api import Environment

DOWNTIMES = 50_000
# Hours between two downtimes of one asset, so that none overlap.
APART = 24


def write_downtimes(env: Environment, assets: list[int]) -> None:
    """Downtimes of 30 to 629 minutes, spread over the assets and the last eleven months."""
    env.cr.execute(
        """
        INSERT INTO ttcs_downtime (equipment_id, started_at, ended_at, minutes, cause_id)
        SELECT (%(assets)s::integer[])[1 + number %% %(count)s], start,
            start + (30 + number %% 600) * interval '1 minute', 30 + number %% 600, cause.id
        FROM generate_series(0, %(downtimes)s - 1) number
        CROSS JOIN LATERAL (
            SELECT date_trunc('day', now() AT TIME ZONE 'UTC') - interval '330 days'
                + (number / %(count)s) * %(apart)s * interval '1 hour'
                + number %% 300 * interval '1 day' AS start
        ) placed
        JOIN ttcs_downtime_cause cause
            ON cause.code = CASE number %% 5 WHEN 0 THEN 'power' ELSE 'fault' END
        ON CONFLICT DO NOTHING
        """,
        {"assets": assets, "count": len(assets), "downtimes": DOWNTIMES, "apart": APART},
    )
    env.cr.execute("ANALYZE ttcs_downtime")


def write_repairs(env: Environment, assets: list[int]) -> None:
    """As many closed corrective orders, for core to count."""
    stage = env["maintenance.stage"].search([("done", "=", True)], limit=1)
    team = env["maintenance.team"].search([], limit=1)
    env.cr.execute(
        """
        INSERT INTO maintenance_request (name, equipment_id, commune_id, stage_id,
            maintenance_team_id, company_id, maintenance_type, request_date, close_date,
            reported_at, closed_at, kanban_state, reported_by, paid_by)
        SELECT 'Đo tốc độ', asset.id, asset.commune_id, %(stage)s, %(team)s,
            %(company)s, 'corrective', day, day + 1, day, day + 1, 'normal', 'officer', 'own'
        FROM generate_series(0, %(repairs)s - 1) number
        CROSS JOIN LATERAL (SELECT current_date - 330 + number %% 300 AS day) placed
        JOIN maintenance_equipment asset
            ON asset.id = (%(assets)s::integer[])[1 + number %% %(count)s]
        """,
        {
            "assets": assets,
            "count": len(assets),
            "stage": stage.id,
            "team": team.id,
            "company": env.company.id,
            "repairs": DOWNTIMES,
        },
    )
    env.cr.execute("ANALYZE maintenance_request")
