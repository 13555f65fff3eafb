import base64
import uuid

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import escape_psql

from ..field_actions import LONGEST_NAME
from ..models.maintenance_equipment import CONDITIONS
from ..photos import PhotoError, clean_photo


class TtcsInventoryUnexpected(models.TransientModel):
    """An object that no line expects, entered in the office."""

    _name = "ttcs.inventory.unexpected"
    _description = "Unexpected object"
    _inherit = ["ttcs.plausible.mixin"]

    sheet_id = fields.Many2one("ttcs.inventory.sheet", required=True, ondelete="cascade")
    equipment_id = fields.Many2one(
        "maintenance.equipment",
        string="Asset of the register",
        help="When it is one of your own.",
    )
    code = fields.Char(
        string="Code on it",
        help="Of its tag, its call code or its asset code: then its own sheet is found.",
    )
    name = fields.Char(string="What it is", size=LONGEST_NAME)
    kind = fields.Char(size=LONGEST_NAME)
    place = fields.Char(string="Where exactly", size=LONGEST_NAME)
    serial_no = fields.Char(string="Serial number", size=LONGEST_NAME)
    condition = fields.Selection(CONDITIONS, required=True, default="good")
    note = fields.Char()
    photo = fields.Binary()

    def action_confirm(self):
        """Count it on the sheet; a known asset is looked up on the sheet that expects it."""
        self.ensure_one()
        sheet, asset = self.sheet_id, self.equipment_id
        sheet.check_access("write")
        if asset:
            asset.check_access("read")
        elif self.code:
            # sudo: who has the thing before him may say so, whoever owns it.
            _status, _tag, asset = self.env["ttcs.tag"].sudo()._find(self.code)
            asset = asset or self._expected_with_code()
            if not asset:
                raise UserError(
                    self.env._(
                        "No asset of the network has the code %(code)s. Leave it out and say "
                        "what the object is.",
                        code=self.code,
                    )
                )
        asset = asset.sudo()
        sheet._lock("SHARE")
        sheet._check_counting()
        name = (self.name or asset.name or "").strip()
        if not name:
            raise UserError(self.env._("Say what was found, or choose the asset."))
        # sudo: checked above; counts are written by their own methods only.
        count, _line = self.env["ttcs.inventory.count"]._record(
            sheet.sudo(),
            asset,
            uuid=str(uuid.uuid4()),
            name=name,
            kind=self.kind,
            place=self.place,
            serial_no=self.serial_no,
            condition=self.condition,
            note=self.note,
            how="office",
            counted_at=fields.Datetime.now(),
        )
        if self.photo:
            self._attach(count)
        return {"type": "ir.actions.act_window_close"}

    def _expected_with_code(self):
        """The asset that the round expects under this asset code, here or on another sheet.

        :raises UserError: when several agencies have given the code
        """
        # sudo: as for a tag.
        lines = self.env["ttcs.inventory.line"].sudo()
        found = lines.search(
            [
                ("inventory_id", "=", self.sheet_id.inventory_id.id),
                ("code", "=ilike", escape_psql(self.code.strip())),
                ("is_extra", "=", False),
            ]
        )
        found = found.filtered(lambda line: line.sheet_id == self.sheet_id) or found
        if len(found) > 1:
            raise UserError(
                self.env._(
                    "Several agencies have an asset with the code %(code)s: %(agencies)s. Type "
                    "the code of its tag instead.",
                    code=self.code,
                    agencies=", ".join(found.sheet_id.mapped("agency_name")),
                )
            )
        return found.equipment_id

    def _attach(self, count):
        try:
            photo = clean_photo(base64.b64decode(self.photo))
        except PhotoError as error:
            text = self.env["ttcs.field.refusal"]._text(f"photo_{error.reason}", {"number": 1})
            raise UserError(text) from error
        # sudo: the photo belongs to the count that was just allowed.
        self.env["ir.attachment"].sudo().create(
            {
                "name": "1.jpg",
                "res_model": count._name,
                "res_id": count.id,
                "raw": photo.content,
                "mimetype": "image/jpeg",
                "description": f"SHA-256: {photo.sha256}",
            }
        )
