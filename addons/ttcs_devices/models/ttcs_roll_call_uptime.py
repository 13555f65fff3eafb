from odoo import fields, models

from odoo.addons.ttcs_assets.models.ttcs_station_technology import TECHNOLOGIES


class TtcsRollCallUptime(models.Model):
    """How often each loudspeaker was heard when it was asked about, month by month.

    The uptime of what no wire watches.  A loudspeaker that nobody told of but whose device was on
    air counts as heard; one that nobody told of and no wire watches is not counted at all.
    """

    _name = "ttcs.roll.call.uptime"
    _description = "Heard at roll calls"
    _auto = False
    _order = "month desc, heard_share, id"
    _rec_name = "equipment_id"
    _depends = {
        "ttcs.roll.call.line": ["verdict", "telemetry", "is_void", "begins_at"],
        "maintenance.equipment": ["station_id"],
        "ttcs.station.technology": ["station_id", "technology", "valid_from", "valid_to"],
    }

    equipment_id = fields.Many2one("maintenance.equipment", string="Asset", readonly=True)
    station_id = fields.Many2one("maintenance.equipment", readonly=True)
    technology = fields.Selection(
        [*TECHNOLOGIES, ("mixed", "Mixed")], readonly=True, string="Station kind"
    )
    agency_id = fields.Many2one("ttcs.agency", readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True)
    commune_id = fields.Many2one("ttcs.unit", readonly=True)
    month = fields.Date(readonly=True)
    called = fields.Integer(readonly=True, string="Times called")
    told = fields.Integer(readonly=True, string="Times told of")
    heard = fields.Integer(readonly=True, string="Times heard")
    noisy = fields.Integer(readonly=True, string="Of these noisy")
    silent = fields.Integer(readonly=True, string="Times silent")
    heard_share = fields.Float(
        readonly=True,
        string="Heard (%)",
        digits=(5, 1),
        aggregator="avg",
        help="Of the times that somebody, or its device, told of it.",
    )

    def init(self):
        self.env.cr.execute(
            """
            CREATE OR REPLACE VIEW ttcs_roll_call_uptime AS
            WITH told AS (
                SELECT line.*,
                    date_trunc('month', line.begins_at AT TIME ZONE 'UTC' AT TIME ZONE ttcs_zone())
                        ::date AS month,
                    CASE
                        WHEN line.verdict IS NOT NULL THEN line.verdict
                        WHEN line.telemetry = 'playing' THEN 'clear'
                        WHEN line.telemetry IS NOT NULL THEN 'silent'
                    END AS outcome
                FROM ttcs_roll_call_line line
                JOIN ttcs_roll_call call ON call.id = line.roll_call_id
                WHERE NOT line.is_void AND call.state IN ('called', 'closed')
                    AND line.begins_at <= now() AT TIME ZONE 'UTC'
            ),
            counted AS (
                SELECT equipment_id, month, max(id) AS newest, count(*) AS called,
                    count(outcome) AS told,
                    count(*) FILTER (WHERE outcome IN ('clear', 'noisy')) AS heard,
                    count(*) FILTER (WHERE outcome = 'noisy') AS noisy,
                    count(*) FILTER (WHERE outcome = 'silent') AS silent
                FROM told GROUP BY 1, 2
            )
            SELECT (counted.equipment_id::bigint << 12)
                    | ((extract(year FROM month)::int - 2000) * 12
                        + extract(month FROM month)::int) AS id,
                counted.equipment_id, asset.station_id, kind.technology, line.agency_id,
                line.unit_id, line.commune_id, month, called, told, heard, noisy, silent,
                100.0 * heard / NULLIF(told, 0) AS heard_share
            FROM counted
            JOIN ttcs_roll_call_line line ON line.id = counted.newest
            JOIN maintenance_equipment asset ON asset.id = counted.equipment_id
            LEFT JOIN LATERAL (
                SELECT CASE WHEN count(DISTINCT used.technology) > 1 THEN 'mixed'
                    ELSE min(used.technology) END AS technology
                FROM ttcs_station_technology used
                WHERE used.station_id = asset.station_id
                    AND used.valid_from < month + interval '1 month'
                    AND (used.valid_to IS NULL OR used.valid_to >= month)
            ) kind ON true
            """
        )
