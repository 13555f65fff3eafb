import base64

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ttcs_base.documents import format_long_date

from ..survey import (
    FigureCheck,
    Narrative,
    PlaceFigures,
    StationFigures,
    SurveyReport,
    commune_document,
    province_document,
    report_workbook,
)

# The word of a document's kind in its Vietnamese citation.
CITED_KINDS = {
    "law": "Luật",
    "resolution": "Nghị quyết",
    "decree": "Nghị định",
    "circular": "Thông tư",
    "decision": "Quyết định",
    "plan": "Kế hoạch",
    "official_letter": "Công văn",
    "other": "Văn bản",
}


class TtcsSurvey(models.Model):
    """The report of a survey: taken from the sheets, or from the snapshot once frozen."""

    _inherit = "ttcs.survey"

    def _snapshot(self):
        """The snapshot of the version that is frozen; empty while the survey is open."""
        self.ensure_one()
        if self.state != "closed":
            return self.env["ttcs.survey.snapshot"]
        return self.snapshot_ids.filtered(lambda each: each.version == self.version)

    def _report(self):
        """What the report of the whole area says: a frozen one never changes."""
        self.ensure_one()
        frozen = self._snapshot()
        return SurveyReport.from_json(frozen.content) if frozen else self._current_report()

    def _current_report(self):
        sheets = self.env["ttcs.survey.sheet"].search(
            [("survey_id", "=", self.id)], order="unit_id, id"
        )
        return SurveyReport(
            **self._heading(self.agency_id),
            narrative=self._narrative_of(self, self.agency_id),
            addressees=self._addressees(),
            internal_number=self.number_id.name or "",
            rows=self._place_figures(sheets),
            outside=self._outside(),
            stations=self._station_figures(sheets),
            narratives=[
                narrative
                for narrative in (self._narrative_of(each, each.agency_id) for each in sheets)
                if not narrative.is_empty
            ],
        )

    def _sheet_report(self, sheet):
        """What the report of one commune says: its own figures, sent or not."""
        self.ensure_one()
        checks = [
            FigureCheck(each.indicator, each.value, each.confirmed_value, each.note or "")
            for each in sheet.figure_ids
        ]
        counts = {check.key: check.confirmed for check in checks}
        unit = sheet.unit_id
        return SurveyReport(
            **{
                **self._heading(sheet.agency_id),
                "area": unit.full_name,
                "place": unit.name,
                "due_date": sheet.due_date,
                "parent_body": "",
            },
            narrative=self._narrative_of(sheet, sheet.agency_id),
            addressees=[self.agency_id.name],
            internal_number=sheet.number_id.name or "",
            rows=[PlaceFigures(unit.code or "", unit.full_name, sheet.state, counts)],
            stations=self._station_figures(sheet),
            checks=checks,
        )

    def _heading(self, agency):
        """What every report of this survey begins with."""
        province = self.unit_id
        is_committee = (agency.kind or "").endswith("_committee")
        return {
            "name": self.name,
            "year": self.year,
            "map_date": self.map_date,
            "due_date": self.due_date,
            "target": self.cluster_target,
            "area": province.full_name,
            "place": province.name,
            "issuing_body": agency.name,
            "parent_body": "" if is_committee else (agency.parent_id.name or ""),
            "symbol": f"BC-{(agency.code or 'UBND').replace(' ', '').replace('/', '-')}",
            "legal_bases": [self._citation(each) for each in self.legal_document_ids],
        }

    def _citation(self, document):
        kind = CITED_KINDS[document.kind]
        day = f" {format_long_date(document.issue_date)}" if document.issue_date else ""
        subject = document.subject[:1].lower() + document.subject[1:]
        return f"Căn cứ {kind} số {document.number}{day} của {document.issuer} {subject}"

    def _addressees(self):
        lines = [line.strip() for line in (self.addressees or "").splitlines() if line.strip()]
        return lines or [self.agency_id.parent_id.name or self.agency_id.name]

    def _narrative_of(self, record, agency):
        return Narrative(
            agency.name,
            record.assessment or "",
            record.difficulties or "",
            record.proposals or "",
        )

    def _place_figures(self, sheets):
        """One row for each sheet; two queries for any number."""
        counts = {sheet.id: {} for sheet in sheets}
        figures = self.env["ttcs.survey.figure"].search_fetch(
            [("sheet_id", "in", sheets.ids)], ["sheet_id", "indicator", "counted_value"]
        )
        for figure in figures:
            counts[figure.sheet_id.id][figure.indicator] = figure.counted_value
        return [
            PlaceFigures(
                sheet.unit_id.code or "", sheet.unit_id.full_name, sheet.state, counts[sheet.id]
            )
            for sheet in sheets
        ]

    def _station_figures(self, sheets):
        """The lines as they count: those of unsent sheets as the register had them."""
        lines = self.env["ttcs.survey.line"].search([("sheet_id", "in", sheets.ids)])
        rank = {sheet.id: number for number, sheet in enumerate(sheets)}
        figures = []
        for line in lines.sorted(lambda each: rank[each.sheet_id.id]):
            unit, is_one_sheet = line.sheet_id.unit_id, len(sheets) == 1
            said = line._counted() if not is_one_sheet else line._confirmed()
            if said is None or not (said.is_station or said.clusters or line.note):
                continue
            figures.append(
                StationFigures(
                    code=unit.code or "",
                    commune=unit.full_name,
                    name=line.name or "Cụm loa không thuộc đài trên địa bàn",
                    line=said,
                    technologies=line._dated_technologies(),
                    note=line.note or "",
                )
            )
        return figures

    def action_close(self):
        """Freeze the figures: snapshot, tracking number, and the three files with hashes."""
        self.check_access("write")
        for survey in self:
            if survey.state != "open":
                raise UserError(
                    self.env._(
                        "%(survey)s is not open, so it cannot be frozen.", survey=survey.name
                    )
                )
            survey._close()

    def _close(self):
        self.ensure_one()
        if not self.number_id:
            self._by_steps().number_id = self.env["ttcs.document.series"]._issue(
                self.agency_id, "survey_report", self, self.year
            )
        report = self._current_report()
        now = fields.Datetime.now()
        # sudo: snapshots and rendered files are written by closing only.
        snapshot = (
            self.env["ttcs.survey.snapshot"]
            .sudo()
            .create(
                {
                    "survey_id": self.id,
                    "version": self.version,
                    "taken_at": now,
                    "taken_by": self.env.uid,
                    "reason": self.reopen_reason,
                    "content": report.as_json(),
                    "sha256": report.sha256,
                }
            )
        )
        self.env["ttcs.survey.file"].sudo().create(
            [
                {
                    "survey_id": self.id,
                    "snapshot_id": snapshot.id,
                    "role": "rendered",
                    "name": self._file_name(ending),
                    "data": base64.b64encode(self._render(report, ending, now)),
                }
                for ending in ("pdf", "docx", "xlsx")
            ]
        )
        self.env.flush_all()
        self._by_steps().write({"state": "closed"})

    def action_ask_reopen(self):
        return self.env["ttcs.survey.reason"]._ask(self)

    def _reopen(self, reason):
        """Open a frozen survey again as a new version; what was frozen is kept."""
        self.check_access("write")
        for survey in self:
            if survey.state != "closed":
                raise UserError(self.env._("%(survey)s is not frozen.", survey=survey.name))
            survey._by_steps().write(
                {"state": "open", "version": survey.version + 1, "reopen_reason": reason}
            )
            # What is changed next must not reach the database together with the reopening.
            survey.flush_recordset()
            survey.message_post(body=self.env._("Reopened: %(reason)s", reason=reason))

    def _file_name(self, ending):
        return f"ra-soat-{self.year}-{self.id}-{self.version}.{ending}"

    def _render(self, report, ending, taken_at):
        """The report as bytes of a PDF, DOCX or XLSX file."""
        if ending == "xlsx":
            return report_workbook(report, fields.Datetime.context_timestamp(self, taken_at))
        make = commune_document if report.checks else province_document
        return self.env["ttcs.document.kit"]._render(make(report), ending)

    def _report_file(self, ending, sheet=None):
        """Name and bytes of a report; a frozen one gives the file that was hashed."""
        self.ensure_one()
        if sheet:
            report = self._sheet_report(sheet)
            name = f"ra-soat-{self.year}-{sheet.unit_id.code or sheet.id}.{ending}"
            return name, self._render(report, ending, sheet.confirmed_at or self.create_date)
        frozen = self._snapshot()
        if frozen:
            kept = frozen.file_ids.filtered(lambda file: file.name.endswith(f".{ending}"))
            return kept.name, base64.b64decode(kept.data)
        return self._file_name(ending), self._render(self._report(), ending, fields.Datetime.now())

    def _check_reads_all(self):
        """Only who reaches the whole area reads its report; a commune reads its own."""
        for survey in self:
            if not survey.unit_id.in_reach:
                raise AccessError(
                    self.env._(
                        "The report of %(area)s is for those who reach all of it. Open the "
                        "sheet of your commune for its own report.",
                        area=survey.unit_id.full_name,
                    )
                )

    def action_report_pdf(self):
        return self._report_action("pdf")

    def action_report_docx(self):
        return self._report_action("docx")

    def action_report_xlsx(self):
        return self._report_action("xlsx")

    def _report_action(self, ending, sheet=None):
        self.ensure_one()
        if not sheet:
            self._check_reads_all()
        url = f"/ttcs/survey/{self.id}/report.{ending}"
        return {
            "type": "ir.actions.act_url",
            "url": f"{url}?sheet={sheet.id}" if sheet else url,
            "target": "download",
        }
