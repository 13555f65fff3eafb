from datetime import datetime, timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import hmac

KEPT = timedelta(days=2)
TRIES = 5


class TtcsRateLimit(models.Model):
    """How often something was asked for in a period, for all server processes together.

    Keys are opaque: neither a login nor a token can be read from them, and no address of a
    person is used, because thousands share one on a mobile network.
    """

    _name = "ttcs.rate.limit"
    _description = "Number of requests in a period"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    period_start = fields.Datetime(required=True, readonly=True)
    requests = fields.Integer(required=True, readonly=True)

    _key_period_unique = models.Constraint(
        "UNIQUE (key, period_start)", "This period has been counted already."
    )

    @api.model
    def _seconds_to_wait(self, purpose, subject, most, seconds):
        """Count one request; gives 0, or after how many seconds the next may come.

        Counted at once and for good, on a cursor of its own: a request that fails afterwards
        has been made all the same.

        :param purpose: what is limited, such as "sign-in"
        :param subject: for whom, such as a login; stored only as a keyed hash
        :param most: requests allowed in each period of ``seconds``
        """
        now = fields.Datetime.now()
        period = timedelta(seconds=seconds)
        start = now - (now - datetime.min) % period
        key = hmac(self.env(su=True), f"ttcs.rate.limit {purpose}", subject)
        if self._count(key, start) <= most:
            return 0
        return int((start + period - now).total_seconds()) + 1

    @api.model
    def _count(self, key, period_start):
        for tries_left in reversed(range(TRIES)):
            try:
                with self.env.registry.cursor() as cursor:
                    cursor.execute(
                        """
                        INSERT INTO ttcs_rate_limit AS counted (key, period_start, requests)
                        VALUES (%s, %s, 1)
                        ON CONFLICT (key, period_start)
                            DO UPDATE SET requests = counted.requests + 1
                        RETURNING requests
                        """,
                        [key, period_start],
                        log_exceptions=False,
                    )
                    return cursor.fetchone()[0]
            except SerializationFailure:
                # Another request of the same subject was counted at this very moment.
                if not tries_left:
                    raise
        raise AssertionError("unreachable")

    @api.autovacuum
    def _drop_old(self):
        limit = fields.Datetime.now() - KEPT
        self.env.cr.execute("DELETE FROM ttcs_rate_limit WHERE period_start < %s", [limit])
