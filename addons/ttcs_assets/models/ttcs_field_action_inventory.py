from odoo import api, fields, models

from ..field_actions import ActionError, FieldAction, Timing
from .ttcs_field_action import Outcome
from .ttcs_inventory_count import HOWS


class TtcsFieldAction(models.Model):
    """Counting an inventory from phones."""

    _inherit = "ttcs.field.action"

    @api.model
    def _do_count_asset(self, action: FieldAction, timing: Timing) -> Outcome:
        sheet = self._sheet_to_count(action["sheet"])
        asset = self._asset_to_count(sheet, action["asset"])
        condition = self._chosen("maintenance.equipment", "condition", action["condition"])
        how = action["how"] if action["how"] in dict(HOWS) else "list"
        return self._count(
            sheet,
            asset,
            action,
            timing,
            name=asset.name,
            condition=condition,
            how=how,
        )

    @api.model
    def _do_count_unexpected(self, action: FieldAction, timing: Timing) -> Outcome:
        sheet = self._sheet_to_count(action["sheet"])
        condition = action["condition"] and self._chosen(
            "maintenance.equipment", "condition", action["condition"]
        )
        asset = self.env["maintenance.equipment"].sudo()
        if action["code"]:
            # sudo: who holds a thing in his hand may say so, whoever owns it.
            _status, _tag, asset = self.env["ttcs.tag"].sudo()._find(action["code"])
        return self._count(
            sheet,
            asset,
            action,
            timing,
            name=action["name"],
            kind=action["object_kind"],
            place=action["place"],
            serial_no=action["serial"],
            condition=condition,
            how="code" if action["code"] else "list",
        )

    @api.model
    def _sheet_to_count(self, sheet_id):
        """The sheet as superuser, once the user may count it."""
        sheet = self.env["ttcs.inventory.sheet"].search([("id", "=", sheet_id)])
        if not sheet:
            raise ActionError("sheet_out_of_reach")
        if not sheet._may_count():
            raise ActionError("sheet_of_a_team", sheet=sheet._title(), team=sheet._team_text())
        # sudo: checked above; counts are written by their own methods only.
        return sheet.sudo()

    @api.model
    def _asset_to_count(self, sheet, asset_id):
        """What a line of the sheet is about, whoever has the asset now; else one in reach."""
        line = self.env["ttcs.inventory.line"].sudo()  # sudo: lines of a sheet that he counts
        line = line.search([("sheet_id", "=", sheet.id), ("equipment_id", "=", asset_id)], limit=1)
        return line.equipment_id or self._asset(asset_id).sudo()

    @api.model
    def _count(self, sheet, asset, action, timing, **values) -> Outcome:
        """Keep a count, and tell the phone what became of it."""
        if sheet.inventory_id.state == "closed":
            message = self.env._(
                "%(inventory)s was closed before this arrived. Your count changes nothing there; "
                "it is kept in the field log. Tell the secretary of the committee.",
                inventory=sheet.inventory_id.name,
            )
            return Outcome(asset, "conflict", message, {"sheet": sheet.id})
        position = action["position"]
        if position:
            values |= {
                "latitude": position.latitude,
                "longitude": position.longitude,
                "position_accuracy": position.accuracy,
            }
        count, line = self.env["ttcs.inventory.count"]._record(
            sheet,
            asset,
            uuid=action.uuid,
            counted_at=timing.happened_at,
            note=action["note"],
            **values,
        )
        verdict, message = self._verdict_of(count, line)
        return Outcome(count, verdict, message, self._result(sheet, count))

    @api.model
    def _result(self, sheet, count):
        return {"sheet": sheet.id, "asset": count.equipment_id.id, "name": count.name}

    @api.model
    def _verdict_of(self, count, line):
        title = count.sheet_id._title()
        if count.outcome == "late":
            return "conflict", self.env._(
                "The counting of %(sheet)s was closed before this arrived. Your count is kept "
                "as late and changed nothing; who runs the inventory may reopen the sheet.",
                sheet=title,
            )
        if count.outcome == "double":
            first = line.count_id
            moment = fields.Datetime.context_timestamp(self, first.counted_at)
            return "conflict", self.env._(
                "%(asset)s was counted before by %(person)s on %(time)s. Yours is kept beside "
                "it as a double.",
                asset=count.name,
                person=first.counted_by.name,
                time=f"{moment:%d/%m/%Y %H:%M}",
            )
        return "done", ""

    @api.model
    def _subject(self, record):
        if record._name == "ttcs.inventory.count":
            return {
                "equipment_id": record.equipment_id.id,
                "unit_id": record.sheet_id.unit_id.id,
            }
        return super()._subject(record)
