from odoo import fields, models
from odoo.exceptions import UserError

from ..orders.order_document import DeviceResult, OrderPaper, order_document
from .ttcs_device_order_progress import OPEN_STATES


class TtcsDeviceOrder(models.Model):
    """The report on an order as an official document."""

    _inherit = "ttcs.device.order"

    def _form_document(self):
        self.ensure_one()
        if not self.released_at:
            raise UserError(
                self.env._("%s was not sent: there is nothing to report.", self.display_name)
            )
        agency = self.agency_id
        is_committee = (agency.kind or "").endswith("_committee")
        vietnamese = self.with_context(lang="vi_VN")
        return order_document(
            vietnamese._paper(),
            vietnamese._results(),
            agency=agency.name,
            parent_body="" if is_committee else (agency.parent_id.name or ""),
            symbol=f"BC-{(agency.code or 'UBND').replace(' ', '').replace('/', '-')}",
            place=self.unit_id.name,
        )

    def _paper(self):
        zoned = self.with_context(tz=self.env.company._zone())

        def local(moment):
            return moment and fields.Datetime.context_timestamp(zoned, moment)

        return OrderPaper(
            what=self.name,
            mode=dict(self._fields["mode"]._description_selection(self.env))[self.mode],
            reason=self.reason,
            released_at=local(self.released_at),
            author=self.submitted_by_id.name,
            second=self.approved_by_id.name or "",
            alone_reason=self.alone_reason or "",
            cancelled_at=local(self.cancelled_at) or None,
            is_emergency=self.is_emergency,
        )

    def _results(self):
        """What became of it at each device, by commune."""
        # sudo: devices of the order's own list, whoever they belong to by now.
        commands = self.sudo().command_ids.sorted(lambda c: (c.commune_id.name or "", c.id))
        states = dict(commands._fields["state"]._description_selection(self.env))
        prospects = dict(commands._fields["prospect"]._description_selection(self.env))
        return [
            DeviceResult(
                commune=command.commune_id.full_name or "Trong kho",
                device=command.equipment_id.name or command.device_id.display_name,
                outcome=self._outcome(command),
                result=states.get(command.state) or prospects[command.prospect],
                why=command.code_name or "",
            )
            for command in commands
        ]

    def _outcome(self, command):
        if command.is_left_out:
            return "left_out"
        if command.state == "done":
            return "done"
        return "open" if command.state in OPEN_STATES else "undone"

    def _form_name(self):
        return f"Báo cáo lệnh {self.id} - {self.agency_id.name}"
