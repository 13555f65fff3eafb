"""Reports of surveys, rendered when they are asked for, under the user's own access."""

from __future__ import annotations

from odoo import http
from odoo.http import content_disposition, request

MIME_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class SurveyReportFile(http.Controller):
    @http.route(
        "/ttcs/survey/<int:survey_id>/report.<any(pdf,docx,xlsx):ending>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def report(self, survey_id, ending, sheet=None):
        """The report of a survey, or with ``sheet`` that of one commune."""
        survey = request.env["ttcs.survey"].browse(survey_id)
        one = None
        if sheet and sheet.isdecimal():
            one = request.env["ttcs.survey.sheet"].browse(int(sheet))
            one.check_access("read")
        (one or survey).check_access("read")
        if not one:
            survey._check_reads_all()
        name, content = survey._report_file(ending, one)
        return request.make_response(
            content,
            [
                ("Content-Type", MIME_TYPES[ending]),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
