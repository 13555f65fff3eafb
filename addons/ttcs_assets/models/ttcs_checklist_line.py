from odoo import api, fields, models

KINDS = [
    ("yes_no", "Yes or no"),
    ("number", "Figure"),
    ("text", "Text"),
    ("photo", "Photo"),
    ("meter", "Meter of hours"),
]
EXPECTED = [("yes", "Yes"), ("no", "No"), ("any", "Yes or no")]
SEVERITIES = [
    ("minor", "It works badly"),
    ("major", "It does not work"),
    ("danger", "It is a danger to people"),
]
DIGITS = (13, 3)

# What an answer keeps of its line, as it was when it was answered.
KEPT_FIELDS = (
    "sequence", "section", "name", "kind", "uom", "has_lowest", "lowest", "has_highest",
    "highest", "expected", "opens_corrective", "severity", "days_until_due", "advice",
)  # fmt: skip


class TtcsChecklistLine(models.Model):
    """A question of a checklist, its kind of answer and what passes.

    With ``opens_corrective`` an answer that fails becomes a repair when the order is closed.
    """

    _name = "ttcs.checklist.line"
    _description = "Line of a checklist"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "checklist_id, sequence, id"

    checklist_id = fields.Many2one("ttcs.checklist", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10, required=True)
    active = fields.Boolean(default=True)
    section = fields.Char(translate=True, help="Heading under which the line stands.")
    name = fields.Char(string="Question", required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="yes_no", string="Kind of answer")
    uom = fields.Char(string="Unit", translate=True, help="Such as V, Ω or dBm.")
    has_lowest = fields.Boolean(string="Has a lower limit", required=True, default=False)
    lowest = fields.Float(digits=DIGITS, required=True, default=0)
    has_highest = fields.Boolean(string="Has an upper limit", required=True, default=False)
    highest = fields.Float(digits=DIGITS, required=True, default=0)
    expected = fields.Selection(
        EXPECTED, required=True, default="yes", string="Answer that passes"
    )
    required = fields.Boolean(
        default=True,
        help="The order cannot be closed as repaired or without a fault before it is answered.",
    )
    opens_corrective = fields.Boolean(
        string="Opens a repair when it fails", required=True, default=False
    )
    severity = fields.Selection(
        SEVERITIES,
        required=True,
        default="minor",
        help="What a failure means for the asset, and how urgent the repair is.",
    )
    days_until_due = fields.Integer(
        string="Days for the repair", required=True, default=10, help="From the closing on."
    )
    advice = fields.Char(translate=True, help="What to do when it fails.")

    _limits_ordered = models.Constraint(
        "CHECK (NOT (has_lowest AND has_highest) OR lowest <= highest)",
        "The lower limit is not above the upper one.",
    )
    _days_possible = models.Constraint(
        "CHECK (days_until_due BETWEEN 0 AND 365)", "A repair is due within 0 to 365 days."
    )

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind not in ("number", "meter"):
            self.has_lowest = self.has_highest = False

    def _kept_values(self):
        """What an answer keeps of this line."""
        self.ensure_one()
        return {name: self[name] for name in KEPT_FIELDS}
