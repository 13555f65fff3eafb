from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# What sounds, in the register.
SOUNDING = ("cluster",)
# A roll call that ended so long ago is closed by itself; its devices may still send what was.
CLOSES_AFTER = timedelta(minutes=30)


class TtcsRollCall(models.Model):
    """Calling, closing and cancelling, set-wise."""

    _inherit = "ttcs.roll.call"

    def _call(self):
        self.ensure_one()
        self.check_access("write")
        self._check_state("draft")
        if not self.place_ids:
            raise UserError(self.env._("Choose the communes or hamlets that are called."))
        if self.ends_at <= fields.Datetime.now():
            raise UserError(self.env._("%s is over already. Choose a later broadcast.", self.name))
        listed = self._list_loudspeakers()
        if not listed:
            raise UserError(self._why_nobody())
        self._invite()
        # sudo: a step of the record; who may take it was checked.
        self.sudo().write(
            {
                "state": "called",
                "called_at": fields.Datetime.now(),
                "left_out_count": self._meant_count() - listed,
            }
        )
        # The database asks for the state when an answer comes in.
        self.flush_recordset()

    def _meant(self):
        """The loudspeakers meant that the user may read: a domain for the superuser."""
        allowed = Domain(
            self.env["ir.rule"]._compute_domain("maintenance.equipment", "read") or []
        )
        meant = (
            Domain("unit_id", "child_of", self.place_ids.ids)
            & Domain("family", "in", SOUNDING)
            & Domain("life_state", "=", "in_use")
        )
        if self.scope == "unwatched":
            meant &= ~Domain("device_ids", "any", [("state", "=", "enrolled")])
        return allowed & meant

    def _meant_count(self):
        # sudo: the rule of the user is a part of the domain; see _list_loudspeakers.
        return self.env["maintenance.equipment"].sudo().search_count(self._meant())

    def _list_loudspeakers(self):
        """Write a line for each; gives how many.  Who is called elsewhere then is left out."""
        self.env.flush_all()
        # sudo: the rule asks who reads a place, which the user himself may not; it is the user's.
        assets = self.env["maintenance.equipment"].sudo()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_roll_call_line (roll_call_id, code, equipment_id, unit_id,
                    commune_id, agency_id, begins_at, ends_at, listeners, is_void, answers,
                    is_disputed, is_contradicted,
                    create_uid, create_date, write_uid, write_date)
                SELECT %(call)s, replace(gen_random_uuid()::text, '-', ''), asset.id,
                    asset.unit_id, asset.commune_id, asset.agency_id, %(begins_at)s, %(ends_at)s,
                    (SELECT count(*) FROM ttcs_listener listener
                        WHERE listener.active AND ttcs_listens(listener.unit_id, asset.unit_id)),
                    false, 0, false, false,
                    %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                FROM maintenance_equipment asset WHERE asset.id IN %(meant)s
                ORDER BY asset.commune_id, asset.unit_id, asset.id
                ON CONFLICT DO NOTHING
                """,
                call=self.id,
                begins_at=self.begins_at,
                ends_at=self.ends_at,
                uid=self.env.uid,
                meant=assets._search(self._meant()).subselect(),
            )
        )
        listed = self.env.cr.rowcount
        self.env["ttcs.roll.call.line"].invalidate_model()
        return listed

    def _invite(self):
        """An invitation for everybody who lives near one of the loudspeakers."""
        self.env.cr.execute(
            """
            INSERT INTO ttcs_roll_call_invitation (roll_call_id, listener_id, unit_id, commune_id,
                agency_id, loudspeakers, create_uid, create_date, write_uid, write_date)
            SELECT %(call)s, listener.id, listener.unit_id, listener.commune_id,
                listener.agency_id, count(*),
                %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
            FROM ttcs_roll_call_line line
            JOIN ttcs_listener listener ON ttcs_listens(listener.unit_id, line.unit_id)
            WHERE line.roll_call_id = %(call)s AND listener.active
            GROUP BY listener.id
            ORDER BY listener.id
            ON CONFLICT (roll_call_id, listener_id) DO NOTHING
            """,
            {"call": self.id, "uid": self.env.uid},
        )
        self.env["ttcs.roll.call.invitation"].invalidate_model()

    def _why_nobody(self):
        if self._meant_count():
            return self.env._(
                "Every loudspeaker of these places is called by another roll call at this time."
            )
        if self.scope == "unwatched":
            return self.env._(
                "These places have no cluster in use that no wire watches. To ask about those "
                "with a device too, choose “All, beside what devices say”."
            )
        return self.env._("These places have no cluster in use.")

    # Closing --------------------------------------------------------------------------------

    @api.model
    def _cron_close(self):
        """Close those whose time is over, and lay beside them what devices said."""
        over = [("state", "=", "called"), ("ends_at", "<", fields.Datetime.now() - CLOSES_AFTER)]
        self.search(over)._close()

    def _close(self):
        self._compare_with_devices()
        self.write({"state": "closed", "closed_at": fields.Datetime.now()})

    def _cancel(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ttcs_roll_call_line SET is_void = true WHERE roll_call_id = ANY(%s)",
            [self.ids],
        )
        self.env["ttcs.roll.call.line"].invalidate_model()
        self.write({"state": "cancelled"})

    def _compare_with_devices(self):
        """Note for each loudspeaker with a device whether that was on air at the time."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE ttcs_roll_call_line line SET telemetry = told.telemetry
            FROM (
                SELECT line.id,
                    CASE
                        WHEN bool_or(sample.on_air) OR bool_or(event.found) THEN 'playing'
                        WHEN bool_or(sample.device_id IS NOT NULL) THEN 'quiet'
                        ELSE 'silent'
                    END AS telemetry
                FROM ttcs_roll_call_line line
                JOIN ttcs_device device
                    ON device.equipment_id = line.equipment_id AND device.state = 'enrolled'
                LEFT JOIN ttcs_tele.sample ON sample.device_id = device.id
                    AND sample.ts BETWEEN line.begins_at AND line.ends_at
                LEFT JOIN LATERAL (
                    SELECT true AS found FROM ttcs_tele.event
                    WHERE event.device_id = device.id AND kind = 'play_start'
                        AND ts BETWEEN line.begins_at - interval '5 minutes' AND line.ends_at
                    LIMIT 1
                ) event ON true
                WHERE line.roll_call_id = ANY(%s)
                GROUP BY line.id
            ) told
            WHERE told.id = line.id AND line.telemetry IS DISTINCT FROM told.telemetry
            """,
            [self.ids],
        )
        self.env["ttcs.roll.call.line"].invalidate_model()
