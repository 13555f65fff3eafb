import base64

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..inventory import InventoryReport, SheetTotals, round_document, round_workbook
from .ttcs_inventory_sheet_report import LANGUAGE


class TtcsInventory(models.Model):
    """The report of a round, and its closing."""

    _inherit = "ttcs.inventory"

    def _decision_text(self):
        document = self.legal_document_id
        number = document.number or self.decision or ""
        if not number:
            return ""
        day = f" ngày {document.issue_date:%d/%m/%Y}" if document.issue_date else ""
        issuer = f" của {document.issuer}" if document.issuer else ""
        return f"Quyết định số {number}{day}{issuer}"

    def _snapshot(self):
        return self.snapshot_ids.filtered(lambda kept: not kept.sheet_id)

    def _report(self):
        """What the report says; that of a closed round never changes."""
        self.ensure_one()
        kept = self._snapshot()
        return InventoryReport.from_json(kept.content) if kept else self._current_report()

    def _current_report(self, hashes=()):
        sheets = self.env["ttcs.inventory.sheet"].search(
            [("inventory_id", "=", self.id)], order="unit_code, unit_id, agency_id, id"
        )
        totals = sheets._totals()
        broken = dict(
            self.env["ttcs.inventory.line"]._read_group(
                [
                    ("inventory_id", "=", self.id),
                    ("state", "in", ("found", "unexpected")),
                    ("counted_condition", "in", ("broken", "stopped")),
                ],
                ["sheet_id"],
                ["__count"],
            )
        )
        agency = self.agency_id
        is_committee = (agency.kind or "").endswith("_committee")
        return InventoryReport(
            inventory=self.name,
            decision=self._decision_text(),
            freeze_date=self.freeze_date,
            agency=agency.name,
            parent_body="" if is_committee else (agency.parent_id.name or ""),
            symbol=f"BC-{(agency.code or 'UBND').replace(' ', '').replace('/', '-')}",
            area=self.unit_id.full_name,
            place=(agency.unit_id or self.unit_id).name,
            number=self.number_id.name or "",
            committee=self.with_context(lang=LANGUAGE).sudo().member_ids._as_report(),
            rows=[
                self._sheet_totals(sheet, totals[sheet.id], broken.get(sheet, 0))
                for sheet in sheets
            ],
            conclusion=self.conclusion or "",
            sheet_hashes=list(hashes),
        )

    def _sheet_totals(self, sheet, found, broken):
        def whole(name):
            return int(found[name] or 0)

        return SheetTotals(
            unit_code=sheet.unit_code or "",
            unit=sheet.unit_name or "",
            agency=sheet.agency_name or "",
            state=sheet.state,
            quantity=whole("book_quantity"),
            original_cost=whole("book_cost"),
            residual_value=whole("book_residual"),
            counted_quantity=whole("counted_quantity"),
            counted_cost=whole("counted_cost"),
            counted_residual=whole("counted_residual"),
            found=whole("found_count"),
            missing=whole("missing_count"),
            elsewhere=whole("elsewhere_count"),
            unexpected=whole("unexpected_count"),
            broken=broken,
            pending=whole("pending_count"),
        )

    # Closing --------------------------------------------------------------------------------

    def action_close(self):
        """Keep what was found for good: snapshots of round and sheets, number, three files."""
        self.check_access("write")
        for inventory in self:
            inventory.sheet_ids._lock("UPDATE")
            inventory._check_may_close()
            inventory._close()

    def _check_may_close(self):
        if self.state != "open":
            raise UserError(
                self.env._(
                    "%(inventory)s is not open, so it cannot be closed.", inventory=self.name
                )
            )
        counting = self.sheet_ids.filtered(lambda sheet: sheet.state == "counting")
        if counting:
            names = ", ".join(sheet._title() for sheet in counting[:5])
            raise UserError(
                self.env._(
                    "%(count)s sheets are still being counted (%(names)s …). Close their "
                    "counting first.",
                    count=len(counting),
                    names=names,
                )
            )
        unexplained = self.env["ttcs.inventory.line"].search_count(
            [("inventory_id", "=", self.id), ("is_unexplained", "=", True)]
        )
        if unexplained:
            raise UserError(
                self.env._(
                    "%(count)s differences have no explanation or no proposal yet. Fill them in "
                    "the list of differences, then close the round.",
                    count=unexplained,
                )
            )
        if not (self.conclusion or "").strip():
            raise UserError(
                self.env._(
                    "%(inventory)s has no conclusion yet. Write it under Conclusion and "
                    "proposals: it is printed in the report and cannot be added afterwards.",
                    inventory=self.name,
                )
            )

    def _close(self):
        self.ensure_one()
        self.sheet_ids._reconcile()
        now = fields.Datetime.now()
        if not self.number_id:
            self._by_steps().number_id = self.env["ttcs.document.series"]._issue(
                self.agency_id, "inventory_report", self, self.freeze_date.year
            )
        reports = self.sheet_ids._current_reports()
        report = self._current_report(each.sha256 for each in reports.values())
        # sudo: snapshots and files are written by closing only.
        snapshots = self.env["ttcs.inventory.snapshot"].sudo()
        common = {"inventory_id": self.id, "taken_at": now, "taken_by": self.env.uid}
        kept = {False: report, **reports}
        snapshots.create(
            [
                {**common, "sheet_id": sheet, "content": each.as_json(), "sha256": each.sha256}
                for sheet, each in kept.items()
            ]
        )
        name = self._form_name().replace("/", "-")
        kit = self.env["ttcs.document.kit"]
        document = round_document(report)
        contents = {
            f"{name}.{ending}": kit._render(document, ending) for ending in ("pdf", "docx")
        }
        taken_at = fields.Datetime.context_timestamp(self, now)
        contents[f"{name}.xlsx"] = round_workbook(report, list(reports.values()), taken_at)
        self.env["ttcs.inventory.file"].sudo().create(
            [
                {"inventory_id": self.id, "name": name, "data": base64.b64encode(content)}
                for name, content in contents.items()
            ]
        )
        self.env.flush_all()
        self._by_steps().write({"state": "closed", "closed_at": now})
        self.env.flush_all()

    # Files ----------------------------------------------------------------------------------

    def _check_reads_all(self):
        for inventory in self:
            if not inventory.unit_id.in_reach:
                raise AccessError(
                    self.env._(
                        "The report of %(area)s is for those who reach all of it. Open your own "
                        "sheet for its minutes.",
                        area=inventory.unit_id.full_name,
                    )
                )

    def _form_document(self):
        self.ensure_one()
        return round_document(self._report())

    def _form_name(self):
        self.ensure_one()
        return f"Báo cáo kiểm kê {self.name}"

    def _form_action(self, ending):
        self.ensure_one()
        self.check_access("read")
        self._check_reads_all()
        kept = self.file_ids.filtered(lambda file: file.name.endswith(f".{ending}"))
        if kept:
            kit = self.env["ttcs.document.kit"]
            return kit._save_file(kept.name, base64.b64decode(kept.data))
        if ending == "xlsx":
            return self._workbook_action()
        return super()._form_action(ending)

    def action_form_xlsx(self):
        return self._form_action("xlsx")

    def _workbook_action(self):
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        reports = self.sheet_ids._current_reports()
        content = round_workbook(self._report(), list(reports.values()), now)
        name = self._form_name().replace("/", "-")
        return self.env["ttcs.document.kit"]._save_file(f"{name}.xlsx", content)
