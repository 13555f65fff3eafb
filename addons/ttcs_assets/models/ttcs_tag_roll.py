from odoo import api, fields, models
from odoo.exceptions import UserError

LARGEST_ROLL = 5000


class TtcsTagRoll(models.Model):
    """A numbered batch of tags handed to an agency; each tag of it is accounted for."""

    _name = "ttcs.tag.roll"
    _description = "Roll of tags"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
    # Whatever a call gives for a name, the creation numbers the roll itself.
    _given_at_creation = frozenset({"name"})
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, default=lambda self: self.env._("New"))
    agency_id = fields.Many2one(
        "ttcs.agency", required=True, ondelete="restrict", index=True, tracking=True
    )
    size = fields.Integer(required=True, default=24, help="Number of tags on the roll.")
    tag_ids = fields.One2many("ttcs.tag", "roll_id", string="Tags")
    blank_count = fields.Integer(compute="_compute_counts", string="Blank")
    assigned_count = fields.Integer(compute="_compute_counts", string="In use")
    void_count = fields.Integer(compute="_compute_counts", string="Void or revoked")
    note = fields.Char()

    _size_possible = models.Constraint(
        f"CHECK (size BETWEEN 1 AND {LARGEST_ROLL})",
        f"A roll has between 1 and {LARGEST_ROLL} tags.",
    )
    _name_unique = models.Constraint("UNIQUE (name)", "This roll number is taken.")

    def _compute_counts(self):
        groups = self.env["ttcs.tag"]._read_group(
            [("roll_id", "in", self.ids)], ["roll_id", "state"], ["__count"]
        )
        counts = {(roll.id, state): count for roll, state, count in groups}
        for roll in self:
            roll.blank_count = counts.get((roll.id, "blank"), 0)
            roll.assigned_count = counts.get((roll.id, "assigned"), 0)
            roll.void_count = counts.get((roll.id, "void"), 0) + counts.get(
                (roll.id, "revoked"), 0
            )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            vals["name"] = sequence.next_by_code("ttcs.tag.roll")
        rolls = super().create(vals_list)
        self.env["ttcs.tag"]._issue(
            [
                {"roll_id": roll.id, "agency_id": roll.agency_id.id, "roll_number": number + 1}
                for roll in rolls
                for number in range(roll.size)
            ]
        )
        return rolls

    def write(self, vals):
        if "size" in vals and any(roll.size != vals["size"] for roll in self):
            raise UserError(self.env._("The size of a roll is fixed once its tags exist."))
        return super().write(vals)
