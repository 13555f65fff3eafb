from odoo import api, fields, models
from odoo.fields import Domain


class TtcsLegalDocument(models.Model):
    """A law, decree, circular, decision or plan, with the period in which it holds.

    Half of the legal basis of the 2021 plan has been replaced since; so rates, deadlines,
    forms and answers point to a record with dates and never to a constant.
    """

    _name = "ttcs.legal.document"
    _description = "Legal document"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
    _order = "issue_date desc, number, id"
    _rec_names_search = ["number", "subject"]

    number = fields.Char(required=True, help="Number and symbol, e.g. 49/2024/NĐ-CP.")
    kind = fields.Selection(
        [
            ("law", "Law"),
            ("resolution", "Resolution"),
            ("decree", "Decree"),
            ("circular", "Circular"),
            ("decision", "Decision"),
            ("plan", "Plan"),
            ("official_letter", "Official letter"),
            ("other", "Other"),
        ],
        required=True,
        default="decision",
    )
    subject = fields.Char(required=True, help="What the document is about (trích yếu).")
    issuer = fields.Char(required=True)
    issue_date = fields.Date()
    valid_from = fields.Date(string="In force from")
    valid_to = fields.Date(string="In force until", help="The last day on which it holds.")
    replaces_ids = fields.Many2many(
        "ttcs.legal.document",
        "ttcs_legal_document_replacement",
        "document_id",
        "replaced_id",
    )
    replaced_by_ids = fields.Many2many(
        "ttcs.legal.document",
        "ttcs_legal_document_replacement",
        "replaced_id",
        "document_id",
        string="Replaced by",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    note = fields.Text()
    status = fields.Selection(
        [("coming", "Not yet in force"), ("in_force", "In force"), ("expired", "Expired")],
        compute="_compute_status",
        search="_search_status",
    )

    _number_unique = models.Constraint(
        "UNIQUE (number, issuer)", "This document has been recorded already."
    )
    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "A document cannot expire before it is in force.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents._adopt_attachments()
        return documents

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_attachments()
        return result

    def _adopt_attachments(self):
        """Tie files uploaded before the first saving to it; loose, they open for nobody else."""
        for document in self:
            loose = document.attachment_ids.filtered(lambda attachment: not attachment.res_id)
            loose.write({"res_model": self._name, "res_id": document.id})

    @api.depends("number", "subject")
    def _compute_display_name(self):
        for document in self:
            document.display_name = document.number or document.subject

    @api.depends("valid_from", "valid_to")
    def _compute_status(self):
        today = self.env.company._today()
        for document in self:
            if document.valid_to and document.valid_to < today:
                document.status = "expired"
            elif document.valid_from and document.valid_from > today:
                document.status = "coming"
            else:
                document.status = "in_force"

    def _search_status(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = self.env.company._today()
        expired = Domain("valid_to", "!=", False) & Domain("valid_to", "<", today)
        coming = ~expired & Domain("valid_from", "!=", False) & Domain("valid_from", ">", today)
        parts = {"expired": expired, "coming": coming, "in_force": ~expired & ~coming}
        domain = Domain.OR([parts[status] for status in value if status in parts])
        return domain if operator == "in" else ~domain
