from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.fields import Domain

# More rows than this nobody reads at once; the page says how many there are.
MOST_ASSETS = 200
LATE = "late"


class TtcsMaintenanceOccurrence(models.Model):
    """The year at a glance: months by commune, and every date by asset."""

    _inherit = "ttcs.maintenance.occurrence"

    @api.model
    def get_year(self, year, task_id=False, commune_id=False):
        """What the yearly page shows, under the user's own record rules.

        :param commune_id: gives the assets of this commune, by default all communes
        :returns: ``{"year", "tasks": [[id, name]], "rows", "row_count"}``.  A row of a commune is
            ``{"id", "name", "months"}`` with ``{state: count}`` for each of twelve months; a row
            of an asset has ``"dates": [[id, day of the year, state]]`` instead.  What is past
            its day counts as ``late`` and not as planned or opened
        """
        domain = Domain("due_date", ">=", date(year, 1, 1))
        domain &= Domain("due_date", "<=", date(year, 12, 31))
        if task_id:
            domain &= Domain("task_id", "=", task_id)
        rows = self._year_of_assets(domain, commune_id) if commune_id else self._months(domain)
        tasks = self.env["ttcs.maintenance.task"].search_fetch([], ["name"])
        return {
            "year": year,
            "tasks": [[task.id, task.name] for task in tasks],
            "rows": rows[:MOST_ASSETS] if commune_id else rows,
            "row_count": len(rows),
        }

    @api.model
    def _months(self, domain):
        """Counts by commune, month and state; two queries for any number of occurrences."""
        counts = defaultdict(lambda: [defaultdict(int) for _month in range(12)])
        groups = ["commune_id", "due_date:month", "state"]
        for commune, month, state, count in self._read_group(domain, groups, ["__count"]):
            counts[commune][month.month - 1][state] += count
        late = domain & Domain("is_late", "=", True)
        for commune, month, state, count in self._read_group(late, groups, ["__count"]):
            cell = counts[commune][month.month - 1]
            cell[state] -= count
            cell[LATE] += count
        rows = [
            {
                "id": commune.id,
                "name": commune.full_name or self.env._("Outside communes"),
                "months": [{key: count for key, count in cell.items() if count} for cell in cells],
            }
            for commune, cells in counts.items()
        ]
        return sorted(rows, key=lambda row: row["name"])

    @api.model
    def _year_of_assets(self, domain, commune_id):
        """Every date of each asset of a commune."""
        domain &= Domain("commune_id", "=", commune_id)
        found = self.search_fetch(domain, ["equipment_id", "due_date", "state"])
        rows = {}
        for occurrence in found:
            asset = occurrence.equipment_id
            row = rows.setdefault(asset, {"id": asset.id, "name": asset.display_name, "dates": []})
            state = LATE if occurrence.is_late else occurrence.state
            row["dates"].append([occurrence.id, occurrence.due_date.timetuple().tm_yday, state])
        return sorted(rows.values(), key=lambda row: row["name"])
