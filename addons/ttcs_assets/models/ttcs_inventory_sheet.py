from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..inventory import RECONCILE, TOTALS

# What people write on a sheet themselves; everything else follows from its buttons.
WRITTEN_BY_TEAM = {"line_ids", "member_ids", "phone_ids", "form_file_ids"}
WRITTEN_BY_MANAGER = {"due_date", "member_ids"}
FIGURES = ("pending_count", "found_count", "missing_count", "elsewhere_count", "unexpected_count")


class TtcsInventorySheet(models.Model):
    """What one team counts: the assets of one agency in one commune."""

    _name = "ttcs.inventory.sheet"
    _description = "Sheet of an inventory"
    _inherit = ["ttcs.round.sheet.mixin", "ttcs.form.mixin"]
    _order = "inventory_id desc, unit_code, unit_id, agency_id, id"
    _round_field = "inventory_id"
    _awaited_states = ("counting",)

    inventory_id = fields.Many2one(
        "ttcs.inventory",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        "ttcs.unit",
        string="Commune",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    # By value: what they were called on the day on which the round was opened.
    agency_name = fields.Char(readonly=True)
    unit_name = fields.Char(readonly=True, string="Name of the commune")
    unit_code = fields.Char(readonly=True, string="Code")
    freeze_date = fields.Date(related="inventory_id.freeze_date")
    inventory_state = fields.Selection(
        related="inventory_id.state", string="State of the inventory"
    )
    due_date = fields.Date(string="Count until")
    state = fields.Selection(
        [("counting", "Counting"), ("closed", "Counting closed")],
        required=True,
        readonly=True,
        default="counting",
        index=True,
        group_expand=True,
    )
    version = fields.Integer(required=True, readonly=True, default=1)
    reopen_reason = fields.Char(string="Why it was reopened", readonly=True)
    closing_asked_at = fields.Datetime(readonly=True, string="Closing asked for on")
    closed_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    closed_at = fields.Datetime(readonly=True)
    number_id = fields.Many2one("ttcs.document.number", string="Tracking number", readonly=True)
    member_ids = fields.One2many("ttcs.inventory.member", "sheet_id", string="Team")
    line_ids = fields.One2many("ttcs.inventory.line", "sheet_id", string="Assets")
    count_ids = fields.One2many("ttcs.inventory.count", "sheet_id", string="Counts")
    late_count_ids = fields.One2many(
        "ttcs.inventory.count",
        "sheet_id",
        string="Counted late or twice",
        domain=[("outcome", "in", ("late", "double"))],
    )
    phone_ids = fields.One2many("ttcs.inventory.phone", "sheet_id", string="Phones")
    line_count = fields.Integer(compute="_compute_figures", string="Number of assets")
    pending_count = fields.Integer(compute="_compute_figures", string="Left")
    found_count = fields.Integer(compute="_compute_figures", string="Found")
    missing_count = fields.Integer(compute="_compute_figures", string="Missing")
    elsewhere_count = fields.Integer(compute="_compute_figures", string="Found elsewhere")
    unexpected_count = fields.Integer(compute="_compute_figures", string="Unexpected")
    progress = fields.Float(compute="_compute_figures", string="Progress (%)")
    # Kept by the reconciliation.
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
    )
    book_quantity = fields.Integer(readonly=True, string="Number by the books")
    book_cost = fields.Monetary(readonly=True, string="Original cost by the books")
    book_residual = fields.Monetary(readonly=True, string="Residual value by the books")
    counted_quantity = fields.Integer(readonly=True, string="Number counted")
    counted_cost = fields.Monetary(readonly=True, string="Original cost counted")
    counted_residual = fields.Monetary(readonly=True, string="Residual value counted")
    difference_quantity = fields.Integer(
        compute="_compute_difference", string="Difference in number"
    )
    difference_cost = fields.Monetary(compute="_compute_difference", string="Difference in cost")
    reconciled_at = fields.Datetime(readonly=True, string="Reconciled on")
    is_counting = fields.Boolean(compute="_compute_is_counting")
    may_run = fields.Boolean(related="inventory_id.may_run", related_sudo=False)
    awaited_text = fields.Char(compute="_compute_awaited_text", string="Phones awaited")

    _inventory_agency_unit_unique = models.Constraint(
        "UNIQUE (inventory_id, agency_id, unit_id)",
        "This agency has a sheet for this commune in this round already.",
    )
    _closed_has_author = models.Constraint(
        "CHECK (state <> 'closed' OR (closed_by IS NOT NULL AND closed_at IS NOT NULL))",
        "A sheet that was counted says by whom it was closed and when.",
    )
    _reopened_has_reason = models.Constraint(
        "CHECK (version = 1 OR COALESCE(reopen_reason, '') <> '')",
        "A sheet is reopened with a reason.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(inventory)s is closed: its sheets stay as they were.",
            inventory=diagnostics.message_detail,
        )
    )

    @api.constrains("due_date")
    def _check_due_date(self):
        for sheet in self:
            if sheet.due_date < sheet.inventory_id.freeze_date:
                raise ValidationError(
                    self.env._(
                        "The counting of %(sheet)s would end before its freeze date. Choose a "
                        "later day.",
                        sheet=sheet._title(),
                    )
                )

    @api.depends("agency_name", "unit_name", "inventory_id.name")
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = f"{sheet.inventory_id.name}, {sheet._title()}"

    def _title(self):
        """Agency and commune, each once."""
        self.ensure_one()
        agency, unit = self.agency_name or "", self.unit_name or ""
        return agency if unit.casefold() in agency.casefold() else f"{agency} ({unit})"

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("state", "inventory_id.state")
    def _compute_is_counting(self):
        for sheet in self:
            sheet.is_counting = sheet.state == "counting" and sheet.inventory_id.state == "open"

    @api.depends("line_ids.state")
    def _compute_figures(self):
        totals = self._totals()
        for sheet in self:
            found = totals.get(sheet.id, {})
            for name in FIGURES:
                sheet[name] = found.get(name, 0)
            expected = sum(sheet[name] for name in FIGURES) - sheet.unexpected_count
            sheet.line_count = expected
            counted = expected - sheet.pending_count
            sheet.progress = 100 * counted / expected if expected else 0

    def _totals(self):
        """What the sheets expect and found: ``{sheet id: {column of ``TOTALS``: value}}``."""
        self.env["ttcs.inventory.line"].flush_model()
        self.env.cr.execute(SQL(TOTALS, sheets=self.ids))
        return {row["sheet_id"]: row for row in self.env.cr.dictfetchall()}

    @api.depends("book_quantity", "counted_quantity", "book_cost", "counted_cost")
    def _compute_difference(self):
        for sheet in self:
            sheet.difference_quantity = sheet.counted_quantity - sheet.book_quantity
            sheet.difference_cost = sheet.counted_cost - sheet.book_cost

    @api.depends("phone_ids.is_awaited")
    def _compute_awaited_text(self):
        for sheet in self:
            # sudo: whoever works on the sheet must know whose phones it waits for.
            awaited = sheet.sudo().phone_ids.filtered("is_awaited")
            names = [f"{phone.user_id.name} ({phone.device_id.name})" for phone in awaited]
            sheet.awaited_text = ", ".join(names) if sheet.is_counting else False

    def _reconcile(self):
        """Keep on each sheet what ``TOTALS`` adds up; one statement for all."""
        self.env.flush_all()
        self.env.cr.execute(SQL(RECONCILE, sheets=self.ids, now=fields.Datetime.now()))
        self.invalidate_model()

    def write(self, vals):
        if not self.env.su:
            if set(vals) - WRITTEN_BY_TEAM - WRITTEN_BY_MANAGER - {"message_follower_ids"}:
                raise AccessError(
                    self.env._("A sheet changes its state by its buttons and not otherwise.")
                )
            if set(vals) & WRITTEN_BY_MANAGER:
                self.inventory_id.check_access("write")
        return super().write(vals)

    # Who counts -----------------------------------------------------------------------------

    def _counters(self):
        """The users of team and committee."""
        self.ensure_one()
        # sudo: only whether the user is one of them is asked, and names of the team told.
        sheet = self.sudo()
        return (sheet.member_ids | sheet.inventory_id.member_ids).person_id.user_id

    def _may_count(self):
        """Whether the user counts this sheet: his reach, and his name where there is a team, also
        one of people without accounts, for whom others tick."""
        self.ensure_one()
        # sudo: see _counters.
        if not self.sudo().member_ids:
            return True
        return self.env.user in self._counters() or self.inventory_id.may_run

    def _team_text(self):
        self.ensure_one()
        return ", ".join(self.sudo().member_ids.mapped("name"))  # sudo: see _counters

    def _check_counting(self):
        """:raises UserError: for a sheet that is closed, or that another team counts"""
        for sheet in self:
            if not sheet.is_counting:
                raise UserError(
                    self.env._(
                        "The counting of %(sheet)s is closed. Ask who runs the inventory to "
                        "reopen it.",
                        sheet=sheet._title(),
                    )
                )
            if not sheet._may_count():
                raise UserError(
                    self.env._(
                        "%(sheet)s is counted by its team: %(team)s. Ask to be put on the team.",
                        sheet=sheet._title(),
                        team=sheet._team_text(),
                    )
                )

    def _lock(self, mode):
        """Lock the rows of the sheets before anything else of theirs is read.

        Whoever counts takes them in ``SHARE``, whoever closes or reopens in ``UPDATE``: so a
        count comes wholly before a closing, or finds the sheet closed.
        """
        self.env.cr.execute(
            SQL(
                "SELECT id FROM ttcs_inventory_sheet WHERE id = ANY(%s) ORDER BY id FOR %s",
                self.ids,
                SQL(mode),
            )
        )
        self.invalidate_recordset(["state", "version", "closing_asked_at"], flush=False)

    # Buttons --------------------------------------------------------------------------------

    def action_found_all_left(self):
        """Tick everything that is left as found, for a team that has just walked by all of it."""
        self._check_counting()
        left = self.env["ttcs.inventory.line"].search(
            [("sheet_id", "in", self.ids), ("state", "=", "pending")]
        )
        left.action_found()

    def action_unexpected(self):
        """The form of an object that no line expects."""
        self.ensure_one()
        self._check_counting()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Unexpected object"),
            "res_model": "ttcs.inventory.unexpected",
            "context": {"default_sheet_id": self.id},
            "views": [(False, "form")],
            "target": "new",
        }

    def action_ask_reopen(self):
        return self.env["ttcs.inventory.reason"]._ask(self)

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.ttcs_inventory_line_action"
        )
        action["domain"] = [("sheet_id", "=", self.id)]
        # What is left first; a sheet that is counted shows all of it.
        action["context"] = {"search_default_pending": 1} if self.pending_count else {}
        return action
