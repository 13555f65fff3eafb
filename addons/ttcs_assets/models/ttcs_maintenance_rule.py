from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .maintenance_equipment import CONDITIONS
from .maintenance_equipment_category import FAMILIES

MONTHS = [
    ("1", "January"), ("2", "February"), ("3", "March"), ("4", "April"), ("5", "May"),
    ("6", "June"), ("7", "July"), ("8", "August"), ("9", "September"), ("10", "October"),
    ("11", "November"), ("12", "December"),
]  # fmt: skip

# The field that says for what a rule is, by its target.
TARGETS = {
    "family": "family",
    "category": "category_id",
    "model": "model_name",
    "asset": "equipment_id",
}


class TtcsMaintenanceRule(models.Model):
    """When a maintenance task falls due, and for which assets.

    The target says for what: one asset, a device model, a kind or a family, always within a
    place.  Where several rules have one task, the closest to the asset holds: asset before
    model before kind before family, then the smaller place, then the newer rule.
    """

    _name = "ttcs.maintenance.rule"
    _description = "Maintenance rule"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
    _order = "task_id, id"

    task_id = fields.Many2one(
        "ttcs.maintenance.task", required=True, index=True, ondelete="restrict", tracking=True
    )
    active = fields.Boolean(default=True, tracking=True)
    unit_id = fields.Many2one(
        "ttcs.unit",
        string="Place",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="The rule holds for assets in this place and all places below it.",
    )
    target = fields.Selection(
        [
            ("family", "All of a family"),
            ("category", "A kind of asset"),
            ("model", "A device model"),
            ("asset", "One asset"),
        ],
        required=True,
        default="category",
        tracking=True,
    )
    family = fields.Selection(FAMILIES)
    category_id = fields.Many2one(
        "maintenance.equipment.category", string="Kind of asset", ondelete="restrict"
    )
    model_name = fields.Char(string="Device model")
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", index=True, ondelete="restrict"
    )
    trigger = fields.Selection(
        [
            ("calendar", "By the calendar"),
            ("completion", "A time after the last completion"),
            ("runtime", "By hours of operation"),
            ("condition", "By condition"),
        ],
        required=True,
        default="calendar",
        tracking=True,
    )
    every = fields.Integer(default=1, tracking=True)
    step = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")],
        default="month",
        tracking=True,
    )
    anchor = fields.Date(
        string="Counted from",
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
        help="Nothing is due before this day; dates by the calendar are counted from it.",
    )
    valid_to = fields.Date(string="Until", tracking=True)
    season_first = fields.Selection(MONTHS, string="Season from")
    season_last = fields.Selection(MONTHS, string="Season to")
    out_of_season = fields.Selection(
        [("skip", "Leave out"), ("move", "Move to the start of the season")],
        required=True,
        default="skip",
        string="Outside the season",
    )
    on_days_off = fields.Selection(
        [
            ("keep", "Keep the day"),
            ("next", "Next working day"),
            ("previous", "Working day before"),
        ],
        required=True,
        default="next",
        string="On a day off",
    )
    runtime_hours = fields.Integer(string="Hours of operation")
    condition = fields.Selection(CONDITIONS, string="Condition seen")
    lead_days = fields.Integer(
        string="Order opened days before",
        default=14,
        required=True,
        help="A work order is opened this many days before the work is due.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Technician",
        ondelete="restrict",
        help="Empty: the technician of the asset.",
    )
    asset_count = fields.Integer(compute="_compute_asset_count", string="Assets")
    advice = fields.Char(compute="_compute_advice")

    _cadence_possible = models.Constraint(
        "CHECK (trigger NOT IN ('calendar', 'completion')"
        " OR (step IS NOT NULL AND every BETWEEN 1 AND 3650))",
        "Give how often the work is due: every 1 to 3650 days, weeks, months or years.",
    )
    _runtime_possible = models.Constraint(
        "CHECK (trigger <> 'runtime' OR COALESCE(runtime_hours, 0) > 0)",
        "Give after how many hours of operation the work is due.",
    )
    _condition_given = models.Constraint(
        "CHECK (trigger <> 'condition' OR condition IS NOT NULL)",
        "Give the condition in which the work is due.",
    )
    _target_given = models.Constraint(
        "CHECK ((target = 'family' AND family IS NOT NULL)"
        " OR (target = 'category' AND category_id IS NOT NULL)"
        " OR (target = 'model' AND COALESCE(model_name, '') <> '')"
        " OR (target = 'asset' AND equipment_id IS NOT NULL))",
        "Give the family, the kind, the device model or the asset that the rule is for.",
    )
    _season_whole = models.Constraint(
        "CHECK ((season_first IS NULL) = (season_last IS NULL))",
        "A season has a first and a last month.",
    )
    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= anchor)", "A rule ends after it begins."
    )
    _lead_possible = models.Constraint(
        "CHECK (lead_days BETWEEN 0 AND 365)", "An order is opened 0 to 365 days before."
    )

    @api.depends("task_id.name", "unit_id", "target", "family", "category_id", "model_name")
    @api.depends("equipment_id", "trigger", "every", "step", "runtime_hours", "condition")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = ", ".join(
                filter(None, (rule.task_id.name, rule._target_text(), rule._cadence_text()))
            )

    def _target_text(self):
        families = dict(self._fields["family"]._description_selection(self.env))
        return {
            "family": families.get(self.family),
            "category": self.category_id.name,
            "model": self.model_name,
            "asset": self.equipment_id.name,
        }.get(self.target)

    def _cadence_text(self):
        if self.trigger == "runtime":
            return self.env._("every %(hours)s hours of operation", hours=self.runtime_hours)
        if self.trigger == "condition":
            conditions = dict(self._fields["condition"]._description_selection(self.env))
            return self.env._("when: %(condition)s", condition=conditions.get(self.condition, ""))
        steps = dict(self._fields["step"]._description_selection(self.env))
        text = self.env._(
            "every %(count)s %(step)s",
            count=self.every,
            step=(steps.get(self.step) or "").lower(),
        )
        if self.trigger == "completion":
            return self.env._("%(cadence)s after completion", cadence=text)
        return text

    def _compute_asset_count(self):
        counts = self._asset_counts()
        for rule in self:
            rule.asset_count = counts.get(rule._origin.id, 0)

    @api.depends("asset_count", "task_id", "unit_id", "active", *TARGETS.values())
    def _compute_advice(self):
        """What is allowed and yet easily not meant."""
        for rule in self:
            alike = self.search(rule._domain_alike(), limit=1)
            if alike:
                rule.advice = self.env._(
                    "“%(rule)s” is for the same task, place and assets: of the two the newer one "
                    "holds. Archive the other.",
                    rule=alike.display_name,
                )
            elif rule._origin and not rule.asset_count:
                rule.advice = self.env._(
                    "This rule holds for no asset now: there is none of this kind in the place, "
                    "or a closer rule holds for them. Check place and assets."
                )
            else:
                rule.advice = False

    def _domain_alike(self):
        self.ensure_one()
        target = TARGETS.get(self.target, "task_id")
        alike = fields.Domain("task_id", "=", self.task_id.id)
        alike &= fields.Domain("unit_id", "=", self.unit_id.id)
        alike &= fields.Domain("target", "=", self.target)
        alike &= fields.Domain("trigger", "=", self.trigger)
        alike &= fields.Domain(
            target, "=", self._fields[target].convert_to_write(self[target], self)
        )
        return alike & fields.Domain("id", "!=", self._origin.id)

    @api.constrains("unit_id", "active")
    def _check_place_is_in_force(self):
        today = self.env.company._today()
        for rule in self.filtered("active"):
            if rule.unit_id.valid_to and rule.unit_id.valid_to < today:
                raise ValidationError(
                    self.env._(
                        "%(place)s ended on %(day)s, so no asset stands there any more. Choose "
                        "the place that took its part.",
                        place=rule.unit_id.full_name,
                        day=f"{rule.unit_id.valid_to:%d/%m/%Y}",
                    )
                )

    def action_assets(self):
        """The assets for which this rule holds."""
        self.ensure_one()
        title = self.env._("Assets of this rule")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "maintenance.equipment",
            "domain": [("id", "in", self._asset_ids())],
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
        }

    def action_occurrences(self):
        """What is and was due by this rule."""
        self.ensure_one()
        title = self.env._("Due by this rule")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "ttcs.maintenance.occurrence",
            "domain": [("rule_id", "=", self.id)],
            "views": [[False, "list"], [False, "form"]],
        }
