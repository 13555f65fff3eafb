from odoo import api, models
from odoo.fields import Domain


class TtcsToday(models.AbstractModel):
    """Orders that wait for the user, devices that are faulty or silent."""

    _inherit = "ttcs.today"

    @api.model
    def _items(self):
        items = super()._items()
        orders = self.env["ttcs.device.order"]
        if orders.has_access("read"):
            items += self._order_items()
        if self.env.user.has_group("ttcs_devices.ttcs_devices_group_user"):
            items += self._fleet_items()
            items.append(self._roll_call_item())
        return items

    @api.model
    def _roll_call_item(self):
        """Loudspeakers that people told to be silent or noisy and that nobody has seen to."""
        lines = self.env["ttcs.roll.call.line"]
        unseen = (
            Domain("verdict", "in", ("silent", "noisy"))
            & Domain("request_id", "=", False)
            & Domain("is_void", "=", False)
        )
        title = self.env._("Silent or noisy loudspeakers without a work order")
        action = {
            **self._xmlid_action("ttcs_devices.ttcs_roll_call_line_action"),
            "name": title,
            "domain": list(unseen),
            "context": {},
        }
        return self._item(title, lines.search_count(unseen), "todo", action)

    @api.model
    def _order_items(self):
        orders = self.env["ttcs.device.order"]
        mine = orders._domain_for_me()
        wanted = [
            (
                self.env._("EMERGENCIES that wait for you as second person"),
                mine & Domain("is_emergency", "=", True),
                "late",
                "ttcs_devices.ttcs_device_order_action_emergency",
            ),
            (
                self.env._("Orders to devices that wait for you as second person"),
                mine & Domain("is_emergency", "=", False),
                "todo",
                "ttcs_devices.ttcs_device_order_action",
            ),
        ]
        return [
            self._item(
                title,
                orders.search_count(domain),
                urgency,
                {**self._xmlid_action(action), "name": title, "domain": list(domain)},
            )
            for title, domain, urgency, action in wanted
        ]

    @api.model
    def _fleet_items(self):
        presences = self.env["ttcs.device.last"]
        wanted = [
            (self.env._("Devices that report a fault"), Domain("connection", "=", "faulty")),
            (self.env._("Devices that are silent"), Domain("connection", "=", "silent")),
        ]
        alarms = self.env["ttcs.alarm"]
        unseen = Domain("cleared_at", "=", False) & Domain("acknowledged_at", "=", False)
        title = self.env._("Alarms that nobody has seen to")
        action = {
            **self._xmlid_action("ttcs_devices.ttcs_alarm_action"),
            "name": title,
            "domain": list(unseen),
            "context": {},
        }
        return [
            self._item(title, alarms.search_count(unseen), "late", action),
        ] + [
            self._item(
                title,
                presences.search_count(domain),
                "todo",
                {
                    **self._xmlid_action("ttcs_devices.ttcs_device_last_action"),
                    "name": title,
                    "domain": list(domain),
                },
            )
            for title, domain in wanted
        ]
