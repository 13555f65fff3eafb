from odoo import api, fields, models

from .trigger_constraint import TriggerConstraint


class TtcsDocumentSeries(models.Model):
    """The numbers of one kind of document of one agency in one year.

    These are the agency's own tracking numbers; the number that the clerical office gives is
    left blank on every document.  A number is given at issue under the lock of the series' row,
    so that no two are the same and none is left out: whoever rolls back gives his number back.
    """

    _name = "ttcs.document.series"
    _description = "Series of document numbers"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "year desc, agency_id, kind"
    _rec_name = "kind"

    agency_id = fields.Many2one(
        "ttcs.agency", required=True, readonly=True, ondelete="restrict", index=True
    )
    year = fields.Integer(required=True, readonly=True)
    kind = fields.Selection([("other", "Other document")], required=True, readonly=True)
    last_number = fields.Integer(readonly=True, default=0)
    number_ids = fields.One2many("ttcs.document.number", "series_id", string="Numbers")

    _agency_year_kind_unique = models.Constraint(
        "UNIQUE (agency_id, year, kind)", "This series exists already."
    )
    _number_possible = models.Constraint(
        "CHECK (last_number >= 0)", "A document number is not negative."
    )
    _steps_by_one = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The series %(series)s gives its numbers one after the other and keeps those given. "
            "Void a number instead.",
            series=diagnostics.message_detail,
        )
    )

    @api.depends("kind", "year", "agency_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for series in self:
            series.display_name = f"{kinds.get(series.kind)} {series.year}"

    @api.model
    def _issue(self, agency, kind, record, year):
        """Give the next number of a series to a record.

        :param kind: value of ``kind``
        :param record: the document, one record of any model
        :returns: ``ttcs.document.number``
        """
        self._check_guarantees()
        self.env["ttcs.document.number"].flush_model()
        # One statement finds or opens the series, locks its row and steps it.
        self.env.cr.execute(
            """
            INSERT INTO ttcs_document_series AS series (agency_id, year, kind, last_number)
            VALUES (%s, %s, %s, 1)
            ON CONFLICT (agency_id, year, kind)
            DO UPDATE SET last_number = series.last_number + 1
            RETURNING id, last_number
            """,
            [agency.id, year, kind],
        )
        series, number = self.env.cr.fetchone()
        self.invalidate_model(["last_number"])
        # sudo: whoever may issue the document may number it, and nobody numbers otherwise.
        return (
            self.env["ttcs.document.number"]
            .sudo()
            .create(
                {
                    "series_id": series,
                    "number": number,
                    "res_model": record._name,
                    "res_id": record.id,
                    "subject": record.display_name,
                }
            )
            .sudo(self.env.su)
        )
