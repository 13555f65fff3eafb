from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools.mail import plaintext2html

from odoo.addons.ttcs_base.reform.nearest import Point, distance_km

from ..field_actions import ActionError, FieldAction, Timing
from .maintenance_request import SEVERITIES
from .ttcs_field_action import Outcome

# No commune is as wide; one is the island or the river's far bank of another.
FARTHEST_KILOMETRES = 60
# Orders from phones come by the hundred: neither followers nor a log of their creation.
QUIET = {"mail_create_nosubscribe": True, "mail_create_nolog": True, "tracking_disable": True}


class TtcsFieldAction(models.Model):
    """What each kind of action does.  All of it runs as the user of the phone."""

    _inherit = "ttcs.field.action"

    @api.model
    def _asset(self, asset_id):
        """The asset as the user may see it now, whatever he saw when he went offline."""
        asset = self._reached("maintenance.equipment", asset_id)
        if not asset:
            raise ActionError("asset_out_of_reach")
        return asset

    @api.model
    def _chosen(self, model, name, value):
        """A value of a selection field that exists today."""
        if value not in dict(self.env[model]._fields[name]._description_selection(self.env)):
            raise ActionError("unknown_choice", field=name)
        return value

    @api.model
    def _do_report_fault(self, action: FieldAction, timing: Timing) -> Outcome:
        asset = self._asset(action["asset"])
        if asset.life_state == "disposed":
            return self._told_of_disposal(asset, action)
        if action["severity"] not in SEVERITIES:
            raise ActionError("unknown_choice", field="severity")
        condition, priority = SEVERITIES[action["severity"]]
        order = (
            self.env["maintenance.request"]
            .with_context(**QUIET)
            ._by_steps()
            .create(
                {
                    "name": self.env._("Fault: %(asset)s", asset=asset.name),
                    "description": plaintext2html(action["text"]),
                    "equipment_id": asset.id,
                    "maintenance_type": "corrective",
                    "priority": priority,
                    "reported_by": "technician",
                    "reported_at": timing.happened_at,
                    "action_uuid": action.uuid,
                }
            )
            .with_env(self.env)
        )
        # Whoever may only read an asset may report it all the same.
        if asset.has_access("write"):
            self._set_condition_if_newer(asset, condition, timing)
        return Outcome(order, result={"order": order.id, "name": order.name})

    @api.model
    def _do_close_order(self, action: FieldAction, timing: Timing) -> Outcome:
        order = self._reached("maintenance.request", action["order"])
        if not order:
            raise ActionError("order_out_of_reach")
        result = self._chosen("maintenance.request", "result", action["result"])
        if order.closed_at:
            return self._closed_before(order, action, result)
        # An order is closed when the work ended, not when the phone found a network.
        ended = max(timing.happened_at, order.reported_at)
        order._close(result, action["note"] or "", ended)
        return Outcome(order, result={"order": order.id, "name": order.name})

    @api.model
    def _closed_before(self, order, action, result):
        """Keep what the slower of two technicians found as a note; overwrite nothing."""
        if order.archive and not order.result:
            message = self.env._(
                "This work order was cancelled: %(why)s. Your report was added to it as a note.",
                why=order.resolution or order.name,
            )
        else:
            closed_at = fields.Datetime.context_timestamp(self, order.closed_at)
            message = self.env._(
                "%(person)s closed this work order on %(time)s. Your report was added to it as a "
                "note.",
                # sudo: the name of a colleague who worked on the same order.
                person=order.closed_by_id.sudo().name,
                time=f"{closed_at:%d/%m/%Y %H:%M}",
            )
        results = dict(order._fields["result"]._description_selection(self.env))
        found = Markup("<p>%s</p><p>%s</p>") % (
            self.env._("Also reported as closed: %(result)s", result=results[result]),
            plaintext2html(action["note"] or ""),
        )
        order.message_post(body=found, subtype_xmlid="mail.mt_note")
        return Outcome(order, "conflict", message, {"order": order.id, "name": order.name})

    @api.model
    def _do_claim_tag(self, action: FieldAction, timing: Timing) -> Outcome:
        asset = self._asset(action["asset"])
        if asset.life_state == "disposed":
            return self._told_of_disposal(asset, action)
        tags = self.env["ttcs.tag"]
        if action["point"]:
            self._chosen("ttcs.tag", "point", action["point"])
        status, found, _asset = tags._find(action["code"])
        if status == "alias":
            raise ActionError("tag_is_alias")
        if not found:
            raise ActionError("tag_forged")
        tag = tags.search([("id", "=", found.id)])
        if not tag:
            raise ActionError("tag_out_of_reach")
        result = {"tag": tag.spoken_code, "asset": asset.id}
        if tag.state == "assigned" and tag.equipment_id == asset:
            return Outcome(asset, result=result)
        if tag.state != "blank":
            return Outcome(asset, "conflict", tag._why_not_blank(), result)
        tag._assign(asset, action["point"])
        return Outcome(asset, result=result)

    @api.model
    def _do_set_position(self, action: FieldAction, timing: Timing) -> Outcome:
        asset = self._asset(action["asset"])
        if asset.life_state == "disposed":
            return self._told_of_disposal(asset, action)
        position = action["position"]
        self._check_is_near(asset, position)
        stored = asset.position_accuracy if asset.latitude else 0
        if stored and position.accuracy > stored and not action["force"]:
            raise ActionError(
                "position_worse", stored=round(stored), accuracy=round(position.accuracy)
            )
        asset.write(
            {
                "latitude": position.latitude,
                "longitude": position.longitude,
                "position_accuracy": position.accuracy,
            }
        )
        return Outcome(asset, result={"asset": asset.id})

    @api.model
    def _check_is_near(self, asset, position):
        """Refuse a position far from where the other assets of its commune stand."""
        # sudo: only how far away it is gets told.
        others = self.env["maintenance.equipment"].sudo()
        domain = [("commune_id", "=", asset.commune_id.id), ("id", "!=", asset.id)]
        [(latitude, longitude)] = others._read_group(
            [*domain, ("latitude", "!=", 0)], aggregates=["latitude:avg", "longitude:avg"]
        )
        if not latitude:
            return
        middle = Point(asset.commune_id.id, latitude, longitude)
        kilometres = distance_km(position.latitude, position.longitude, middle)
        if kilometres > FARTHEST_KILOMETRES:
            raise ActionError(
                "position_far",
                distance=round(kilometres),
                place=asset.commune_id.full_name or asset.unit_id.full_name,
            )

    @api.model
    def _do_set_condition(self, action: FieldAction, timing: Timing) -> Outcome:
        asset = self._asset(action["asset"])
        if asset.life_state == "disposed":
            return self._told_of_disposal(asset, action)
        condition = self._chosen("maintenance.equipment", "condition", action["condition"])
        result = {"asset": asset.id}
        if action["note"]:
            asset.message_post(body=escape(action["note"]), subtype_xmlid="mail.mt_note")
        if not self._set_condition_if_newer(asset, condition, timing):
            conditions = dict(asset._fields["condition"]._description_selection(self.env))
            message = self.env._(
                "A newer condition is recorded: %(condition)s, seen on %(date)s. Yours was not "
                "written over it.",
                condition=conditions[asset.condition],
                date=f"{asset.condition_date:%d/%m/%Y}",
            )
            return Outcome(asset, "conflict", message, result)
        return Outcome(asset, result=result)

    @api.model
    def _set_condition_if_newer(self, asset, condition, timing: Timing):
        """Record a condition unless it was seen on a later day; gives whether it was."""
        seen_on = fields.Datetime.context_timestamp(self, timing.happened_at).date()
        if asset.condition_date and asset.condition_date > seen_on:
            return False
        asset.write({"condition": condition, "condition_date": seen_on})
        return True
