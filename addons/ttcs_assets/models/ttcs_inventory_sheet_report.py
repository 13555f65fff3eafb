from odoo import fields, models

from ..inventory import SheetReport, sheet_document, sheet_workbook

# Words of official documents are Vietnamese, whatever the user's language.
LANGUAGE = "vi_VN"


class TtcsInventorySheet(models.Model):
    """The minutes of a sheet: from its lines, or from the snapshot once the round is closed."""

    _inherit = "ttcs.inventory.sheet"

    def _report(self):
        """What the minutes say; those of a closed round never change."""
        self.ensure_one()
        # sudo: whoever reads the sheet reads its own minutes.
        kept = self.env["ttcs.inventory.snapshot"].sudo().search([("sheet_id", "=", self.id)])
        if kept:
            return SheetReport.from_json(kept.content)
        return self._current_reports()[self.id]

    def _current_reports(self):
        """``SheetReport`` by sheet id, from the records; a few queries for any number."""
        # sudo: names of people on the minutes; lines are those of sheets that the user reads.
        sheets = self.with_context(lang=LANGUAGE).sudo()
        lines = sheets.env["ttcs.inventory.line"].search_fetch(
            [("sheet_id", "in", sheets.ids)], order="sheet_id, is_extra, place, name, id"
        )
        by_sheet = lines.grouped("sheet_id")
        began = dict(
            sheets.env["ttcs.inventory.count"]._read_group(
                [("sheet_id", "in", sheets.ids)], ["sheet_id"], ["counted_at:min"]
            )
        )
        return {
            sheet.id: SheetReport(
                inventory=sheet.inventory_id.name,
                decision=sheet.inventory_id._decision_text(),
                freeze_date=sheet.freeze_date,
                agency=sheet.agency_name or "",
                budget_code=sheet.agency_id.budget_relation_code or "",
                unit=sheet.unit_name or "",
                place=sheet.unit_id.name or "",
                number=sheet.number_id.name or "",
                began_at=sheet._moment(began.get(sheet)),
                ended_at=sheet._moment(sheet.closed_at),
                committee=sheet.inventory_id.member_ids._as_report(),
                team=sheet.member_ids._as_report(),
                lines=[line._as_report() for line in by_sheet.get(sheet, ())],
            )
            for sheet in sheets
        }

    def _moment(self, moment):
        if not moment:
            return ""
        return f"{fields.Datetime.context_timestamp(self, moment):%H:%M ngày %d/%m/%Y}"

    def _form_document(self):
        self.ensure_one()
        self.check_access("read")
        return sheet_document(self._report())

    def _form_name(self):
        self.ensure_one()
        return f"Biên bản kiểm kê {self._title()}"

    def action_form_xlsx(self):
        self.ensure_one()
        self.check_access("read")
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        content = sheet_workbook(self._report(), now)
        name = self._form_name().replace("/", "-")
        return self.env["ttcs.document.kit"]._save_file(f"{name}.xlsx", content)
