from datetime import datetime, time

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .maintenance_equipment_category import FAMILIES

MONTHS = 12
# Figures of many assets are those of their sums, never means of means.
RATIOS = {
    "availability": (
        "100.0 * (SUM(%(t)s.observed_minutes) - SUM(%(t)s.excluded_minutes)"
        " - SUM(%(t)s.down_minutes))",
        "SUM(%(t)s.observed_minutes) - SUM(%(t)s.excluded_minutes)",
    ),
    "hours_between_failures": (
        "(SUM(%(t)s.observed_minutes) - SUM(%(t)s.excluded_minutes)"
        " - SUM(%(t)s.down_minutes)) / 60.0",
        "SUM(%(t)s.failures)",
    ),
    "minutes_to_restoration": ("1.0 * SUM(%(t)s.down_minutes)", "SUM(%(t)s.failures)"),
}
FIGURES = """
    WITH period AS (
        SELECT %(start)s::timestamp AS start, %(stop)s::timestamp AS stop
    ), watched AS (
        SELECT asset.id, asset.category_id, asset.family, asset.model, asset.unit_id,
            asset.commune_id, asset.agency_id,
            GREATEST(period.start, COALESCE(
                (asset.in_use_date::timestamp AT TIME ZONE %(zone)s) AT TIME ZONE 'UTC',
                asset.create_date)) AS start,
            LEAST(period.stop,
                ((asset.disposed_on + 1)::timestamp AT TIME ZONE %(zone)s) AT TIME ZONE 'UTC'
            ) AS stop
        FROM maintenance_equipment asset, period
        WHERE %(condition)s
    ), down AS (
        SELECT watched.id,
            count(*) FILTER (WHERE cause.counts_against
                AND downtime.started_at >= watched.start) AS failures,
            sum(clipped.minutes) FILTER (WHERE cause.counts_against) AS down_minutes,
            sum(clipped.minutes) FILTER (WHERE NOT cause.counts_against) AS excluded_minutes
        FROM watched
        JOIN ttcs_downtime downtime ON downtime.equipment_id = watched.id
            AND downtime.started_at < watched.stop
            AND COALESCE(downtime.ended_at, watched.stop) >= watched.start
        JOIN ttcs_downtime_cause cause ON cause.id = downtime.cause_id
        CROSS JOIN LATERAL (
            SELECT floor(GREATEST(0, extract(epoch FROM
                LEAST(COALESCE(downtime.ended_at, watched.stop), watched.stop)
                - GREATEST(downtime.started_at, watched.start))) / 60)::bigint AS minutes
        ) clipped
        GROUP BY watched.id
    )
    SELECT watched.id, watched.id AS equipment_id, watched.category_id, watched.family,
        watched.model AS model_name, watched.unit_id, watched.commune_id, watched.agency_id,
        floor(extract(epoch FROM watched.stop - watched.start) / 60)::bigint AS observed_minutes,
        COALESCE(down.excluded_minutes, 0)::bigint AS excluded_minutes,
        COALESCE(down.down_minutes, 0)::bigint AS down_minutes,
        COALESCE(down.failures, 0)::bigint AS failures
    FROM watched LEFT JOIN down ON down.id = watched.id
    WHERE watched.stop > watched.start
"""


class TtcsReliability(models.Model):
    """Failures, downtime, MTBF, MTTR and availability of each asset in a period.

    The period is that of the context (``ttcs_reliability_from`` and ``_to``, dates, both
    included), else the last twelve months.  An asset counts from the day it was put into use
    to that of its disposal, downtimes as far as they lie within; the id is that of the asset.
    Figures of a model, kind, commune or province are those of its sums (``Reliability``).
    """

    _name = "ttcs.reliability"
    _description = "Reliability"
    _auto = False
    _order = "down_minutes desc, id"
    _rec_name = "equipment_id"

    equipment_id = fields.Many2one("maintenance.equipment", string="Asset", readonly=True)
    category_id = fields.Many2one(
        "maintenance.equipment.category", string="Kind of asset", readonly=True
    )
    family = fields.Selection(FAMILIES, readonly=True)
    model_name = fields.Char(string="Device model", readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True)
    commune_id = fields.Many2one("ttcs.unit", readonly=True)
    agency_id = fields.Many2one("ttcs.agency", readonly=True)
    observed_minutes = fields.Integer(string="Minutes observed", readonly=True)
    excluded_minutes = fields.Integer(string="Minutes that do not count", readonly=True)
    down_minutes = fields.Integer(string="Minutes down", readonly=True)
    failures = fields.Integer(readonly=True)
    availability = fields.Float(
        string="Availability (%)", digits=(5, 2), readonly=True, aggregator="avg"
    )
    hours_between_failures = fields.Float(
        string="MTBF (hours)",
        digits=(12, 1),
        readonly=True,
        aggregator="avg",
        help="Mean operating time between failures: IEC 60050-192, 192-05-13.",
    )
    minutes_to_restoration = fields.Float(
        string="MTTR (minutes)",
        digits=(12, 1),
        readonly=True,
        aggregator="avg",
        help="Mean time to restoration: IEC 60050-192, 192-07-23.",
    )

    @property
    def _table_query(self):
        start, stop = self._period()
        return self._rows(start, stop, SQL("TRUE"))

    @api.model
    def _rows(self, start, stop, condition):
        """SQL of the rows of a period.

        :param start, stop: naive UTC, ``stop`` not included
        :param condition: SQL on ``asset``
        """
        figures = SQL(
            FIGURES, start=start, stop=stop, zone=self.env.company._zone(), condition=condition
        )
        ratios = SQL(", ").join(
            SQL(
                "%s AS %s",
                self._ratio(field, SQL("figures"), is_sum=False),
                SQL.identifier(field),
            )
            for field in RATIOS
        )
        return SQL("SELECT figures.*, %s FROM (%s) figures", ratios, figures)

    @api.model
    def _ratio(self, field, table, is_sum):
        """SQL of a mean over the rows of ``table``: of their sums, or of a row by itself."""
        upper, lower = (
            SQL(part if is_sum else part.replace("SUM", ""), t=table) for part in RATIOS[field]
        )
        return SQL("(%s) / NULLIF(%s, 0)", upper, lower)

    def _read_group_select(self, aggregate_spec, query):
        field, _colon, function = aggregate_spec.partition(":")
        if field in RATIOS and function == "avg":
            return self._ratio(field, SQL.identifier(self._table), is_sum=True)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _period(self):
        """The moments between which the context asks, naive UTC; never beyond now."""
        context = self.env.context
        today = self.env.company._today()
        last = fields.Date.to_date(context.get("ttcs_reliability_to")) or today
        first = fields.Date.to_date(context.get("ttcs_reliability_from"))
        first = first or last - relativedelta(months=MONTHS) + relativedelta(days=1)
        stop = self._midnight(last + relativedelta(days=1))
        return self._midnight(first), min(stop, fields.Datetime.now())

    @api.model
    def _midnight(self, day):
        """When a day begins in the company's time zone, naive UTC."""
        zone = pytz.timezone(self.env.company._zone())
        local = zone.localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _figures_of(self, assets):
        """The figures of a few assets over the last twelve months, as dictionaries by id."""
        self.env["maintenance.equipment"].flush_model()
        self.env["ttcs.downtime"].flush_model()
        start, stop = self._period()
        condition = SQL("asset.id = ANY(%s)", assets.ids)
        self.env.cr.execute(self._rows(start, stop, condition))
        return {row["id"]: row for row in self.env.cr.dictfetchall()}

    def action_open_downtimes(self):
        """The downtimes that the figures of this row count."""
        self.ensure_one()
        start, stop = self._period()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_assets.ttcs_downtime_action")
        action["domain"] = [
            ("equipment_id", "=", self.equipment_id.id),
            ("started_at", "<", stop),
            "|",
            ("ended_at", "=", False),
            ("ended_at", ">=", start),
        ]
        action["context"] = {}
        return action
