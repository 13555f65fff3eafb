from odoo import api, models
from odoo.fields import Domain

from .ir_http import DEVICE_KEY

SHEET_FIELDS = ("id", "title", "inventory", "unit_id", "freeze_date", "due_date", "is_closing")
LINE_FIELDS = ("sheet_id", "equipment_id", "code", "name", "place", "condition", "state")


class TtcsFieldArea(models.AbstractModel):
    """The sheets of inventories that a phone takes along, and that it did."""

    _inherit = "ttcs.field.area"

    @api.model
    def _area(self, commune_ids=None):
        """Adds the tables ``inventory_sheets`` and ``inventory_lines``: the sheets that the user
        counts in the communes taken along, and his own team's wherever they are."""
        area = super()._area(commune_ids)
        sheets = self._sheets_to_count([commune["id"] for commune in area["communes"]])
        lines = self._lines_to_count(sheets)
        self.env["ttcs.inventory.phone"]._carry(self.env.context.get(DEVICE_KEY), sheets.ids)
        return area | {
            "inventory_sheets": self._as_table(
                SHEET_FIELDS, [self._sheet_row(sheet) for sheet in sheets]
            ),
            "inventory_lines": self._as_table(LINE_FIELDS, lines),
        }

    @api.model
    def _sheets_to_count(self, commune_ids):
        sheets = self.env["ttcs.inventory.sheet"]
        here = Domain("unit_id", "in", commune_ids)
        mine = Domain("member_ids.person_id.user_id", "=", self.env.uid)
        found = sheets.search(sheets._domain_awaited() & (here | mine))
        return found.filtered(lambda sheet: sheet._may_count())

    @api.model
    def _lines_to_count(self, sheets):
        """In the order in which a team walks: by place."""
        expected = Domain("sheet_id", "in", sheets.ids) & Domain("is_extra", "=", False)
        rows = self._rows("ttcs.inventory.line", expected, LINE_FIELDS)
        place, name = LINE_FIELDS.index("place"), LINE_FIELDS.index("name")
        return sorted(rows, key=lambda row: (row[0], row[place] or "", row[name]))

    @api.model
    def _sheet_row(self, sheet):
        return [
            sheet.id,
            sheet._title(),
            sheet.inventory_id.name,
            sheet.unit_id.id,
            self._json_value(sheet.freeze_date),
            self._json_value(sheet.due_date),
            bool(sheet.closing_asked_at),
        ]
