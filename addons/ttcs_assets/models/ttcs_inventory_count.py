import uuid

from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .maintenance_equipment import CONDITIONS

HOWS = [
    ("scan", "Scanned"),
    ("code", "Code typed"),
    ("list", "Ticked on the phone's list"),
    ("office", "Ticked in the office"),
]
# How long what people type may be kept.
LONGEST_NAME, LONGEST_NOTE = 200, 4_000


class TtcsInventoryCount(models.Model):
    """One look at one thing by one person: only ever added, whatever became of it.

    ``outcome`` says what it did: the first count of an asset decides its line; a second one by
    somebody else is a double and stays beside it; one that comes after the closing is late.
    """

    _name = "ttcs.inventory.count"
    _description = "Count"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "id desc"
    _log_access = False

    uuid = fields.Char(required=True, readonly=True, string="UUID")
    inventory_id = fields.Many2one(
        "ttcs.inventory", required=True, readonly=True, index=True, ondelete="restrict"
    )
    sheet_id = fields.Many2one(
        "ttcs.inventory.sheet",
        string="Inventory sheet",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", readonly=True, index=True, ondelete="restrict"
    )
    name = fields.Char(string="What it is", readonly=True)
    kind = fields.Char(readonly=True)
    serial_no = fields.Char(string="Serial number", readonly=True)
    place = fields.Char(readonly=True)
    finding = fields.Selection(
        [("present", "Seen"), ("absent", "Not there"), ("withdrawn", "Withdrawn")],
        required=True,
        readonly=True,
        default="present",
    )
    outcome = fields.Selection(
        [
            ("counted", "First count"),
            ("again", "Counted again by the same person"),
            ("double", "Counted before by another team"),
            ("elsewhere", "Expected elsewhere"),
            ("unexpected", "Unexpected"),
            ("late", "Came after the closing"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    condition = fields.Selection(CONDITIONS, readonly=True)
    note = fields.Text(readonly=True)
    how = fields.Selection(HOWS, required=True, readonly=True, default="office")
    counted_at = fields.Datetime(required=True, readonly=True, string="Counted on")
    counted_by = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    latitude = fields.Float(digits=(9, 6), readonly=True)
    longitude = fields.Float(digits=(9, 6), readonly=True)
    position_accuracy = fields.Float(string="Accuracy (m)", digits=(8, 1), readonly=True)

    _uuid_unique = models.Constraint("UNIQUE (uuid)", "This count has been received already.")
    _asset_or_name = models.Constraint(
        "CHECK (equipment_id IS NOT NULL OR COALESCE(name, '') <> '')",
        "A count is of an asset, or says what the object is.",
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "Counts are only added, and not to a round that is closed (%(count)s). Count again "
            "instead.",
            count=diagnostics.message_detail,
        )
    )

    @api.depends("equipment_id", "name")
    def _compute_display_name(self):
        for count in self:
            count.display_name = count.name or count.equipment_id.display_name

    # From lists -----------------------------------------------------------------------------

    @api.model
    def _of_lines(self, lines, finding):
        """One count for each line, made by the user in the office."""
        now = fields.Datetime.now()
        # sudo: counts are made by the methods of this model only; the caller has checked.
        return self.sudo().create(
            [
                {
                    "uuid": str(uuid.uuid4()),
                    "inventory_id": line.inventory_id.id,
                    "sheet_id": line.sheet_id.id,
                    "equipment_id": line.equipment_id.id,
                    "name": line.name,
                    "finding": finding,
                    "outcome": "counted",
                    "condition": (line.counted_condition or line.condition)
                    if finding == "present"
                    else False,
                    "note": line.note,
                    "how": "office",
                    "counted_at": now,
                    "counted_by": self.env.uid,
                }
                for line in lines
            ]
        )

    def _apply(self):
        """Let these counts decide their lines; one statement for all."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE ttcs_inventory_line line
            SET state = CASE count.finding WHEN 'present' THEN 'found'
                    WHEN 'absent' THEN 'missing' ELSE 'pending' END,
                count_id = CASE WHEN count.finding <> 'withdrawn' THEN count.id END,
                counted_quantity = CASE count.finding WHEN 'present' THEN 1
                    WHEN 'absent' THEN 0 END,
                counted_cost = CASE count.finding WHEN 'present' THEN line.original_cost
                    WHEN 'absent' THEN 0 END,
                counted_residual = CASE count.finding WHEN 'present' THEN line.residual_value
                    WHEN 'absent' THEN 0 END,
                counted_condition = count.condition,
                note = COALESCE(NULLIF(left(count.note, 255), ''), line.note),
                found_sheet_id = NULL, found_by = NULL,
                is_difference = count.finding = 'absent'
                    OR COALESCE(count.condition, '') IN ('broken', 'stopped')
            FROM ttcs_inventory_count count
            WHERE count.id = ANY(%s) AND line.sheet_id = count.sheet_id
                AND line.equipment_id = count.equipment_id AND NOT line.is_extra
            """,
            [self.ids],
        )
        self.env["ttcs.inventory.line"].invalidate_model()

    # One by one -----------------------------------------------------------------------------

    @api.model
    def _record(self, sheet, equipment, **values):
        """Keep one count and let it do what it may.

        :param sheet: as superuser; the caller has checked who counts
        :param equipment: the asset, or empty for an unknown object, which has a ``name``
        :param values: uuid, counted_at, how and what else the count tells
        :returns: ``(count, line)``: the line that the asset has now, empty for a late count
        """
        sheet._lock("SHARE")
        lines = self.env["ttcs.inventory.line"].sudo()
        line = lines._of_asset(sheet, equipment)
        outcome = self._outcome(sheet, equipment, line)
        # sudo: as in _of_lines.
        count = self.sudo().create(
            {
                "inventory_id": sheet.inventory_id.id,
                "sheet_id": sheet.id,
                "equipment_id": equipment.id,
                "outcome": outcome,
                "counted_by": self.env.uid,
                **values,
            }
        )
        if outcome in ("counted", "again") and line.is_extra:
            line.write({"counted_condition": count.condition, "count_id": count.id})
        elif outcome in ("counted", "again"):
            count._apply()
        elif outcome in ("elsewhere", "unexpected"):
            line = lines._add_extra(count, line)
        return count, lines.browse() if outcome == "late" else line

    @api.model
    def _outcome(self, sheet, equipment, line):
        """What a count does, by where the sheet and the asset's line stand."""
        if not sheet.is_counting:
            return "late"
        if not equipment or not line:
            return "unexpected"
        if line.sheet_id != sheet:
            return "elsewhere" if line.state in ("pending", "missing") else "double"
        if line.state in ("pending", "missing"):
            return "counted"
        mine = line.count_id.counted_by == self.env.user
        return "again" if mine and line.state != "elsewhere" else "double"
