from odoo import api, fields, models

from ..decisions import ApprovalStep

DECISION_KINDS = [
    ("transfer", "Transfer"),
    ("recall", "Recall"),
    ("sale", "Sale"),
    ("disposal", "Disposal"),
    ("destruction", "Destruction"),
    ("loss", "Loss or ruin"),
]


class TtcsApprovalLevel(models.Model):
    """Who decides on public assets: one row of the table by kind, value, office and date.

    The law leaves much of it to the province's own decision, so the rows are data: those that
    ship say that they are to be confirmed.  A dossier passes the rows of each step that apply
    to it; of those of one step the most particular counts (``decisions.approval_steps``).
    """

    _name = "ttcs.approval.level"
    _description = "Level of approval"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "kind, step, sequence, value_above, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(DECISION_KINDS, required=True, index=True)
    step = fields.Integer(
        string="Step of approval",
        required=True,
        default=1,
        help="Steps follow one another; the last one decides.",
    )
    basis = fields.Selection(
        [("original_cost", "Original cost"), ("residual_value", "Residual value")],
        required=True,
        default="original_cost",
    )
    measure = fields.Selection(
        [("item", "One asset"), ("dossier", "Whole dossier")],
        required=True,
        default="item",
        string="Value of",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    value_above = fields.Monetary(
        string="Above", help="The row applies to values greater than this."
    )
    value_up_to = fields.Monetary(
        string="Up to", help="This value is included; 0 means without limit."
    )
    agency_id = fields.Many2one(
        "ttcs.agency", string="Only this agency", index=True, ondelete="restrict"
    )
    agency_kind = fields.Selection(
        selection=lambda self: (
            self.env["ttcs.agency"]._fields["kind"]._description_selection(self.env)
        ),
        string="Only agencies of this kind",
    )
    relation = fields.Selection(
        [
            ("own", "The agency itself"),
            ("parent", "Its superior agency"),
            ("provincial_committee", "The provincial people's committee"),
            ("named", "A named agency"),
        ],
        required=True,
        default="own",
        string="Who approves",
    )
    approver_agency_id = fields.Many2one(
        "ttcs.agency", string="Approving agency", index=True, ondelete="restrict"
    )
    duty_id = fields.Many2one(
        "ttcs.duty",
        string="Required duty",
        ondelete="restrict",
        help="Left empty, whoever has the duty of a leader there approves.",
    )
    position_id = fields.Many2one("ttcs.position", string="Required position", ondelete="restrict")
    legal_document_id = fields.Many2one("ttcs.legal.document", string="Legal basis")
    is_confirmed = fields.Boolean(
        string="Confirmed by the province",
        help="Rows that ship follow the decrees; the province's own decision confirms them.",
    )
    note = fields.Char()
    valid_from = fields.Date()
    valid_to = fields.Date(help="The last day on which the row applies.")

    _values_possible = models.Constraint(
        "CHECK (value_above >= 0 AND value_up_to >= 0 AND value_above = trunc(value_above)"
        " AND value_up_to = trunc(value_up_to)"
        " AND (value_up_to = 0 OR value_up_to > value_above))",
        "The values of a level are whole đồng, and its upper limit lies above its lower one.",
    )
    _named_has_agency = models.Constraint(
        "CHECK (relation <> 'named' OR approver_agency_id IS NOT NULL)",
        "Name the approving agency.",
    )
    _step_possible = models.Constraint("CHECK (step >= 1)", "Steps are counted from 1.")
    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "A level cannot end before it begins.",
    )

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.model
    def _rows_for(self, kind):
        """The rows for a kind of decision, for ``decisions.approval_steps``."""
        return [
            ApprovalStep(
                key=level.id,
                step=level.step,
                kind=level.kind,
                basis=level.basis,
                measure=level.measure,
                above=int(level.value_above),
                up_to=int(level.value_up_to),
                agency=level.agency_id.id or None,
                agency_kind=level.agency_kind or None,
                sequence=level.sequence,
                valid_from=level.valid_from or None,
                valid_to=level.valid_to or None,
            )
            for level in self.search([("kind", "=", kind)])
        ]

    def _approver_for(self, agency):
        """The office that acts at this level for a dossier of an agency; may be none."""
        self.ensure_one()
        if self.relation == "own":
            return agency
        if self.relation == "parent":
            return agency.parent_id
        if self.relation == "named":
            return self.approver_agency_id
        # sudo: which office is the province's committee is public.
        agencies = self.env["ttcs.agency"].sudo()
        # The path of a place begins with its province.
        province = int(agency.sudo().unit_id.parent_path.split("/")[0])
        return agencies.search(
            [
                ("kind", "=", "provincial_committee"),
                ("unit_id", "=", province),
                ("valid_to", "=", False),
            ],
            limit=1,
        )
