from odoo import api, fields, models

from odoo.addons.ttcs_assets.models.maintenance_request import SEVERITIES

FAULTS = [
    ("amplifier", "Amplifier"),
    ("horn", "Horn"),
    ("power", "Power supply"),
    ("battery", "Battery"),
    ("temperature", "Too hot"),
    ("network", "Network"),
    ("storage", "Storage"),
    ("audio", "No sound"),
    ("foreign_signal", "Foreign signal"),
    ("clock", "Clock"),
    ("display", "Display"),
    ("tamper", "Opened by force"),
]
MEASURES = [
    ("temperature", "Temperature (°C)"),
    ("battery", "Battery (V)"),
    ("mains", "Mains (V)"),
    ("volume", "Volume (%)"),
    ("signal", "Signal (dBm)"),
    ("drift", "Clock (s)"),
]
SEVERITY_NAMES = [("minor", "Minor"), ("major", "Major"), ("danger", "Danger")]


class TtcsAlarmRule(models.Model):
    """When a device raises an alarm, when the alarm is over, and what it brings about.

    A condition must hold for a time, or for N of the last M samples, before the alarm is
    raised, and must be gone for a time before it is over; a figure that wavers about its limit
    has a second limit for the way back.  So a device that flaps raises one alarm, not fifty.
    """

    _name = "ttcs.alarm.rule"
    _description = "Alarm rule"
    _inherit = ["ttcs.named.mixin", "ttcs.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    condition = fields.Selection(
        [
            ("fault", "Reports a fault"),
            ("silent", "Is silent"),
            ("above", "Measures more than"),
            ("below", "Measures less than"),
        ],
        required=True,
        default="fault",
    )
    fault = fields.Selection(FAULTS)
    measure = fields.Selection(MEASURES, string="Figure")
    raise_at = fields.Float(string="Limit")
    clear_at = fields.Float(
        string="Over at", help="The figure on the way back: less than a limit above, more below."
    )
    times = fields.Integer(default=1, required=True, string="In so many samples")
    of_last = fields.Integer(default=1, required=True, string="Of the last")
    hold_minutes = fields.Integer(
        required=True, default=0, string="After (minutes)", help="For how long it must hold."
    )
    clear_minutes = fields.Integer(
        required=True, default=5, string="Over after (minutes)", help="For how long it is gone."
    )
    purpose = fields.Selection(
        selection=lambda self: self.env["ttcs.device.model"]._fields["purpose"].selection,
        string="Only of",
    )
    severity = fields.Selection(SEVERITY_NAMES, required=True, default="minor")
    opens_order = fields.Boolean(string="Opens a work order")
    is_power = fields.Boolean(
        string="Means a power cut",
        help="Counted apart in the availability, and part of a mass outage.",
    )
    alarm_count = fields.Integer(compute="_compute_alarm_count", string="Open alarms")

    _name_unique = models.Constraint("UNIQUE (name)", "A rule has this name already.")
    _condition_complete = models.Constraint(
        "CHECK (CASE condition WHEN 'fault' THEN fault IS NOT NULL"
        " WHEN 'silent' THEN TRUE ELSE measure IS NOT NULL END)",
        "Choose the fault, or the figure, that the rule is about.",
    )
    _limits_ordered = models.Constraint(
        "CHECK (CASE condition WHEN 'above' THEN clear_at <= raise_at"
        " WHEN 'below' THEN clear_at >= raise_at ELSE TRUE END)",
        "The figure at which the alarm is over lies on the good side of its limit.",
    )
    _times_possible = models.Constraint(
        "CHECK (times BETWEEN 1 AND of_last AND of_last <= 60"
        " AND (of_last = 1 OR condition = 'fault'))",
        "A fault is looked for in at most the last 60 samples, in as many of them at the most.",
    )
    _minutes_possible = models.Constraint(
        "CHECK (hold_minutes BETWEEN 0 AND 10080 AND clear_minutes BETWEEN 0 AND 10080)",
        "The minutes lie between 0 and 10,080, a week.",
    )

    def _compute_alarm_count(self):
        counts = dict(
            self.env["ttcs.alarm"]._read_group(
                [("rule_id", "in", self.ids), ("cleared_at", "=", False)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.alarm_count = counts.get(rule, 0)

    @api.model
    def _priority(self, severity):
        """Of a work order that an alarm opens."""
        return SEVERITIES[severity][1]

    def action_open_alarms(self):
        """The open alarms of this rule."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_devices.ttcs_alarm_action")
        return {**action, "domain": [("rule_id", "=", self.id)]}
