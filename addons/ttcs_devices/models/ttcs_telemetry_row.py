from collections.abc import Set
from datetime import UTC, datetime, timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class TtcsTelemetryRow(models.AbstractModel):
    """Views over partitioned tables whose id is made of the moment and the device.

    The ORM reads by ids; an id that is an expression has no index, so that reading a page of 80
    samples by them read all 23 million (3.6 s).  The moment and the device that the ids stand
    for are therefore asked for with them: a partition and its index are left.
    """

    _name = "ttcs.telemetry.row"
    _description = "Row of telemetry"

    # The id is (seconds since 1970 / _id_seconds) << _id_shift | … | device in the lowest bits.
    _id_moment = "ts"
    _id_seconds = 1
    _id_shift = 22
    _id_device_bits = 20

    @api.model
    def _search(self, domain, *args, **kwargs):
        narrowed = Domain(domain).map_conditions(self._narrowed)
        return super()._search(narrowed, *args, **kwargs)

    def _as_query(self, ordered=True):
        query = super()._as_query(ordered)
        if self._ids:
            devices, first, last = self._spanned(self._ids)
            query.add_where(
                SQL(
                    "%s = ANY(%s) AND %s BETWEEN %s AND %s",
                    SQL.identifier(self._table, "device_id"),
                    devices,
                    SQL.identifier(self._table, self._id_moment),
                    first,
                    last,
                )
            )
        return query

    @api.model
    def _narrowed(self, condition):
        ids = [condition.value] if condition.operator == "=" else condition.value
        if condition.field_expr != "id" or condition.operator not in ("=", "in"):
            return condition
        # A subquery stays one; an id that is none of ours finds nothing by itself.
        if not isinstance(ids, list | tuple | Set) or not ids or not all(map(_is_id, ids)):
            return condition
        devices, first, last = self._spanned(ids)
        return (
            condition
            & Domain("device_id", "in", devices)
            & Domain(self._id_moment, ">=", first)
            & Domain(self._id_moment, "<=", last)
        )

    @api.model
    def _spanned(self, ids):
        """The devices of some rows, and moments (UTC) between which all of them are."""
        mask = (1 << self._id_device_bits) - 1
        steps = [one >> self._id_shift for one in ids]
        first, last = (
            datetime.fromtimestamp(step * self._id_seconds, UTC).replace(tzinfo=None)
            for step in (min(steps), max(steps))
        )
        # The second of the id is rounded.
        second = timedelta(seconds=1)
        return sorted({one & mask for one in ids}), first - second, last + second


def _is_id(value):
    return isinstance(value, int) and 0 < value < 1 << 53
