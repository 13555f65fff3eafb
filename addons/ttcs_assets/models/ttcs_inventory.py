from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..inventory import EXPECTED
from .maintenance_equipment_category import FAMILIES


class TtcsInventory(models.Model):
    """An inventory round (đợt kiểm kê): what the books say on a day, and what teams find.

    Opening it gives every agency in every commune a sheet with one line for each of its assets,
    by value: a transfer or a new name later does not alter them.  Closing it keeps a snapshot
    and the rendered report; the database refuses any change after that.
    """

    _name = "ttcs.inventory"
    _description = "Inventory round"
    _inherit = ["ttcs.round.mixin", "ttcs.form.mixin"]
    _fixed_once_open = frozenset({"agency_id", "unit_id", "freeze_date", "family", "category_ids"})
    _order = "freeze_date desc, id desc"

    unit_id = fields.Many2one(string="Area counted")
    freeze_date = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: self.env.company._today(),
        help="Places, owners and values are those of this day. The round opens on it or later.",
    )
    due_date = fields.Date(string="Count until", help="Sheets closed later are late.")
    family = fields.Selection(FAMILIES, string="Only", help="Empty: all families of assets.")
    category_ids = fields.Many2many(
        "maintenance.equipment.category", string="Only these kinds", help="Empty: all kinds."
    )
    legal_document_id = fields.Many2one(
        "ttcs.legal.document", string="Decision", ondelete="restrict"
    )
    decision = fields.Char(
        string="Number of the decision", help="When the decision itself is not recorded."
    )
    state = fields.Selection(
        [("draft", "In preparation"), ("open", "Counting"), ("closed", "Closed for good")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    opened_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    conclusion = fields.Text(string="Conclusion and proposals", copy=False)
    member_ids = fields.One2many(
        "ttcs.inventory.member",
        "inventory_id",
        string="Committee",
        domain=[("sheet_id", "=", False)],
    )
    sheet_ids = fields.One2many("ttcs.inventory.sheet", "inventory_id", string="Inventory sheets")
    # For record rules only: whose sheets a round has is asked nowhere else through this field.
    scope_sheet_ids = fields.One2many(
        "ttcs.inventory.sheet", "inventory_id", groups=fields.NO_ACCESS, copy=False
    )
    snapshot_ids = fields.One2many("ttcs.inventory.snapshot", "inventory_id", readonly=True)
    file_ids = fields.One2many("ttcs.inventory.file", "inventory_id", readonly=True)
    number_id = fields.Many2one(
        "ttcs.document.number", string="Tracking number", readonly=True, copy=False
    )
    sheet_count = fields.Integer(compute="_compute_sheet_counts", string="Number of sheets")
    closed_count = fields.Integer(compute="_compute_sheet_counts", string="Counted sheets")
    late_count = fields.Integer(compute="_compute_sheet_counts", string="Late")
    line_count = fields.Integer(compute="_compute_line_counts", string="Assets")
    counted_count = fields.Integer(compute="_compute_line_counts", string="Assets counted")
    difference_count = fields.Integer(compute="_compute_line_counts", string="Differences")
    progress = fields.Float(compute="_compute_line_counts", string="Progress (%)")

    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(inventory)s is closed: what it found stays as it was. Open another round for "
            "another count.",
            inventory=diagnostics.message_detail,
        )
    )

    @api.depends_context("uid")
    def _compute_sheet_counts(self):
        sheets, mine = self.env["ttcs.inventory.sheet"], [("inventory_id", "in", self.ids)]
        groups = sheets._read_group(mine, ["inventory_id", "state"], ["__count"])
        late = dict(
            sheets._read_group([*mine, ("is_late", "=", True)], ["inventory_id"], ["__count"])
        )
        for inventory in self:
            counts = {state: count for owner, state, count in groups if owner.id == inventory.id}
            inventory.sheet_count = sum(counts.values())
            inventory.closed_count = counts.get("closed", 0)
            inventory.late_count = late.get(inventory._origin, 0)

    @api.depends_context("uid")
    def _compute_line_counts(self):
        lines, mine = self.env["ttcs.inventory.line"], [("inventory_id", "in", self.ids)]
        groups = lines._read_group(mine, ["inventory_id", "state"], ["__count"])
        differing = dict(
            lines._read_group([*mine, ("is_difference", "=", True)], ["inventory_id"], ["__count"])
        )
        for inventory in self:
            counts = {state: count for owner, state, count in groups if owner.id == inventory.id}
            expected = sum(counts.values()) - counts.get("unexpected", 0)
            inventory.line_count = expected
            inventory.counted_count = expected - counts.get("pending", 0)
            inventory.progress = 100 * inventory.counted_count / expected if expected else 0
            inventory.difference_count = differing.get(inventory._origin, 0)

    def _is_chaired_by(self, user):
        self.ensure_one()
        # sudo: only whether it is this user is told.
        chairing = self.sudo().member_ids.filtered(lambda member: member.role == "chairman")
        return user in chairing.person_id.user_id

    @api.constrains("freeze_date", "due_date")
    def _check_dates(self):
        for inventory in self:
            if inventory.due_date < inventory.freeze_date:
                raise ValidationError(
                    self.env._(
                        "The counting of %(inventory)s would end before its freeze date. Choose "
                        "a later day.",
                        inventory=inventory.name,
                    )
                )

    # Opening --------------------------------------------------------------------------------

    def action_open(self):
        """Take the register as it was on the freeze day: sheets and lines by value."""
        self.check_access("write")
        for inventory in self:
            if inventory.state != "draft":
                raise UserError(
                    self.env._("%(inventory)s was opened before.", inventory=inventory.name)
                )
            if inventory.freeze_date > self.env.company._today():
                raise UserError(
                    self.env._(
                        "%(inventory)s freezes the register on %(date)s. Open it on that day or "
                        "later; until then prepare committee and scope.",
                        inventory=inventory.name,
                        date=f"{inventory.freeze_date:%d/%m/%Y}",
                    )
                )
            inventory._check_area_lasts()
            inventory._insert_expected()
            inventory._by_steps().write({"state": "open", "opened_at": fields.Datetime.now()})
            if not inventory.sheet_count:
                raise UserError(
                    self.env._(
                        "No asset of this scope stood in %(area)s on %(date)s. Check the area, "
                        "the kinds and the day.",
                        area=inventory.unit_id.full_name,
                        date=f"{inventory.freeze_date:%d/%m/%Y}",
                    )
                )

    def _check_area_lasts(self):
        area = self.unit_id
        if area.valid_to and area.valid_to < self.freeze_date:
            raise UserError(
                self.env._(
                    "%(area)s ended on %(date)s, before the freeze date. Choose the place that "
                    "continues it.",
                    area=area.full_name,
                    date=f"{area.valid_to:%d/%m/%Y}",
                )
            )

    def _expected(self):
        """SQL of the assets that this round expects."""
        self.ensure_one()
        return SQL(
            EXPECTED,
            area=self.unit_id.id,
            on=self.freeze_date,
            family=self.family or None,
            kinds=self.category_ids.ids or None,
        )

    def _insert_expected(self):
        """Sheets and lines in one statement each, for any number of assets."""
        self.ensure_one()
        self.env.flush_all()
        self._insert_sheets()
        self._insert_lines()
        self.env.invalidate_all()

    def _insert_sheets(self):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_inventory_sheet (inventory_id, agency_id, unit_id, agency_name,
                    unit_name, unit_code, due_date, state, version, create_uid, create_date,
                    write_uid, write_date)
                SELECT %(inventory)s, owner.agency_id, owner.unit_id, agency.name,
                    unit.full_name, unit.code, %(due)s, 'counting', 1, %(uid)s,
                    now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                FROM (SELECT DISTINCT agency_id, unit_id FROM (%(expected)s) asset) owner
                JOIN ttcs_agency agency ON agency.id = owner.agency_id
                JOIN ttcs_unit unit ON unit.id = owner.unit_id
                ORDER BY unit.code, unit.id, agency.id
                """,
                inventory=self.id,
                due=self.due_date,
                uid=self.env.uid,
                expected=self._expected(),
            )
        )

    def _insert_lines(self):
        bases = self.env.execute_query(
            SQL(
                "SELECT DISTINCT original_cost, in_use_date, category_id FROM (%s) asset",
                self._expected(),
            )
        )
        bases = {(int(cost or 0), since, kind) for cost, since, kind in bases}
        # Python counts each distinct basis once; the statement gives it to all that share it.
        booked = self.env["maintenance.equipment"]._depreciation_of(bases, self.freeze_date)
        costs, days, kinds, amounts = [], [], [], []
        for (cost, since, kind), (amount, _is_fixed) in booked.items():
            costs.append(cost)
            days.append(since)
            kinds.append(kind)
            amounts.append(amount)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_inventory_line (inventory_id, sheet_id, equipment_id, unit_id,
                    agency_id, place_id, is_extra, state, code, ledger_code, name, kind, family,
                    place, serial_no, custodian, condition, in_use_date, quantity,
                    original_cost, accumulated_depreciation, residual_value, is_difference)
                SELECT %(inventory)s, sheet.id, asset.id, sheet.unit_id, sheet.agency_id,
                    place.id, FALSE, 'pending', asset.code, asset.ledger_code,
                    COALESCE(asset.name ->> %(lang)s, asset.name ->> 'en_US'),
                    COALESCE(category.name ->> %(lang)s, category.name ->> 'en_US'),
                    asset.family,
                    concat_ws(', ', asset.site_note, place.full_name),
                    asset.serial_no, person.name, asset.condition, asset.in_use_date, 1,
                    COALESCE(asset.original_cost, 0), book.amount,
                    COALESCE(asset.original_cost, 0) - book.amount, FALSE
                FROM (%(expected)s) expected
                JOIN maintenance_equipment asset ON asset.id = expected.equipment_id
                JOIN ttcs_inventory_sheet sheet ON sheet.inventory_id = %(inventory)s
                    AND sheet.agency_id = expected.agency_id
                    AND sheet.unit_id = expected.unit_id
                JOIN ttcs_unit place ON place.id = expected.place_id
                JOIN maintenance_equipment_category category ON category.id = asset.category_id
                LEFT JOIN ttcs_person person ON person.id = asset.custodian_id
                JOIN unnest(%(costs)s::numeric[], %(days)s::date[], %(kinds)s::integer[],
                    %(amounts)s::numeric[]) AS book (cost, since, category_id, amount)
                    -- Equality of a day that may be missing, in a form that can be hashed.
                    ON book.cost = COALESCE(asset.original_cost, 0)
                    AND COALESCE(book.since, 'infinity') = COALESCE(asset.in_use_date, 'infinity')
                    AND book.category_id = asset.category_id
                ORDER BY sheet.id, place.full_name, asset.id
                """,
                inventory=self.id,
                lang="vi_VN",
                costs=costs,
                days=days,
                kinds=kinds,
                amounts=amounts,
                expected=self._expected(),
            )
        )

    # Reconciling ----------------------------------------------------------------------------

    @api.model
    def action_compare_running(self):
        """Books and count of every round that is being counted, added up now."""
        return self.search([("state", "=", "open")]).action_reconcile()

    def action_reconcile(self):
        """Add up books and counts per sheet, in one statement, and show them side by side."""
        self.check_access("read")
        for inventory in self:
            if inventory.state == "draft":
                raise UserError(
                    self.env._(
                        "%(inventory)s was not opened yet, so there is nothing to compare.",
                        inventory=inventory.name,
                    )
                )
        running = self.filtered(lambda inventory: inventory.state == "open")
        running.sheet_ids._reconcile()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.ttcs_inventory_sheet_action_reconcile"
        )
        action["domain"] = [("inventory_id", "in", self.ids)]
        return action

    # Lists ----------------------------------------------------------------------------------

    def action_open_sheets(self):
        return self._list_of("ttcs_inventory_sheet_action")

    def action_open_late(self):
        return self._list_of("ttcs_inventory_sheet_action", [("is_late", "=", True)])

    def action_open_differences(self):
        difference = [("is_difference", "=", True)]
        return self._list_of("ttcs_inventory_line_action_differences", difference)

    def action_open_progress(self):
        return self._list_of("ttcs_inventory_line_action_progress")

    def _list_of(self, name, domain=()):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"ttcs_assets.{name}")
        action["domain"] = [("inventory_id", "=", self.id), *domain]
        return action
