from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

DEFAULT_CAUSE = "ttcs_assets.ttcs_downtime_cause_fault"


class TtcsDowntime(models.Model):
    """A time during which an asset did not work, in whole minutes, and why.

    Begun by a fault that makes an asset broken and ended with its repair; also by hand, and by
    whatever watches the asset (``_begin`` and ``_end``).  Place and agency are those of the
    asset on the day it began.  Two of one asset never overlap: the database refuses it.
    """

    _name = "ttcs.downtime"
    _description = "Downtime"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "started_at desc, id desc"
    # Found from the asset and the day, whatever is given.
    _given_at_creation = frozenset({"unit_id", "commune_id", "agency_id"})

    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", required=True, index=True, ondelete="restrict"
    )
    category_id = fields.Many2one(related="equipment_id.category_id")
    unit_id = fields.Many2one(
        "ttcs.unit", string="Place", readonly=True, index=True, ondelete="restrict"
    )
    commune_id = fields.Many2one("ttcs.unit", readonly=True, index=True, ondelete="restrict")
    agency_id = fields.Many2one("ttcs.agency", readonly=True, index=True, ondelete="restrict")
    started_at = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    ended_at = fields.Datetime()
    minutes = fields.Integer(
        compute="_compute_minutes", store=True, help="Whole minutes; 0 while it lasts."
    )
    cause_id = fields.Many2one(
        "ttcs.downtime.cause",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.ref(DEFAULT_CAUSE, raise_if_not_found=False),
    )
    counts_against = fields.Boolean(related="cause_id.counts_against")
    request_id = fields.Many2one(
        "maintenance.request", string="Work order", index=True, ondelete="restrict"
    )
    note = fields.Char()

    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (equipment_id WITH =, tsrange(started_at, ended_at) WITH &&)",
        "This asset was down at that time already. Change the other entry instead.",
    )
    _period_ordered = models.Constraint(
        "CHECK (ended_at IS NULL OR ended_at >= started_at)",
        "A downtime cannot end before it begins.",
    )
    _minutes_counted = models.Constraint(
        "CHECK (minutes = CASE WHEN ended_at IS NULL THEN 0 "
        "ELSE floor(extract(epoch FROM ended_at - started_at) / 60) END)",
        "The minutes of a downtime are those between its beginning and its end.",
    )

    @api.depends("started_at", "ended_at")
    def _compute_minutes(self):
        for downtime in self:
            length = downtime.ended_at and downtime.ended_at - downtime.started_at
            downtime.minutes = int(length.total_seconds() // 60) if length else 0

    @api.depends("equipment_id", "started_at")
    def _compute_display_name(self):
        for downtime in self:
            start = downtime.started_at and fields.Datetime.context_timestamp(
                downtime, downtime.started_at
            )
            parts = (downtime.equipment_id.name, start and f"{start:%d/%m/%Y %H:%M}")
            downtime.display_name = " ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        starts = [fields.Datetime.to_datetime(vals.get("started_at")) or now for vals in vals_list]
        assets = [vals.get("equipment_id") for vals in vals_list]
        places = self._places_on(assets, starts)
        vals_list = [
            {**vals, "started_at": start, **place}
            for vals, start, place in zip(vals_list, starts, places, strict=True)
        ]
        self._refuse_future(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_future([vals])
        result = super().write(vals)
        if "started_at" in vals or "equipment_id" in vals:
            places = self._places_on(self.equipment_id.ids, self.mapped("started_at"))
            for downtime, place in zip(self, places, strict=True):
                super(TtcsDowntime, downtime._by_steps()).write(place)
        return result

    @api.model
    def _refuse_future(self, vals_list):
        now = fields.Datetime.now()
        for vals in vals_list:
            moments = (vals.get("started_at"), vals.get("ended_at"))
            if any(moment and fields.Datetime.to_datetime(moment) > now for moment in moments):
                raise UserError(
                    self.env._("A downtime is recorded when it happened, not ahead of time.")
                )

    @api.model
    def _places_on(self, asset_ids, moments):
        """Where assets stood and whose they were, one query for all.

        :param moments: as many as assets, naive UTC
        :returns: values of ``unit_id``, ``commune_id`` and ``agency_id`` for each
        """
        self.env["maintenance.equipment"].flush_model()
        self.env["ttcs.placement"].flush_model()
        rows = self.env.execute_query(
            SQL(PLACES, assets=asset_ids, moments=moments, orders=[None] * len(moments))
        )
        return [
            {"unit_id": unit, "commune_id": commune, "agency_id": agency}
            for unit, commune, agency, _asset, _moment, _order in rows
        ]

    # What other parts of the suite call ---------------------------------------------------------

    @api.model
    def _begin(self, assets, at, cause=None, order=None):
        """Record that assets do not work from a moment on; gives the downtimes that are new.

        One statement, and harmless when repeated: an asset that is down at that moment, or
        that was found down later, is left as it is.

        Neither messages nor access rules: the caller has decided who may.

        :param assets: ``maintenance.equipment``
        :param at: naive UTC
        :param cause: ``ttcs.downtime.cause``, a fault of the equipment when not given
        :param order: ``maintenance.request`` that the fault opened, if any
        """
        order_id = order.id if order else None
        return self._begin_each([(asset_id, at, order_id) for asset_id in assets.ids], cause)

    @api.model
    def _begin_each(self, faults, cause=None):
        """As ``_begin``, each asset with its own moment and order.

        :param faults: ``(asset id, naive UTC, order id or None)``
        """
        if not faults:
            return self.browse()
        self._check_guarantees()
        self.env["maintenance.equipment"].flush_model()
        self.env["maintenance.request"].flush_model()
        self.flush_model()
        assets, moments, orders = map(list, zip(*sorted(faults), strict=True))
        query = SQL(
            BEGIN,
            places=SQL(PLACES, assets=assets, moments=moments, orders=orders),
            cause=(cause or self.env.ref(DEFAULT_CAUSE)).id,
            uid=self.env.uid,
        )
        return self.browse([row[0] for row in self.env.execute_query(query)])

    @api.model
    def _end(self, assets, at):
        """Record that assets work again from a moment on; gives the downtimes that it ends.

        One statement, and harmless when repeated.  A downtime that began later than ``at``
        stays open: it is another one.

        :param assets: ``maintenance.equipment``
        :param at: naive UTC
        """
        if not assets:
            return self.browse()
        self._check_guarantees()
        self.flush_model()
        query = SQL(END, assets=assets.ids, at=at, uid=self.env.uid)
        ended = self.browse([row[0] for row in self.env.execute_query(query)])
        ended.invalidate_recordset(flush=False)
        return ended


# The placement of the day, and for a moment before the first one that of today.
PLACES = """
    SELECT COALESCE(placement.unit_id, asset.unit_id), unit.commune_id,
        COALESCE(placement.agency_id, asset.agency_id), asset.id, asked.moment, asked.request_id
    FROM unnest(%(assets)s::integer[], %(moments)s::timestamp[], %(orders)s::integer[])
        WITH ORDINALITY AS asked (equipment_id, moment, request_id, number)
    LEFT JOIN maintenance_equipment asset ON asset.id = asked.equipment_id
    LEFT JOIN ttcs_placement placement
        ON placement.model = 'maintenance.equipment' AND placement.res_id = asset.id
        AND ttcs_day_of(asked.moment) >= placement.valid_from
        AND (placement.valid_to IS NULL OR ttcs_day_of(asked.moment) <= placement.valid_to)
    LEFT JOIN ttcs_unit unit ON unit.id = COALESCE(placement.unit_id, asset.unit_id)
    ORDER BY asked.number
"""
BEGIN = """
    INSERT INTO ttcs_downtime (unit_id, commune_id, agency_id, equipment_id, started_at, minutes,
        cause_id, request_id, create_uid, write_uid, create_date, write_date)
    SELECT DISTINCT ON (down.equipment_id) down.unit_id, down.commune_id, down.agency_id,
        down.equipment_id, down.started_at, 0, %(cause)s, down.request_id, %(uid)s, %(uid)s,
        now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
    FROM (%(places)s) AS down
        (unit_id, commune_id, agency_id, equipment_id, started_at, request_id)
    ORDER BY down.equipment_id, down.started_at
    ON CONFLICT DO NOTHING
    RETURNING id
"""
END = """
    UPDATE ttcs_downtime
    SET ended_at = %(at)s, minutes = floor(extract(epoch FROM %(at)s - started_at) / 60),
        write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
    WHERE equipment_id = ANY(%(assets)s) AND ended_at IS NULL AND started_at <= %(at)s
    RETURNING id
"""
