from odoo import api, fields, models
from odoo.exceptions import UserError


class MaintenanceEquipment(models.Model):
    """Assets in dossiers: which one is open, and that none is disposed of without one."""

    _inherit = "maintenance.equipment"

    decision_line_ids = fields.One2many(
        "ttcs.asset.decision.line", "equipment_id", string="Dossiers", readonly=True
    )
    decision_count = fields.Integer(compute="_compute_decision_count", string="In dossiers")
    open_decision_id = fields.Many2one(
        "ttcs.asset.decision",
        compute="_compute_open_decision_id",
        search="_search_open_decision_id",
        string="Open dossier",
    )

    @api.depends("decision_line_ids.state")
    def _compute_open_decision_id(self):
        for asset in self:
            lines = asset.decision_line_ids.filtered(lambda line: line.state == "open")
            asset.open_decision_id = lines[:1].decision_id

    def _search_open_decision_id(self, operator, value):
        if operator not in ("in", "not in") or set(value) - {False}:
            return NotImplemented
        standing = fields.Domain("decision_line_ids.state", "=", "open")
        return ~standing if operator == "in" else standing

    def _compute_decision_count(self):
        counts = dict(
            self.env["ttcs.asset.decision.line"]._read_group(
                [("equipment_id", "in", self.ids)], ["equipment_id"], ["__count"]
            )
        )
        for asset in self:
            asset.decision_count = counts.get(asset._origin, 0)

    def write(self, vals):
        """Refuses to end an asset by hand.  One that old lists tell of as disposed of is
        recorded so from the start: nobody kept dossiers here then.
        """
        if "life_state" in vals:
            disposing = vals["life_state"] == "disposed"
            for asset in self:
                if (asset.life_state == "disposed") != disposing:
                    self._check_disposal_is_decided(asset.display_name)
                    break
        return super().write(vals)

    def _check_disposal_is_decided(self, name):
        """Only a dossier that was approved and carried out disposes of an asset."""
        if self.env.su:
            return
        raise UserError(
            self.env._(
                "%(asset)s: whether an asset is disposed of follows from a decision. Propose one "
                "with “Propose a decision” in the list of assets; nothing was changed.",
                asset=name,
            )
        )

    def action_propose_decision(self):
        """A dossier with these assets, to be completed."""
        if not self:
            raise UserError(self.env._("Choose the assets first."))
        if len(self.agency_id) > 1:
            raise UserError(
                self.env._(
                    "These assets belong to several agencies. A dossier is about the assets of "
                    "one: choose them by agency."
                )
            )
        self._check_none_in_dossier()
        lines = self.env["ttcs.asset.decision.line"]
        values = lines._values_of(self, self.env.company._today())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose a decision"),
            "res_model": "ttcs.asset.decision",
            "views": [(False, "form")],
            "context": {
                "default_agency_id": self.agency_id.id,
                "default_kind": "transfer",
                "default_line_ids": [
                    (0, 0, {"equipment_id": asset.id, **values[asset.id]}) for asset in self
                ],
            },
        }

    def _check_none_in_dossier(self):
        lines = self.env["ttcs.asset.decision.line"].search(
            [("equipment_id", "in", self.ids), ("state", "=", "open")]
        )
        if lines:
            raise UserError(
                self.env._(
                    "%(asset)s stands in another open dossier: %(dossier)s. Close that one first, "
                    "or leave the asset out.",
                    asset=lines[0].name,
                    dossier=lines[0].decision_id.display_name,
                )
            )

    def action_open_decisions(self):
        self.ensure_one()
        title = self.env._("Dossiers")
        domain = [("line_ids.equipment_id", "=", self.id)]
        return self.env["ttcs.asset.decision"]._action_on(title, domain)
