from odoo import fields, models
from odoo.tools.mail import plaintext2html

QUIET = {"mail_create_nosubscribe": True, "mail_create_nolog": True, "tracking_disable": True}


class TtcsAlarm(models.Model):
    """From alarms to work orders, and back as notes."""

    _inherit = "ttcs.alarm"

    def _open_orders_asked_for(self):
        """Open what the rules of these alarms ask for: one for each mass outage, one an asset."""
        gathered = self.filtered("outage_id")
        self._open_orders_of_outages(gathered.outage_id)
        (self - gathered).filtered(
            lambda alarm: alarm.rule_id.opens_order and alarm.equipment_id
        )._open_orders()

    def _open_orders(self):
        """Open work orders, or join the open ones that alarms of the same assets have."""
        # sudo: a work order for an asset in reach; who may ask for it was checked before.
        alarms = self.sudo().filtered(lambda alarm: not alarm.request_id)
        known = {
            alarm.equipment_id: alarm.request_id
            for alarm in alarms.search(
                [
                    ("equipment_id", "in", alarms.equipment_id.ids),
                    ("request_id.closed_at", "=", False),
                    ("request_id", "!=", False),
                ]
            )
        }
        asked = alarms.grouped("equipment_id")
        missing = [asset for asset in asked if asset not in known]
        made = (
            self.env["maintenance.request"]
            .sudo()
            .with_context(**QUIET)
            .create([asked[asset]._order_values(asset) for asset in missing])
        )
        known |= dict(zip(missing, made, strict=True))
        for asset, of_asset in asked.items():
            of_asset.write({"request_id": known[asset].id})
        for asset in asked.keys() - set(missing):
            known[asset].message_post(
                body=self.env._(
                    "Another alarm: %s", ", ".join(asked[asset].rule_id.mapped("name"))
                )
            )

    def _order_values(self, asset):
        """Of the work order for these alarms of one asset, the worst first."""
        worst = self.sorted("severity_rank")[0]
        told = [
            self.env._(
                "%(rule)s, since %(since)s (device %(device)s)",
                rule=alarm.rule_id.name,
                since=alarm._local(alarm.began_at),
                device=alarm.device_id.display_name,
            )
            for alarm in self
        ]
        return {
            "name": worst.display_name,
            "description": plaintext2html("\n".join(told)),
            "equipment_id": asset.id,
            "maintenance_type": "corrective",
            "priority": self.env["ttcs.alarm.rule"]._priority(worst.severity),
            "reported_by": "device",
            "reported_at": min(self.mapped("began_at")),
            "user_id": (worst.user_id or asset.technician_user_id).id,
        }

    def _open_orders_of_outages(self, outages):
        """One for each: at the station of the commune, or at the first asset that fell silent."""
        for outage in outages.filtered(lambda outage: not outage.request_id):
            alarms = outage.alarm_ids.filtered("equipment_id")
            if not alarms:
                continue
            station = self.env["maintenance.equipment"].search(
                [
                    ("commune_id", "=", outage.commune_id.id),
                    ("family", "=", "station"),
                    ("life_state", "=", "in_use"),
                ],
                limit=1,
            )
            asset = station or alarms[0].equipment_id
            name = (
                self.env._("Power cut in %s", outage.commune_id.full_name)
                if outage.is_power
                else self.env._("Many devices silent in %s", outage.commune_id.full_name)
            )
            named = "\n".join(sorted(alarms.mapped("equipment_id.name")))
            outage.request_id = (
                self.env["maintenance.request"]
                .with_context(**QUIET)
                .create(
                    {
                        **alarms._order_values(asset),
                        "name": name,
                        "description": plaintext2html(named),
                    }
                )
            )

    def _note_recovery(self):
        """Tell open work orders that their device says it is well again; people close them."""
        for request, alarms in self.grouped("request_id").items():
            if request and not request.closed_at:
                told = [
                    self.env._(
                        "%(rule)s: over since %(since)s",
                        rule=alarm.rule_id.name,
                        since=alarm._local(alarm.cleared_at),
                    )
                    for alarm in alarms
                ]
                request.message_post(body=plaintext2html("\n".join(told)))
        for outage in self.outage_id:
            request = outage.request_id
            if outage.ended_at and request and not request.closed_at:
                request.message_post(
                    body=self.env._(
                        "All devices are back since %s.", self[:1]._local(outage.ended_at)
                    )
                )

    def _local(self, moment):
        """A moment as people here write it."""
        zoned = self.with_context(tz=self.env.company._zone())
        return f"{fields.Datetime.context_timestamp(zoned, moment):%H:%M %d/%m/%Y}"
