from odoo import api, models

from ..imports.assets import AssetImport


class TtcsImportBatch(models.Model):
    """Lists of assets, and what an officer wants to do next with the assets of a list."""

    _inherit = "ttcs.import.batch"

    @api.model
    def _import_kinds(self):
        return [*super()._import_kinds(), AssetImport]

    def action_open_map(self):
        """The map of the assets of this list."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("ttcs_assets.ttcs_asset_map_action")
        action["context"] = {"ttcs_map_domain": [("id", "in", self._asset_ids())]}
        return action

    def action_print_labels(self):
        """Labels for the assets of this list."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "ttcs_assets.ttcs_label_print_action_assets"
        )
        action["context"] = {
            "active_model": "maintenance.equipment",
            "active_ids": self._asset_ids(),
        }
        return action

    def action_open_hamlets_without_sound(self):
        """The hamlets of the communes of this list that hear nothing."""
        self.ensure_one()
        assets = self.env["maintenance.equipment"].browse(self._asset_ids())
        action = self.env["ir.actions.actions"]._for_xml_id(
            "ttcs_assets.ttcs_unit_action_without_sound"
        )
        communes = assets.commune_id or self.unit_id
        action["domain"] = [
            ("level", ">=", 4),
            ("sound", "!=", "heard"),
            ("in_force", "=", True),
            ("commune_id", "in", communes.ids),
        ]
        return action

    def _asset_ids(self):
        """Assets that the rows have become or mean, unchanged ones included."""
        rows = self.env["ttcs.import.row"].search_fetch(
            [
                ("batch_id", "=", self.id),
                ("res_id", "!=", 0),
                ("verdict", "in", ("new", "update", "same")),
            ],
            ["res_id"],
        )
        return rows.mapped("res_id")
