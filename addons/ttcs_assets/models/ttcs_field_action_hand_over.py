import base64

from odoo import api, fields, models

from ..field_actions import ActionError, FieldAction, Timing
from .ttcs_field_action import Outcome


class TtcsFieldAction(models.Model):
    """Hand-overs that two people signed on a phone: the whole paper stands, or none of it."""

    _inherit = "ttcs.field.action"

    @api.model
    def _do_hand_over(self, action: FieldAction, timing: Timing) -> Outcome:
        assets = self._handed_assets(action)
        receiver = self.env["ttcs.person"].search([("id", "=", action["receiver"])])
        if not receiver:
            raise ActionError("receiver_out_of_reach")
        if receiver.id == action["giver"]:
            raise ActionError("same_person")
        giver = self._giver_of(assets, action)
        if giver is None:
            return self._handed_meanwhile(assets, action)
        handed_on = fields.Datetime.context_timestamp(self, timing.happened_at).date()
        paper = (
            self.env["ttcs.handover"]
            ._by_steps()
            .create(
                {
                    "agency_id": assets.agency_id.id,
                    "date": handed_on,
                    "giver_person_id": giver.id,
                    "receiver_person_id": receiver.id,
                    "giver_name": action["giver_name"],
                    "receiver_name": action["receiver_name"],
                    "giver_signature": self._signature(action, "giver"),
                    "receiver_signature": self._signature(action, "receiver"),
                    "note": action["note"],
                    "action_uuid": action.uuid,
                    "line_ids": [
                        (0, 0, {"equipment_id": line.asset, "condition": line.condition})
                        for line in action["lines"]
                    ],
                }
            )
        )
        paper = paper.with_env(self.env)
        paper._sign()
        return Outcome(assets[0], result={"handover": paper.id, "name": paper.name})

    @api.model
    def _handed_assets(self, action):
        """The assets of the paper, all of them in reach and of one owner."""
        wanted = [line.asset for line in action["lines"]]
        assets = self.env["maintenance.equipment"].search([("id", "in", wanted)])
        if len(assets) < len(wanted):
            raise ActionError("assets_out_of_reach", count=len(wanted) - len(assets))
        if len(assets.agency_id) > 1:
            raise ActionError("several_owners")
        for line in action["lines"]:
            if line.condition:
                self._chosen("maintenance.equipment", "condition", line.condition)
        return assets

    @api.model
    def _giver_of(self, assets, action):
        """The custodian whom the phone knew; ``None`` when others hold the assets by now."""
        giver = self.env["ttcs.person"].browse(action["giver"] or [])
        if any(asset.life_state == "disposed" for asset in assets):
            return None
        if any(asset.custodian_id != giver for asset in assets):
            return None
        return giver

    @api.model
    def _handed_meanwhile(self, assets, action):
        """One paper, two signatures: where one asset has gone, none of them passes."""
        told = []
        for asset in assets:
            # sudo: the name of whoever holds an asset in reach.
            holder = asset.sudo().custodian_id
            if asset.life_state == "disposed":
                told.append(self.env._("%(asset)s: disposed of", asset=asset.display_name))
            elif holder.id != (action["giver"] or False):
                held = holder.name or self.env._("nobody")
                told.append(
                    self.env._(
                        "%(asset)s: with %(holder)s now", asset=asset.display_name, holder=held
                    )
                )
        message = self.env._(
            "Not handed over, because things changed meanwhile: %(assets)s. Nothing was written "
            "over; make a new hand-over.",
            assets="; ".join(told),
        )
        return Outcome(assets[0], "conflict", message, {"assets": assets.ids})

    @api.model
    def _signature(self, action, side):
        """A drawn signature as the database keeps it; the typed name stands alone without."""
        content = action.pictures.get(side)
        return base64.b64encode(content) if content else False
