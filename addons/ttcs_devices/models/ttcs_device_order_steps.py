from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..orders import OPERATIONS
from ..orders.operations import minute_of_day

SECOND_PERSON_GROUPS = (
    "ttcs_devices.ttcs_devices_group_manager",
    "ttcs_base.ttcs_base_group_leader",
)
# After which an emergency may go out on one person's word; the database holds to the same.
ALONE_SECONDS = 60


class TtcsDeviceOrder(models.Model):
    """Submitting, the second person, releasing, cancelling."""

    _inherit = "ttcs.device.order"

    @api.model
    def _may_order(self):
        return self.env.su or self.env.user.has_group("ttcs_devices.ttcs_devices_group_user")

    @api.model
    def _may_be_second(self):
        return self.env.su or any(map(self.env.user.has_group, SECOND_PERSON_GROUPS))

    def _check_may_order(self):
        self.check_access("write")
        if not self._may_order():
            raise AccessError(self.env._("Only operators give orders to devices."))

    def _check_state(self, *states):
        self.ensure_one()
        if self.state not in states:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(order)s: its state is “%(state)s”, so this cannot be done.",
                    order=self.display_name,
                    state=names[self.state],
                )
            )

    def action_submit(self):
        """Fix the devices; send at once where no second person is needed."""
        self._check_may_order()
        self._check_state("draft")
        self._list_targets()
        if not self.target_ids.filtered(lambda target: not target.is_left_out):
            raise UserError(
                self.env._(
                    "No device gets this order: %s. Choose other devices or places.",
                    self._left_out_text(),
                )
            )
        # sudo: checked above; the steps' fields nobody writes otherwise.
        order = self.sudo()
        order.write(
            {
                "arguments": self._arguments(),
                "submitted_by_id": self.env.uid,
                "return_reason": False,
            }
        )
        self.env.flush_all()
        if self._needs_second():
            order.state = "waiting"
            self.env.flush_all()
            self._call_second_person()
        else:
            order._release()
        return True

    def _left_out_text(self):
        """Why devices were left out, with their numbers."""
        prospects = dict(
            self.env["ttcs.device.order.target"]
            ._fields["prospect"]
            ._description_selection(self.env)
        )
        groups = self.env["ttcs.device.order.target"]._read_group(
            [("order_id", "=", self.id)], ["prospect"], ["__count"]
        )
        told = [f"{prospects[prospect]} ({count})" for prospect, count in groups]
        return "; ".join(told) or self.env._("there is none in reach")

    def _arguments(self):
        """What the device protocol calls ``args``.

        :raises UserError: for what is missing, by its name on the screen
        """
        self.ensure_one()
        reference = f"O{self.id}"
        if self.operation == "play":
            recording = self._needed("recording_id")
            return {
                "ref": reference,
                "url": recording._url(),
                "sha256": recording.sha256,
                "seconds": recording.seconds,
            }
        if self.operation == "volume":
            return {"level": self.volume}
        if self.operation == "show":
            shown = {"ref": reference, "text": self._needed("text").strip()}
            return shown | ({"seconds": self.seconds} if self.seconds else {})
        if self.operation == "screen_hours":
            return {
                "off_from": minute_of_day(self.off_from),
                "off_to": minute_of_day(self.off_to),
            }
        if self.operation == "relay":
            return {"on": self.relay_on}
        if self.operation == "apply_schedule":
            return self._needed("schedule_id")._body()
        return {}

    def _needed(self, name):
        value = self[name]
        if not value or (isinstance(value, str) and not value.strip()):
            label = self._fields[name]._description_string(self.env)
            raise UserError(self.env._("%s: fill it in before sending.", label))
        return value

    def _needs_second(self):
        """Whether somebody else must agree; the database decides by the same function."""
        self.env.cr.execute(
            "SELECT ttcs_device_order_needs_second(asked) FROM ttcs_device_order asked"
            " WHERE id = %s",
            [self.id],
        )
        return self.env.cr.fetchone()[0]

    def action_approve(self):
        """The second person agrees: out it goes."""
        self.check_access("read")
        self._check_state("waiting")
        if not self._may_be_second():
            raise AccessError(
                self.env._(
                    "The second person is somebody who manages devices, or a leader, of the place."
                )
            )
        if self.submitted_by_id == self.env.user:
            raise UserError(
                self.env._("You submitted %s yourself. Another person agrees.", self.display_name)
            )
        # sudo: checked above; see action_submit.
        order = self.sudo()
        order.approved_by_id = self.env.user
        order._release()
        return True

    def _return(self, reason):
        """The second person does not agree, or the author takes it back."""
        self.check_access("read")
        self._check_state("waiting")
        if not self._may_be_second() and self.submitted_by_id != self.env.user:
            raise AccessError(self.env._("Only its author or the second person returns an order."))
        # sudo: checked above; see action_submit.
        self.sudo().write({"state": "draft", "return_reason": reason, "submitted_by_id": False})
        self.env.flush_all()

    def _release_alone(self, reason):
        """An emergency goes out a minute after its submission, and the leaders are told."""
        self._check_may_order()
        self._check_state("waiting")
        if not self.is_emergency or self.submitted_by_id != self.env.user:
            raise UserError(
                self.env._("Only an emergency goes out without a second person, by its author.")
            )
        wait = self._seconds_to_wait()
        if wait:
            raise UserError(self.env._("Wait %s seconds more for a second person.", wait))
        # sudo: checked above; see action_submit.
        order = self.sudo()
        order.alone_reason = reason
        order._release()
        self._tell_leaders()

    def _seconds_to_wait(self):
        """Until its author may send an emergency alone; by the clock of the database."""
        self.env.cr.execute(
            "SELECT ceil(extract(epoch FROM submitted_at + make_interval(secs => %s)"
            " - clock_timestamp() AT TIME ZONE 'UTC'))"
            " FROM ttcs_device_order WHERE id = %s",
            [ALONE_SECONDS, self.id],
        )
        return max(0, int(self.env.cr.fetchone()[0] or 0))

    def _release(self):
        """Let it go: the database writes the commands of this order in the same statement."""
        self.ensure_one()
        self.state = "released"
        self.env.flush_all()
        self.invalidate_recordset()
        self.env["ttcs.device.command"].invalidate_model()
        if self.is_emergency and not self.cancels_id:
            self._prepare_cancel()

    # Cancelling -------------------------------------------------------------------------------

    def _prepare_cancel(self):
        """The order that ends this one at the same devices, ready for one tap."""
        if self.cancel_ids:
            return self.cancel_ids
        undone_by = OPERATIONS[self.operation].undone_by
        if not undone_by:
            return self.browse()
        return self._by_steps().create(
            {
                "operation": undone_by,
                "relay_on": False,
                "is_emergency": self.is_emergency,
                "agency_id": self.agency_id.id,
                "reason": self.env._("Cancels the order “%s”.", self.name),
                "cancels_id": self.id,
                "target_kind": "devices",
            }
        )

    def action_cancel(self):
        """End it: what was not taken up is cancelled, what was is stopped."""
        self._check_may_order()
        self._check_state("draft", "waiting", "released", "finished")
        # sudo: checked above; see action_submit.
        order = self.sudo()
        noted = {
            "cancelled_by_id": self.env.uid,
            "cancelled_at": fields.Datetime.now(),
        }
        if self.state in ("draft", "waiting"):
            order.write({"state": "cancelled", **noted})
            self.env.flush_all()
            return True
        if self.cancelled_at:
            raise UserError(self.env._("%s is cancelled already.", self.display_name))
        order.write(noted)
        cancel = order._prepare_cancel()
        if cancel:
            cancel._copy_targets(order)
            cancel.write({"arguments": cancel._arguments(), "submitted_by_id": self.env.uid})
            self.env.flush_all()
            cancel._release()
        self.env.cr.execute(
            "UPDATE ttcs_tele.command SET state = 'cancelled'"
            " WHERE order_id = %s AND state IN ('queued', 'sent', 'received')",
            [self.id],
        )
        self.env["ttcs.device.command"].invalidate_model()
        return cancel.action_open() if cancel else True

    def _copy_targets(self, order):
        """The same devices as those that another order was sent to."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO ttcs_device_order_target
                (order_id, device_id, equipment_id, commune_id, prospect, is_left_out,
                create_uid, create_date, write_uid, write_date)
            SELECT %s, device_id, equipment_id, commune_id, prospect, is_left_out,
                %s, now() AT TIME ZONE 'UTC', %s, now() AT TIME ZONE 'UTC'
            FROM ttcs_device_order_target WHERE order_id = %s AND NOT is_left_out
            ON CONFLICT DO NOTHING
            """,
            [self.id, self.env.uid, self.env.uid, order.id],
        )
        self.env["ttcs.device.order.target"].invalidate_model()
        self.invalidate_recordset()

    # Dialogs ----------------------------------------------------------------------------------

    def action_return(self):
        """The dialog that asks why it goes back to its author."""
        return self.env["ttcs.device.order.reason"]._dialog(
            self.env._("Return the order"), order_id=self.id, step="return"
        )

    def action_release_alone(self):
        """The dialog that asks why an emergency goes out without a second person."""
        return self.env["ttcs.device.order.reason"]._dialog(
            self.env._("Send without a second person"), order_id=self.id, step="alone"
        )

    def action_open(self):
        """The order on its own screen."""
        self.ensure_one()
        form = "ttcs_device_order_view_form"
        if self.is_emergency:
            form = "ttcs_device_order_view_form_emergency"
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref(f"ttcs_devices.{form}").id, "form")],
        }
