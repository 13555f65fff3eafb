from odoo import api, fields, models

from .ttcs_kept_file_mixin import FOUND_AT_CREATION


class TtcsFormFile(models.Model):
    """The signed and stamped copy of an official form, with its hash."""

    _name = "ttcs.form.file"
    _description = "Signed file of a form"
    _inherit = ["ttcs.kept.file.mixin"]
    # The record is chosen and its rights are asked; place and agency follow from it.
    _given_at_creation = FOUND_AT_CREATION | {"res_model", "res_id", "unit_id", "agency_id"}

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", string="Document", required=True, readonly=True
    )
    unit_id = fields.Many2one(
        "ttcs.unit", string="Place", readonly=True, index=True, ondelete="restrict"
    )
    agency_id = fields.Many2one("ttcs.agency", readonly=True, index=True, ondelete="restrict")

    _record_idx = models.Index("(res_model, res_id)")

    @api.model_create_multi
    def create(self, vals_list):
        """Only whoever may change the record may add the signed file of its form."""
        for vals in vals_list:
            record = self.env[vals["res_model"]].browse(vals["res_id"])
            record.check_access("write")
            unit, agency = record._form_owner()
            vals |= {"unit_id": unit.id, "agency_id": agency.id}
        return super().create(vals_list)
