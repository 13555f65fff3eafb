from odoo import api, fields, models
from odoo.fields import Domain

OPEN_STATES = ("queued", "sent", "received", "running")


class TtcsDeviceOrder(models.Model):
    """How far an order is, who is called for it, and when it is over."""

    _inherit = "ttcs.device.order"

    may_approve = fields.Boolean(compute="_compute_may_approve")

    @api.depends("state", "submitted_by_id")
    @api.depends_context("uid")
    def _compute_may_approve(self):
        may = bool(self._may_be_second())
        for order in self:
            waits = order.state == "waiting" and order.submitted_by_id != self.env.user
            order.may_approve = may and waits

    def get_progress(self):
        """How the order stands now, for a screen that asks every few seconds.

        :returns: ``{"state", "is_emergency", "mode", "counts": {state of a command: devices},
            "left_out": devices, "wait": seconds until the author may send it alone,
            "is_author", "cancelled", "seconds": since its release}``
        """
        self.ensure_one()
        self.check_access("read")
        self.invalidate_recordset(["state", "cancelled_at", "released_at"])
        groups = self.env["ttcs.device.command"]._read_group(
            [("order_id", "=", self.id)], ["state", "is_left_out"], ["__count"]
        )
        is_author = self.submitted_by_id == self.env.user
        waiting = self.state == "waiting"
        released = self.released_at
        return {
            "state": self.state,
            "is_emergency": self.is_emergency,
            "mode": self.mode,
            "counts": {state: count for state, left_out, count in groups if state},
            "left_out": sum(count for _state, left_out, count in groups if left_out),
            "wait": self._seconds_to_wait() if waiting and self.is_emergency else 0,
            "is_author": is_author,
            "cancelled": bool(self.cancelled_at),
            "seconds": int((fields.Datetime.now() - released).total_seconds()) if released else 0,
        }

    @api.model
    def _cron_finish(self):
        """Close orders of which every command has ended; one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE ttcs_device_order asked
            SET state = 'finished', finished_at = now() AT TIME ZONE 'UTC'
            WHERE state = 'released' AND NOT EXISTS (
                SELECT FROM ttcs_tele.command
                WHERE command.order_id = asked.id AND command.state = ANY(%s)
            )
            """,
            [list(OPEN_STATES)],
        )
        self.invalidate_model(["state", "finished_at"])

    def _call_second_person(self):
        """Ring at the screens of all who may agree; the list "Việc hôm nay" holds it too."""
        self.ensure_one()
        for user in self._second_persons():
            user._bus_send(
                "ttcs_devices/order_waiting",
                {
                    "id": self.id,
                    "name": self.name,
                    "agency": self.agency_id.name,
                    "is_emergency": self.is_emergency,
                    "is_drill": self.mode != "actual",
                },
            )

    def _second_persons(self):
        """Users who may be the second person of this order."""
        return self._users_of(
            self.env.ref("ttcs_devices.ttcs_devices_group_manager")
            | self.env.ref("ttcs_base.ttcs_base_group_leader")
        )

    def _users_of(self, groups):
        """Others than the author who belong to one of the groups and reach this place."""
        # sudo: who is called is no secret to the one whom they are to help.
        readers = self.env["ttcs.unit.reader"].sudo()
        reaching = readers._read_group([("unit_id", "=", self.unit_id.id)], ["user_id"])
        ids = [user.id for (user,) in reaching if user != self.submitted_by_id]
        return (
            self.env["res.users"]
            .sudo()
            .search(Domain("id", "in", ids) & Domain("all_group_ids", "in", groups.ids))
        )

    def _tell_leaders(self):
        """Give each leader in reach the step to look at an emergency sent by one person."""
        self.ensure_one()
        leaders = self._users_of(self.env.ref("ttcs_base.ttcs_base_group_leader"))
        summary = self.env._("Emergency sent without a second person")
        # sudo: activities for others; who they are was decided above.
        for leader in leaders:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=leader.id,
                summary=summary,
                note=self.alone_reason,
            )
