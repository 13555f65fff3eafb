from odoo import fields, models


class TtcsDocumentSeries(models.Model):
    _inherit = "ttcs.document.series"

    kind = fields.Selection(
        selection_add=[
            ("survey_sheet", "Sheet of a survey"),
            ("survey_report", "Report of a survey"),
            ("inventory_sheet", "Minutes of an inventory"),
            ("inventory_report", "Report of an inventory"),
            ("maintenance_plan", "Maintenance plan"),
            ("asset_decision", "Decision on assets"),
            ("handover", "Hand-over of custody"),
        ],
        ondelete={
            "survey_sheet": "cascade",
            "survey_report": "cascade",
            "inventory_sheet": "cascade",
            "inventory_report": "cascade",
            "maintenance_plan": "cascade",
            "asset_decision": "cascade",
            "handover": "cascade",
        },
    )
