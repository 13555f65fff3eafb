from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ttcs_assets.models.maintenance_equipment_map import FAMILY_CODES

# For so long what people told of a loudspeaker says how it is.
TOLD_DAYS = 60
STATES = [
    ("faulty", "Faulty"),
    ("silent", "Silent"),
    ("mute", "Makes no sound"),
    ("noisy", "Noisy"),
    ("never", "Never heard of"),
    ("playing", "On air"),
    ("online", "Connected"),
    ("heard", "Heard"),
    ("unknown", "Nobody knows"),
]


class TtcsNetworkState(models.Model):
    """How each station, cluster and board is: by its wire, else by those who listen.

    One screen for what is monitored and what is not.  A device's own word goes before what
    people told; that nobody tells of a loudspeaker is no fault of it.
    """

    _name = "ttcs.network.state"
    _description = "State of the network"
    _auto = False
    _order = "state_rank, known_at desc, id"
    _rec_name = "equipment_id"
    _depends = {
        "maintenance.equipment": [
            "name", "family", "life_state", "active", "agency_id", "unit_id", "commune_id",
            "station_id", "latitude", "longitude",
        ],
        "ttcs.device": ["state", "equipment_id"],
        "ttcs.roll.call.line": ["verdict", "is_void", "begins_at"],
    }  # fmt: skip

    equipment_id = fields.Many2one("maintenance.equipment", string="Asset", readonly=True)
    family = fields.Selection(
        [("station", "Station"), ("cluster", "Loudspeaker cluster"), ("board", "Public board")],
        readonly=True,
        string="Kind",
    )
    station_id = fields.Many2one("maintenance.equipment", readonly=True)
    agency_id = fields.Many2one("ttcs.agency", readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True)
    commune_id = fields.Many2one("ttcs.unit", readonly=True)
    watched_by = fields.Selection(
        [("wire", "Its device"), ("people", "Listeners"), ("nobody", "Nobody")],
        readonly=True,
        string="Watched by",
    )
    state = fields.Selection(STATES, readonly=True)
    state_rank = fields.Integer(readonly=True)
    known_at = fields.Datetime(readonly=True, string="Last known")
    latitude = fields.Float(readonly=True)
    longitude = fields.Float(readonly=True)
    color = fields.Integer(readonly=True)

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                DROP VIEW IF EXISTS ttcs_network_state;
                CREATE VIEW ttcs_network_state AS
                SELECT now.*, array_position(%(states)s, now.state) AS state_rank,
                    (CASE WHEN now.state IN ('faulty', 'silent', 'mute') THEN 1
                        WHEN now.state IN ('noisy', 'never') THEN 3
                        WHEN now.state = 'unknown' THEN 0 ELSE 10 END) AS color
                FROM (
                    SELECT asset.id, asset.id AS equipment_id, asset.family, asset.station_id,
                        asset.agency_id, asset.unit_id, asset.commune_id, asset.latitude,
                        asset.longitude,
                        CASE WHEN heard.state IS NOT NULL THEN 'wire'
                            WHEN told.verdict IS NOT NULL THEN 'people' ELSE 'nobody' END
                            AS watched_by,
                        COALESCE(heard.state, CASE told.verdict WHEN 'clear' THEN 'heard'
                            WHEN 'silent' THEN 'mute' ELSE told.verdict END, 'unknown') AS state,
                        COALESCE(heard.seen_at, told.begins_at) AS known_at
                    FROM maintenance_equipment asset
                    LEFT JOIN (
                        SELECT DISTINCT ON (equipment_id) equipment_id, connection AS state,
                            seen_at
                        FROM ttcs_device_last WHERE equipment_id IS NOT NULL
                        ORDER BY equipment_id, connection_rank, seen_at DESC
                    ) heard ON heard.equipment_id = asset.id
                    LEFT JOIN (
                        SELECT DISTINCT ON (equipment_id) equipment_id, verdict, begins_at
                        FROM ttcs_roll_call_line
                        WHERE verdict IS NOT NULL AND NOT is_void AND begins_at
                            > now() AT TIME ZONE 'UTC' - make_interval(days => %(days)s)
                        ORDER BY equipment_id, begins_at DESC
                    ) told ON told.equipment_id = asset.id
                    WHERE asset.family IN ('station', 'cluster', 'board') AND asset.active
                        AND asset.life_state = 'in_use'
                ) now
                """,
                states=[state for state, _name in STATES],
                days=TOLD_DAYS,
            )
        )

    @api.model
    def get_map(self, domain):
        """Points of what the user may read; the same shape as that of the assets' map.

        :returns: ``{"points": [[id, latitude, longitude, family, state]], "communes": [[name,
            latitude, longitude]], "without_position": count}``
        """
        rows = self.search_fetch(domain, ["latitude", "longitude", "family", "state"])
        points = [
            [row.id, row.latitude, row.longitude, FAMILY_CODES[row.family], row.state]
            for row in rows
            if row.latitude and row.longitude
        ]
        return {
            "points": points,
            "communes": self.env["maintenance.equipment"]._map_communes(),
            "without_position": len(rows) - len(points),
        }

    def get_map_card(self):
        """What the map shows of one tapped asset."""
        self.ensure_one()
        self.check_access("read")
        words = dict(self._fields["state"]._description_selection(self.env))
        return {
            **self.equipment_id.get_map_card(),
            "condition": " – ".join(
                filter(None, (words[self.state], self.known_at and self._local(self.known_at)))
            ),
        }

    def _local(self, moment):
        zoned = self.with_context(tz=self.env.company._zone())
        return f"{fields.Datetime.context_timestamp(zoned, moment):%H:%M %d/%m/%Y}"

    def action_open_asset(self):
        """The asset itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "maintenance.equipment",
            "res_id": self.equipment_id.id,
            "views": [(False, "form")],
        }
