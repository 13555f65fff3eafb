from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Years of age at which a device is looked at apart: its warranty, its middle years, and the
# five to eight years after which electronics of stations are written off.
AGE_BOUNDS = (0, 1, 3, 5, 8, 200)
MOST_COMMUNES = 20
MOST_MODELS = 12
PERIODS = (3, 12, 24, 36)


class TtcsMaintenanceOverview(models.AbstractModel):
    """The page that a head of maintenance looks at: what is late, what fails, what it costs.

    All of it under the reader's own record rules, in a handful of statements whatever the size
    of the province.
    """

    _name = "ttcs.maintenance.overview"
    _description = "Overview of maintenance"

    @api.model
    def get_overview(self, months=12, family=False, commune_id=False):
        """What the page shows of the last ``months`` months, this one included.

        :param family: only assets of this family (a key of ``FAMILIES``)
        :param commune_id: only this commune
        :returns: ``{"since", "communes": [[id, name]], "tiles", "overdue", "failures", "flow",
            "costs"}``; see the methods that make each
        """
        months = months if months in PERIODS else PERIODS[1]
        today = self.env.company._today()
        since = today.replace(day=1) - relativedelta(months=months - 1)
        scope = Domain.TRUE
        if family:
            scope &= Domain("family", "=", family)
        if commune_id:
            scope &= Domain("commune_id", "=", commune_id)
        self.env.flush_all()
        orders, assets = self._readable_orders(scope), self._readable_assets(scope)
        starts = [since + relativedelta(months=month) for month in range(months)]
        return {
            "since": since.isoformat(),
            "communes": self._communes(),
            "tiles": self._tiles(orders, assets, since, family == "component"),
            "overdue": self._overdue(orders),
            "failures": self._failures(orders, assets, since, today),
            "flow": self._flow(orders, starts),
            "costs": self._costs(orders, starts),
        }

    @api.model
    def _communes(self):
        units = self.env["ttcs.unit"]
        reached = [("level", "=", 3), ("in_force", "=", True), ("in_reach", "=", True)]
        return [
            [unit.id, unit.full_name]
            for unit in units.search_fetch(reached, ["full_name"], order="full_name")
        ]

    @api.model
    def _readable_orders(self, scope):
        """SQL of the work orders that count, as the reader may see them: ``"id"`` alone.

        An order keeps the place that it was opened for; its family is that of its asset.
        """
        renamed = scope.map_conditions(
            lambda each: (
                Domain("equipment_id.family", each.operator, each.value)
                if each.field_expr == "family"
                else each
            )
        )
        query = self.env["maintenance.request"]._search(Domain("archive", "=", False) & renamed)
        return query.subselect()

    @api.model
    def _readable_assets(self, scope):
        domain = Domain("active", "in", [True, False]) & scope
        return self.env["maintenance.equipment"]._search(domain).subselect()

    @api.model
    def _day(self, moment):
        """SQL of the day, here, of a moment that is stored in UTC."""
        return SQL("timezone(%s, timezone('UTC', %s))::date", self.env.company._zone(), moment)

    @api.model
    def _tiles(self, orders, assets, since, with_components):
        """What is open, late and broken now, and the median hours that repairs took.

        As on the page of the day, a station is broken and not each of its parts, unless parts
        are what is looked at.
        """
        (open_count, late_count, hours), *_rest = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE closed_at IS NULL),
                    count(*) FILTER (WHERE closed_at IS NULL AND due_date < %(today)s),
                    percentile_cont(0.5) WITHIN GROUP (
                        ORDER BY extract(epoch FROM closed_at - reported_at) / 3600
                    ) FILTER (WHERE maintenance_type = 'corrective' AND result = 'repaired'
                        AND closed_at >= reported_at AND %(day)s >= %(since)s)
                FROM maintenance_request
                WHERE id IN %(orders)s
                """,
                today=self.env.company._today(),
                day=self._day(SQL("closed_at")),
                since=since,
                orders=orders,
            )
        )
        (asset_count, broken_count), *_rest = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE condition = 'broken')
                FROM maintenance_equipment
                WHERE active AND life_state = 'in_use' AND id IN %s
                    AND (%s OR family <> 'component')
                """,
                assets,
                with_components,
            )
        )
        return {
            "open": open_count,
            "late": late_count,
            "repair_hours": None if hours is None else round(float(hours), 1),
            "assets": asset_count,
            "broken": broken_count,
        }

    @api.model
    def _overdue(self, orders):
        """Late orders by commune, most first: ``{"rows": [{"id", "name", "corrective",
        "preventive", "oldest_days"}], "more": communes that are not shown}``."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT late.commune_id AS id, unit.full_name AS name,
                    count(*) FILTER (WHERE maintenance_type = 'preventive') AS preventive,
                    count(*) FILTER (WHERE maintenance_type <> 'preventive') AS corrective,
                    %(today)s - min(due_date) AS oldest_days
                FROM maintenance_request late
                LEFT JOIN ttcs_unit unit ON unit.id = late.commune_id
                WHERE late.closed_at IS NULL AND late.due_date < %(today)s
                    AND late.id IN %(orders)s
                GROUP BY late.commune_id, unit.full_name
                ORDER BY count(*) DESC, unit.full_name
                """,
                today=self.env.company._today(),
                orders=orders,
            )
        )
        for row in rows:
            row["name"] = row["name"] or self.env._("Outside communes")
        return {"rows": rows[:MOST_COMMUNES], "more": max(0, len(rows) - MOST_COMMUNES)}

    @api.model
    def _failures(self, orders, assets, since, until):
        """Failures by device model and age: ``{"bands": [[from, to]], "rows": [{"name",
        "failures", "years", "cells": [{"failures", "years"}]}]}``.

        ``years`` are those that assets of the model spent in service at that age within the
        period, so that failures per year can be compared between many and few, old and new.
        The last cell is of assets whose age nobody recorded.
        """
        rows = self.env.execute_query(self._failures_query(orders, assets, since, until))
        cells = {}
        for name, band, failures, years in rows:
            row = cells.setdefault(
                name, [{"failures": 0, "years": 0.0} for _band in range(len(AGE_BOUNDS))]
            )
            row[band - 1] = {"failures": failures, "years": round(float(years), 2)}
        found = [
            {
                "name": name,
                "failures": sum(cell["failures"] for cell in row),
                "years": round(sum(cell["years"] for cell in row), 2),
                "cells": row,
            }
            for name, row in cells.items()
        ]
        found.sort(key=lambda row: (-row["failures"], row["name"]))
        bands = [list(band) for band in zip(AGE_BOUNDS, AGE_BOUNDS[1:], strict=False)]
        return {"bands": bands, "rows": [row for row in found if row["failures"]][:MOST_MODELS]}

    @api.model
    def _failures_query(self, orders, assets, since, until):
        """Rows ``(model, number of the band from one, failures, years in service)``."""
        return SQL(
            """
            WITH band AS (
                SELECT number, since, until FROM unnest(%(lower)s, %(upper)s)
                    WITH ORDINALITY AS band (since, until, number)
            ), asset AS (
                SELECT asset.id, asset.in_use_date, %(model)s AS model,
                    GREATEST(%(since)s, COALESCE(asset.in_use_date, %(since)s)) AS began,
                    LEAST(%(until)s, COALESCE(asset.disposed_on, %(until)s)) AS ended
                FROM maintenance_equipment asset
                JOIN maintenance_equipment_category kind ON kind.id = asset.category_id
                WHERE asset.id IN %(assets)s
            ), service AS (
                SELECT asset.model, COALESCE(band.number, %(unknown)s) AS band, sum(
                    CASE WHEN band.number IS NULL THEN GREATEST(0, ended - began + 1)
                    ELSE GREATEST(0,
                        LEAST(ended, (in_use_date + make_interval(years => band.until))::date - 1)
                        - GREATEST(began, (in_use_date + make_interval(years => band.since))::date)
                        + 1)
                    END) / 365.25 AS years
                FROM asset LEFT JOIN band ON asset.in_use_date IS NOT NULL
                GROUP BY 1, 2
            ), failure AS (
                SELECT asset.model, COALESCE(band.number, %(unknown)s) AS band, count(*) AS count
                FROM maintenance_request failed
                JOIN asset ON asset.id = failed.equipment_id
                LEFT JOIN band ON %(day)s
                    >= (asset.in_use_date + make_interval(years => band.since))::date
                    AND %(day)s < (asset.in_use_date + make_interval(years => band.until))::date
                WHERE failed.maintenance_type = 'corrective'
                    AND failed.result IS DISTINCT FROM 'no_fault'
                    AND %(day)s BETWEEN %(since)s AND %(until)s AND failed.id IN %(orders)s
                GROUP BY 1, 2
            )
            SELECT service.model, service.band, COALESCE(failure.count, 0), service.years
            FROM service LEFT JOIN failure USING (model, band)
            WHERE service.years > 0 OR failure.count > 0
            """,
            lower=list(AGE_BOUNDS[:-1]),
            upper=list(AGE_BOUNDS[1:]),
            unknown=len(AGE_BOUNDS),
            model=SQL(
                "COALESCE(NULLIF(trim(asset.model), ''), kind.name ->> %s, kind.name ->> 'en_US')",
                self.env.lang or "en_US",
            ),
            day=self._day(SQL("failed.reported_at")),
            since=since,
            until=until,
            assets=assets,
            orders=orders,
        )

    @api.model
    def _flow(self, orders, starts):
        """Faults reported and repaired by month, oldest first: ``[{"month", "reported",
        "closed", "open"}]``; ``open`` is what was left at the end of the month."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH fault AS MATERIALIZED (
                    SELECT date_trunc('month', %(reported)s::timestamp)::date AS reported,
                        date_trunc('month', %(closed)s::timestamp)::date AS closed
                    FROM maintenance_request
                    WHERE maintenance_type = 'corrective' AND id IN %(orders)s
                ), flow AS (
                    SELECT month, sum(reported) AS reported, sum(closed) AS closed
                    FROM (
                        SELECT reported AS month, 1 AS reported, 0 AS closed FROM fault
                        UNION ALL
                        SELECT closed, 0, 1 FROM fault WHERE closed IS NOT NULL
                    ) moved
                    GROUP BY month
                )
                SELECT start AS month, COALESCE(reported, 0)::integer AS reported,
                    COALESCE(closed, 0)::integer AS closed,
                    (SELECT COALESCE(sum(reported - closed), 0)::integer
                        FROM flow WHERE flow.month <= start) AS open
                FROM unnest(%(starts)s) AS start LEFT JOIN flow ON flow.month = start
                ORDER BY start
                """,
                starts=starts,
                reported=self._day(SQL("reported_at")),
                closed=self._day(SQL("closed_at")),
                orders=orders,
            )
        )
        return [{**row, "month": f"{row['month']:%Y-%m-%d}"} for row in rows]

    @api.model
    def _costs(self, orders, starts):
        """What finished work cost by the month of its end, oldest first, in đồng: ``[{"month",
        "parts", "labour", "other", "own"}]``; ``own`` is the part that the own budget paid."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT month.start AS month, COALESCE(sum(parts_cost), 0) AS parts,
                    COALESCE(sum(labour_cost), 0) AS labour,
                    COALESCE(sum(other_cost), 0) AS other,
                    COALESCE(sum(cost_total) FILTER (WHERE paid_by = 'own'), 0) AS own
                FROM unnest(%(starts)s, %(nexts)s) AS month (start, next)
                LEFT JOIN (
                    SELECT parts_cost, labour_cost, other_cost, cost_total, paid_by,
                        %(closed)s AS closed
                    FROM maintenance_request
                    WHERE closed_at IS NOT NULL AND cost_total > 0 AND id IN %(orders)s
                ) work ON work.closed >= month.start AND work.closed < month.next
                GROUP BY month.start
                ORDER BY month.start
                """,
                starts=starts,
                nexts=[start + relativedelta(months=1) for start in starts],
                closed=self._day(SQL("closed_at")),
                orders=orders,
            )
        )
        return [
            {"month": f"{row.pop('month'):%Y-%m-%d}"}
            | {kind: int(amount) for kind, amount in row.items()}
            for row in rows
        ]
