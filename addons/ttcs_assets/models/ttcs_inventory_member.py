from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..inventory import Member

# Ticking in the office is for asset keepers, the phone for technicians too.
COUNTING_GROUPS = (
    "ttcs_assets.ttcs_assets_group_maintenance_user",
    "ttcs_assets.ttcs_assets_group_user",
)


class TtcsInventoryMember(models.Model):
    """Somebody of the committee of a round (hội đồng) or of the team of a sheet (tổ)."""

    _name = "ttcs.inventory.member"
    _description = "Member of a committee or team"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "sheet_id nulls first, sequence, id"
    _log_access = False

    sequence = fields.Integer(default=10)
    inventory_id = fields.Many2one("ttcs.inventory", required=True, index=True, ondelete="cascade")
    sheet_id = fields.Many2one("ttcs.inventory.sheet", index=True, ondelete="cascade")
    person_id = fields.Many2one("ttcs.person", required=True, ondelete="restrict", index=True)
    name = fields.Char(
        compute="_compute_name",
        store=True,
        precompute=True,
        string="Name on the minutes",
        help="By value: a person's new name later does not alter the minutes.",
    )
    position = fields.Char(string="Position held", help="As the minutes name it.")
    role = fields.Selection(
        [
            ("chairman", "Chairman"),
            ("secretary", "Secretary"),
            ("member", "Member"),
            ("team_leader", "Leader of the team"),
            ("team_member", "Member of the team"),
        ],
        required=True,
        string="Role in the inventory",
        default=lambda self: (
            "team_member" if self.env.context.get("default_sheet_id") else "member"
        ),
    )

    advice = fields.Char(compute="_compute_advice", string="Remark")

    _person_once = models.UniqueIndex(
        "(inventory_id, COALESCE(sheet_id, 0), person_id)",
        "This person is on it already.",
    )
    _chairman_once = models.UniqueIndex(
        "(inventory_id) WHERE role = 'chairman'", "A committee has one chairman."
    )
    _leader_once = models.UniqueIndex(
        "(sheet_id) WHERE role = 'team_leader'", "A team has one leader."
    )
    _role_fits = models.Constraint(
        "CHECK ((sheet_id IS NULL) = (role IN ('chairman', 'secretary', 'member')))",
        "A committee has a chairman, a secretary and members; a team has a leader and members "
        "of the team.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(inventory)s is closed: committee and teams stay as they were.",
            inventory=diagnostics.message_detail,
        )
    )

    @api.depends("person_id")
    def _compute_advice(self):
        """What keeps a member from counting, told when he is put on the list."""
        for member in self:
            # sudo: whether the account of a person exists and may count, nothing else of it.
            user = member.person_id.sudo().user_id
            if not user:
                member.advice = self.env._("Has no account: others tick for him.")
            elif not any(user.has_group(group) for group in COUNTING_GROUPS):
                member.advice = self.env._("His duties do not include counting.")
            else:
                member.advice = False

    @api.depends("person_id")
    def _compute_name(self):
        for member in self:
            member.name = member.person_id.name

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("sheet_id"):
                sheet = self.env["ttcs.inventory.sheet"].browse(vals["sheet_id"])
                vals["inventory_id"] = sheet.inventory_id.id
                if vals.get("role", "member") == "member":
                    vals["role"] = "team_member"
        return super().create(vals_list)

    def _as_report(self):
        """The members as the minutes name them."""
        roles = dict(self._fields["role"]._description_selection(self.env))
        return [
            Member(member.name or "", member.position or "", roles[member.role]) for member in self
        ]
