from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .maintenance_equipment import CONDITIONS
from .maintenance_equipment_category import FAMILIES

STATES = [
    ("pending", "Not counted yet"),
    ("found", "Found"),
    ("missing", "Missing"),
    ("elsewhere", "Found elsewhere"),
    ("unexpected", "Unexpected"),
]
PROPOSALS = [
    ("keep", "Keep in use"),
    ("repair", "Repair"),
    ("dispose", "Dispose of"),
    ("transfer", "Transfer"),
    ("enter", "Enter in the books"),
    ("answer", "Clear up who answers for it"),
]
# What can be proposed for what was found; anything else does not explain a difference.
FITTING = {
    "found": {"keep", "repair", "dispose", "transfer"},
    "missing": {"answer", "dispose"},
    "elsewhere": {"keep", "transfer", "answer"},
    "unexpected": {"enter", "transfer", "dispose", "answer"},
}
UNSEEN = ("missing", "elsewhere")
# As long as the column of remarks of the minutes can take.
LONGEST_REMARK = 255
WRITTEN_BY_TEAM = {"counted_condition", "note"}
WRITTEN_AFTERWARDS = {"explanation", "proposal"}


class TtcsInventoryLine(models.Model):
    """One asset on a sheet: what the books said on the freeze day, and what was found.

    The book side is kept by value.  A line that no book expects (``is_extra``) is what a team
    found besides: an unknown object, or an asset of another sheet, whose own line then says
    where it was found.
    """

    _name = "ttcs.inventory.line"
    _description = "Line of an inventory"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "sheet_id, is_extra, place, name, id"
    _log_access = False

    inventory_id = fields.Many2one(
        "ttcs.inventory",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sheet_id = fields.Many2one(
        "ttcs.inventory.sheet",
        string="Inventory sheet",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    # An asset that was inventoried is not deleted: the round would lose what it was about.
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", readonly=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "ttcs.unit",
        string="Commune",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    place_id = fields.Many2one("ttcs.unit", readonly=True, ondelete="restrict")
    is_extra = fields.Boolean(string="Not expected here", readonly=True, default=False)
    state = fields.Selection(STATES, required=True, readonly=True, default="pending", index=True)
    code = fields.Char(string="Asset code", readonly=True)
    ledger_code = fields.Char(readonly=True)
    name = fields.Char(required=True, readonly=True)
    kind = fields.Char(readonly=True)
    family = fields.Selection(FAMILIES, readonly=True)
    place = fields.Char(string="Where exactly", readonly=True)
    serial_no = fields.Char(string="Serial number", readonly=True)
    custodian = fields.Char(readonly=True)
    condition = fields.Selection(CONDITIONS, string="Condition in the books", readonly=True)
    in_use_date = fields.Date(string="In use since", readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    quantity = fields.Integer(string="By the books", readonly=True, default=0)
    original_cost = fields.Monetary(readonly=True)
    accumulated_depreciation = fields.Monetary(readonly=True)
    residual_value = fields.Monetary(readonly=True)
    counted_quantity = fields.Integer(string="Number counted", readonly=True)
    counted_cost = fields.Monetary(string="Original cost counted", readonly=True)
    counted_residual = fields.Monetary(string="Residual value counted", readonly=True)
    counted_condition = fields.Selection(CONDITIONS, string="Condition seen")
    note = fields.Char(size=LONGEST_REMARK)
    count_id = fields.Many2one("ttcs.inventory.count", readonly=True, ondelete="restrict")
    counted_at = fields.Datetime(related="count_id.counted_at", string="Counted on")
    counted_by = fields.Many2one(related="count_id.counted_by", string="Counted by")
    found_sheet_id = fields.Many2one(
        "ttcs.inventory.sheet", string="Found by", readonly=True, ondelete="restrict"
    )
    found_by = fields.Char(string="Where it was found", readonly=True)
    origin_line_id = fields.Many2one(
        "ttcs.inventory.line", string="Expected on", readonly=True, ondelete="restrict"
    )
    is_difference = fields.Boolean(string="Difference", readonly=True, index=True)
    is_unexplained = fields.Boolean(
        compute="_compute_is_unexplained", search="_search_is_unexplained"
    )
    explanation = fields.Char(size=LONGEST_REMARK)
    proposal = fields.Selection(PROPOSALS)
    is_counting = fields.Boolean(related="sheet_id.is_counting")

    _asset_once = models.UniqueIndex(
        "(inventory_id, equipment_id, COALESCE(is_extra, FALSE)) WHERE equipment_id IS NOT NULL",
        "An inventory expects each asset once, and finds it unexpectedly once.",
    )
    _quantities_possible = models.Constraint(
        "CHECK (quantity IN (0, 1) AND (counted_quantity IS NULL OR counted_quantity IN (0, 1)))",
        "A line is about one asset.",
    )
    _extra_is_unexpected = models.Constraint(
        "CHECK (COALESCE(is_extra, FALSE) = (state = 'unexpected'))",
        "What no book expects is unexpected, and nothing else is.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(inventory)s is closed: its lines stay as they were.",
            inventory=diagnostics.message_detail,
        )
    )
    _sheet_is_closed = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The counting of %(sheet)s is closed: what was found stays. Ask who runs the "
            "inventory to reopen the sheet.",
            sheet=diagnostics.message_detail,
        )
    )

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("code", "name")
    def _compute_display_name(self):
        for line in self:
            code = f"[{line.code}] " if line.code else ""
            line.display_name = f"{code}{line.name or ''}"

    @api.depends("is_difference", "explanation", "proposal", "state")
    def _compute_is_unexplained(self):
        for line in self:
            fits = line.proposal in FITTING.get(line.state, ())
            line.is_unexplained = line.is_difference and not (line.explanation and fits)

    def _search_is_unexplained(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        fits = fields.Domain.OR(
            fields.Domain("state", "=", state) & fields.Domain("proposal", "in", proposals)
            for state, proposals in FITTING.items()
        )
        explained = fields.Domain("explanation", "not in", (False, "")) & fits
        wanted = fields.Domain("is_difference", "=", True) & ~explained
        return wanted if (operator == "in") == (True in value) else ~wanted

    def write(self, vals):
        if not self.env.su:
            if set(vals) - WRITTEN_BY_TEAM - WRITTEN_AFTERWARDS:
                raise AccessError(
                    self.env._(
                        "Of a line only condition, note, explanation and proposal are written; "
                        "tick it by its buttons."
                    )
                )
            if set(vals) & WRITTEN_BY_TEAM:
                self.sheet_id._check_counting()
            vals = self._checked_words(vals)
        result = super().write(vals)
        if "counted_condition" in vals:
            self.flush_recordset()
            self._note_differences()
        return result

    def _checked_words(self, vals):
        """What is written without blanks around it; refused where it does not fit the line."""
        words = {
            name: (vals[name] or "").strip() for name in ("note", "explanation") if name in vals
        }
        for line in self:
            if vals.get("counted_condition") and line.state in UNSEEN:
                raise UserError(
                    self.env._(
                        "%(asset)s was not seen here, so its condition is not known. Tick it as "
                        "found first.",
                        asset=line.display_name,
                    )
                )
            if vals.get("proposal") and vals["proposal"] not in FITTING.get(line.state, ()):
                raise UserError(line._misfit_text(vals["proposal"]))
        return {**vals, **words}

    def _misfit_text(self, proposal):
        self.ensure_one()
        proposals = dict(self._fields["proposal"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        fitting = [label for key, label in proposals.items() if key in FITTING.get(self.state, ())]
        if not fitting:
            return self.env._(
                "%(asset)s has not been counted yet. Propose what to do once it has been.",
                asset=self.display_name,
            )
        return self.env._(
            "%(asset)s (%(state)s): “%(proposal)s” cannot be proposed for it. Choose among: "
            "%(fitting)s.",
            asset=self.display_name,
            state=states[self.state],
            proposal=proposals[proposal],
            fitting="; ".join(fitting),
        )

    def _note_differences(self):
        """What is broken is a difference as well; one statement."""
        self.env.cr.execute(
            """
            UPDATE ttcs_inventory_line
            SET is_difference = state IN ('missing', 'elsewhere', 'unexpected')
                OR (state = 'found' AND COALESCE(counted_condition, '') IN ('broken', 'stopped'))
            WHERE id = ANY(%s)
            """,
            [self.ids],
        )
        self.invalidate_recordset(["is_difference"], flush=False)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_extra(self):
        if any(not line.is_extra for line in self):
            raise UserError(
                self.env._("What the books expect stays on the sheet. Tick it as missing.")
            )

    # Ticking --------------------------------------------------------------------------------

    def action_found(self):
        """Tick as found (đủ), with the condition on the line or that of the books."""
        return self._tick("present")

    def action_missing(self):
        """Tick as missing (thiếu) before the closing does."""
        return self._tick("absent")

    def action_clear(self):
        """Take a tick back; an unexpected object leaves the sheet.  Its counts are kept."""
        self._tick("withdrawn")
        extra = self.filtered("is_extra")
        # sudo: checked by the tick; what was found elsewhere is looked for again at home.
        origins = extra.sudo().origin_line_id
        extra.sudo().unlink()
        origins.filtered(lambda line: line.state == "elsewhere")._lost_again()
        return True

    def _tick(self, finding):
        self.check_access("write")
        sheets = self.sheet_id
        sheets._lock("SHARE")
        sheets._check_counting()
        # What was found elsewhere is settled over there.
        lines = self.filtered(
            lambda line: (
                line.state != "elsewhere" and (not line.is_extra or finding == "withdrawn")
            )
        )
        counts = self.env["ttcs.inventory.count"]._of_lines(lines, finding)
        counts._apply()
        return True

    def _lost_again(self):
        """The sighting elsewhere was withdrawn: back to where the sheet stands."""
        for line in self:
            counting = line.sheet_id.is_counting
            line.write(
                {
                    "state": "pending" if counting else "missing",
                    "found_sheet_id": False,
                    "found_by": False,
                    "count_id": False,
                    "is_difference": not counting,
                    "counted_quantity": False if counting else 0,
                }
            )
        self.flush_recordset()

    # What counts meet -----------------------------------------------------------------------

    @api.model
    def _of_asset(self, sheet, equipment):
        """The line that an asset has in the round of a sheet.

        Its own line; once it was found where nobody expected it, the line over there.
        """
        if not equipment:
            return self.browse()
        found = self.search(
            [
                ("inventory_id", "=", sheet.inventory_id.id),
                ("equipment_id", "=", equipment.id),
            ]
        )
        extra = found.filtered("is_extra")
        here = found.filtered(lambda line: line.sheet_id == sheet)
        return (here & extra) or here or extra or found

    @api.model
    def _add_extra(self, count, own):
        """A line for what no book expects on this sheet; its own line says where it is.

        :param own: the line that expects it on another sheet, or nothing
        """
        sheet, asset = count.sheet_id, count.equipment_id
        booked = asset.with_context(ttcs_as_of=sheet.freeze_date)
        extra = self.create(
            {
                "inventory_id": sheet.inventory_id.id,
                "sheet_id": sheet.id,
                "unit_id": sheet.unit_id.id,
                "agency_id": sheet.agency_id.id,
                "equipment_id": asset.id,
                "is_extra": True,
                "state": "unexpected",
                "code": asset.code,
                "ledger_code": asset.ledger_code,
                "name": own.name or asset.name or count.name,
                "kind": own.kind or asset.category_id.name or count.kind,
                "family": asset.family,
                "place": count.place or sheet.unit_name,
                "serial_no": asset.serial_no or count.serial_no,
                "in_use_date": asset.in_use_date,
                "counted_quantity": 1,
                "counted_cost": own.original_cost if own else booked.original_cost,
                "counted_residual": own.residual_value if own else booked.residual_value,
                "counted_condition": count.condition,
                "note": (count.note or "")[:LONGEST_REMARK],
                "count_id": count.id,
                "origin_line_id": own.id,
                "is_difference": True,
            }
        )
        own.write(
            {
                "state": "elsewhere",
                "counted_quantity": 0,
                "counted_cost": 0,
                "counted_residual": 0,
                "counted_condition": False,
                "found_sheet_id": sheet.id,
                "found_by": sheet._title(),
                "count_id": count.id,
                "is_difference": True,
            }
        )
        self.flush_model()
        return extra

    def action_open_asset(self):
        """The asset in the register, as it is today."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "maintenance.equipment",
            "res_id": self.equipment_id.id,
            "views": [(False, "form")],
        }
