from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .ttcs_approval_level import DECISION_KINDS

STATES = [
    ("draft", "Draft"),
    ("returned", "Returned"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("carried_out", "Carried out"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]
METHODS = [
    ("auction", "Auction"),
    ("listed_price", "Listed price"),
    ("appointed", "Appointed buyer"),
    ("dismantle", "Dismantling"),
    ("sell_material", "Sale of the material"),
]
METHODS_OF_KIND = {
    "sale": ("auction", "listed_price", "appointed"),
    "disposal": ("dismantle", "sell_material"),
}
WITH_RECEIVER = ("transfer", "recall")
EDITABLE = ("draft", "returned")


class TtcsAssetDecision(models.Model):
    """A dossier for a decision on public assets, from the proposal to its execution.

    draft → submitted → approved → carried out; an approver may return it with a reason, or
    reject it.  Who approves follows from the table ``ttcs.approval.level``, by kind and value.
    From submission on nothing of what was proposed changes, and nobody approves his own
    dossier: the database sees to both (``decision_invariants.py``).
    """

    _name = "ttcs.asset.decision"
    _description = "Decision on assets"
    _inherit = ["mail.thread", "ttcs.form.mixin", "ttcs.guarded.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(readonly=True, copy=False, default="/", string="Number")
    kind = fields.Selection(DECISION_KINDS, required=True, index=True)
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        string="Owning agency",
        default=lambda self: self.env["maintenance.equipment"]._default_agency_id(),
    )
    unit_id = fields.Many2one(related="agency_id.unit_id", store=True, index=True)
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._today(),
        string="Date of the proposal",
        help="The values of the assets are those of this day.",
    )
    reason = fields.Text()
    receiver_agency_id = fields.Many2one(
        "ttcs.agency", string="Receiving agency", index=True, ondelete="restrict"
    )
    receiver_unit_id = fields.Many2one(
        "ttcs.unit", string="New place", index=True, ondelete="restrict"
    )
    method = fields.Selection(METHODS)
    cause = fields.Text(string="Cause of the loss")
    responsibility = fields.Text(string="Who answers for it")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    compensation = fields.Monetary()
    expected_proceeds = fields.Monetary()
    expected_cost = fields.Monetary(string="Expected cost of the execution")
    line_ids = fields.One2many("ttcs.asset.decision.line", "decision_id", string="Assets")
    approval_ids = fields.One2many(
        "ttcs.asset.decision.approval", "decision_id", string="Opinions", readonly=True
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", index=True, copy=False
    )
    proposer_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    submitted_at = fields.Datetime(readonly=True, copy=False)
    level_id = fields.Many2one(
        "ttcs.approval.level", readonly=True, copy=False, ondelete="restrict"
    )
    approver_agency_id = fields.Many2one(
        "ttcs.agency",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        string="Waits for",
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decision_number = fields.Char(readonly=True, copy=False)
    decision_date = fields.Date(readonly=True, copy=False)
    closing_reason = fields.Char(readonly=True, copy=False, string="Why it was returned or closed")
    number_id = fields.Many2one(
        "ttcs.document.number", string="Tracking number", readonly=True, copy=False
    )
    asset_count = fields.Integer(compute="_compute_totals", store=True, string="Number of assets")
    original_cost = fields.Monetary(compute="_compute_totals", store=True)
    residual_value = fields.Monetary(compute="_compute_totals", store=True)
    may_approve = fields.Boolean(compute="_compute_may_approve")
    may_change = fields.Boolean(compute="_compute_may_approve")
    approver_note = fields.Char(compute="_compute_approver_note", string="Who approves")

    _receiver_is_another = models.Constraint(
        "CHECK (receiver_agency_id IS NULL OR receiver_agency_id <> agency_id)",
        "The receiving agency is another than the giving one.",
    )
    _amounts_possible = models.Constraint(
        "CHECK (COALESCE(compensation, 0) >= 0 AND COALESCE(expected_proceeds, 0) >= 0"
        " AND COALESCE(expected_cost, 0) >= 0"
        " AND COALESCE(compensation, 0) = trunc(COALESCE(compensation, 0))"
        " AND COALESCE(expected_proceeds, 0) = trunc(COALESCE(expected_proceeds, 0))"
        " AND COALESCE(expected_cost, 0) = trunc(COALESCE(expected_cost, 0)))",
        "Amounts are whole đồng, not negative.",
    )
    _approver_is_another = models.Constraint(
        "CHECK (approved_by_id IS NULL OR approved_by_id <> proposer_id)",
        "Nobody approves a dossier that he proposed himself.",
    )
    _approved_has_decision = models.Constraint(
        "CHECK (state NOT IN ('approved', 'carried_out') OR (approved_by_id IS NOT NULL"
        " AND proposer_id IS NOT NULL AND COALESCE(decision_number, '') <> ''"
        " AND decision_date IS NOT NULL AND decision_date >= date))",
        "An approved dossier has a decision with number and date, not before the proposal.",
    )
    _closed_has_reason = models.Constraint(
        "CHECK (state NOT IN ('returned', 'rejected', 'cancelled')"
        " OR COALESCE(closing_reason, '') <> '')",
        "Say why the dossier is returned or closed.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(dossier)s was submitted: what it proposes stays as it is. Have it returned to "
            "change it, or make another dossier.",
            dossier=diagnostics.message_detail,
        )
    )

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for dossier in self:
            number = f" {dossier.name}" if dossier.name and dossier.name != "/" else ""
            dossier.display_name = f"{kinds.get(dossier.kind, '')}{number}"

    @api.depends("line_ids.original_cost", "line_ids.residual_value")
    def _compute_totals(self):
        for dossier in self:
            dossier.asset_count = len(dossier.line_ids)
            dossier.original_cost = sum(dossier.line_ids.mapped("original_cost"))
            dossier.residual_value = sum(dossier.line_ids.mapped("residual_value"))

    @api.depends("state", "approver_agency_id", "level_id")
    @api.depends_context("uid")
    def _compute_may_approve(self):
        changeable = self.browse()
        if self.has_access("write"):
            changeable = self._filtered_access("write")
        for dossier in self:
            dossier.may_approve = dossier._why_not_approver() is None
            dossier.may_change = dossier in changeable

    @api.depends("kind", "agency_id", "date", "line_ids.original_cost", "state")
    def _compute_approver_note(self):
        for dossier in self:
            if dossier.state in EDITABLE:
                steps = dossier._route() if dossier.kind and dossier.agency_id else []
                names = [agency.name for _level, agency in steps if agency]
                dossier.approver_note = " → ".join(names)
            else:
                # sudo: the name of an office is public.
                dossier.approver_note = dossier.sudo().approver_agency_id.name

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind not in WITH_RECEIVER:
            self.receiver_agency_id = self.receiver_unit_id = False
        if self.method not in METHODS_OF_KIND.get(self.kind, ()):
            self.method = False

    def write(self, vals):
        result = super().write(vals)
        if "date" in vals:
            self.line_ids._take_values()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for dossier in self:
            if dossier.state != "draft":
                raise UserError(
                    self.env._(
                        "%(dossier)s was submitted before and is kept. Cancel it with a reason "
                        "instead.",
                        dossier=dossier.display_name,
                    )
                )
