from odoo import api, fields, models

MOST_TRIES = 5


class TtcsActivationTry(models.Model):
    """How often a code was tried for a login within the last hour.

    Counted by one statement that locks the login's row, so that a hundred tries at once are a
    hundred tries.
    """

    _name = "ttcs.activation.try"
    _description = "Tries of activation codes"
    _log_access = False
    _rec_name = "login"

    login = fields.Char(required=True)
    begun_at = fields.Datetime(required=True)
    tries = fields.Integer(required=True)

    _login_unique = models.Constraint("UNIQUE (login)", "This login is counted already.")

    @api.model
    def _count(self, login):
        """Count a try; whether it may be looked at."""
        self.env.cr.execute(
            """
            INSERT INTO ttcs_activation_try AS try (login, begun_at, tries)
            VALUES (%s, now() AT TIME ZONE 'UTC', 1)
            ON CONFLICT (login) DO UPDATE SET
                tries = CASE WHEN try.begun_at < EXCLUDED.begun_at - interval '1 hour'
                    THEN 1 ELSE try.tries + 1 END,
                begun_at = CASE WHEN try.begun_at < EXCLUDED.begun_at - interval '1 hour'
                    THEN EXCLUDED.begun_at ELSE try.begun_at END
            RETURNING tries
            """,
            [login],
        )
        (tries,) = self.env.cr.fetchone()
        self.invalidate_model()
        return tries <= MOST_TRIES

    @api.model
    def _forget(self, login):
        """A slip was redeemed: its owner starts afresh."""
        self.sudo().search([("login", "=", login)]).unlink()

    @api.autovacuum
    def _gc_old(self):
        """Logins that nobody tried for a day need not be counted on."""
        self.env.cr.execute(
            "DELETE FROM ttcs_activation_try"
            " WHERE begun_at < now() AT TIME ZONE 'UTC' - interval '1 day'"
        )
