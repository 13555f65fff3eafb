from odoo import fields, models

DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"


class ResCompany(models.Model):
    """The legal owner of the database; also the one place that says which day it is.

    Scheduled jobs run in UTC, where the Vietnamese morning is still yesterday.  Everything
    that asks for "today" asks here, or in SQL ``ttcs_today()``, which reads the same zone.
    """

    _inherit = "res.company"

    def _today(self):
        """Today's date in the company's time zone."""
        return self._day_of(fields.Datetime.now())

    def _day_of(self, moment):
        """The date in the company's time zone at a moment (naive UTC)."""
        zoned = self.with_context(tz=self._zone())
        return fields.Datetime.context_timestamp(zoned, moment).date()

    def _zone(self):
        return self.env.company.partner_id.tz or DEFAULT_TIMEZONE

    def init(self):
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION ttcs_zone() RETURNS text
                LANGUAGE sql STABLE PARALLEL SAFE
                AS $$
                    SELECT COALESCE(
                        (
                            SELECT p.tz
                            FROM res_company c
                            JOIN res_partner p ON p.id = c.partner_id
                            ORDER BY c.id
                            LIMIT 1
                        ),
                        'Asia/Ho_Chi_Minh'
                    )
                $$;
            CREATE OR REPLACE FUNCTION ttcs_today() RETURNS date
                LANGUAGE sql STABLE PARALLEL SAFE
                AS $$ SELECT (now() AT TIME ZONE ttcs_zone())::date $$;
            -- The day of a moment that is stored in UTC, as Odoo stores them.
            CREATE OR REPLACE FUNCTION ttcs_day_of(moment timestamp) RETURNS date
                LANGUAGE sql STABLE PARALLEL SAFE
                AS $$ SELECT (moment AT TIME ZONE 'UTC' AT TIME ZONE ttcs_zone())::date $$
            """
        )
