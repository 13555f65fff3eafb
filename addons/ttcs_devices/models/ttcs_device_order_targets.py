from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..orders import OPERATIONS


class TtcsDeviceOrder(models.Model):
    """Which devices an order reaches: shown before it is sent, frozen when it is submitted."""

    _inherit = "ttcs.device.order"

    def action_list_targets(self):
        """Make the list of devices, without sending anything."""
        self.ensure_one()
        self.check_access("write")
        self._list_targets()

    def action_open_targets(self):
        """The list of devices, and once it is released what became of the order at each."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_devices.ttcs_device_command_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}

    def _list_targets(self):
        """Write who will get it and who will not, and why; one statement."""
        self.ensure_one()
        self._forget_targets()
        self.env.flush_all()
        # Every fitted or stored device is looked at; what can do nothing of the kind is told
        # only of devices that were chosen one by one.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_device_order_target
                    (order_id, device_id, equipment_id, commune_id, prospect, is_left_out,
                    create_uid, create_date, write_uid, write_date)
                SELECT %(order)s, found.id, found.equipment_id, found.commune_id, found.prospect,
                    found.prospect IN ('beyond', 'not_enrolled', 'shut_out', 'unfit'),
                    %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                FROM (
                    SELECT device.id, device.equipment_id, device.commune_id,
                        CASE
                            WHEN model.purpose <> ALL(%(purposes)s) THEN 'unfit'
                            WHEN %(operation)s <> ALL(string_to_array(
                                COALESCE(way.operations, %(operation)s), ',')) THEN 'unfit'
                            WHEN device.id NOT IN %(may_ask)s THEN 'beyond'
                            WHEN device.state = 'new' THEN 'not_enrolled'
                            WHEN device.state = 'shut_out' THEN 'shut_out'
                            WHEN %(mode)s <> 'actual' AND NOT COALESCE(last.test_mode, false)
                                THEN 'refuses'
                            WHEN last.online THEN 'now'
                            ELSE 'when_back'
                        END AS prospect
                    FROM ttcs_device device
                    JOIN ttcs_device_model model ON model.id = device.model_id
                    LEFT JOIN ttcs_device_connection way ON way.id = device.connection_id
                    LEFT JOIN ttcs_tele.last ON last.device_id = device.id
                    WHERE device.id IN %(meant)s
                ) found
                WHERE %(chosen)s OR found.prospect <> 'unfit'
                ORDER BY found.commune_id, found.id
                """,
                order=self.id,
                uid=self.env.uid,
                operation=self.operation,
                purposes=list(OPERATIONS[self.operation].purposes),
                mode=self.mode,
                meant=self._meant_query("read"),
                may_ask=self._meant_query("write"),
                chosen=self.target_kind == "devices",
            )
        )
        self.env["ttcs.device.order.target"].invalidate_model()
        self.env["ttcs.device.command"].invalidate_model()
        self.invalidate_recordset()

    def _meant_query(self, operation):
        """The devices meant that the user may read, or write, as a subquery."""
        allowed = Domain(self.env["ir.rule"]._compute_domain("ttcs.device", operation) or [])
        if self.target_kind == "devices":
            meant = Domain("id", "in", self.device_ids.ids)
        else:
            meant = Domain("unit_id", "child_of", self.place_ids.ids)
        # sudo: the rule asks who reads a place, which the user himself may not; it is the user's.
        devices = self.env["ttcs.device"].sudo()
        return devices._search(meant & Domain("state", "!=", "retired") & allowed).subselect()

    def _forget_targets(self):
        """Drop lists of drafts; of orders that were submitted the database keeps them."""
        # sudo: rows that the order made itself, of orders that the user may write.
        self.sudo().filtered(lambda order: order.state == "draft").target_ids.unlink()
