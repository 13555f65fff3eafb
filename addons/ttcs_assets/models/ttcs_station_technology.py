from odoo import fields, models

TECHNOLOGIES = [
    ("wired", "Wired"),
    ("fm", "FM"),
    ("ip", "IT and telecommunication (IP)"),
]


class TtcsStationTechnology(models.Model):
    """How a station reaches its clusters, from when to when.

    A station may use several at once (mixed), and the conversion to IP is a date that reports
    count by.
    """

    _name = "ttcs.station.technology"
    _description = "Technology of a station"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "valid_from desc, id"
    _rec_name = "technology"

    station_id = fields.Many2one(
        "maintenance.equipment", required=True, index=True, ondelete="cascade"
    )
    technology = fields.Selection(TECHNOLOGIES, required=True)
    valid_from = fields.Date(required=True, default=lambda self: self.env.company._today())
    valid_to = fields.Date()
    frequency_mhz = fields.Float(string="Frequency (MHz)", digits=(6, 2))
    licence_number = fields.Char(string="Frequency licence")
    licence_valid_to = fields.Date(string="Licence valid until")

    _period = models.Constraint(
        "EXCLUDE USING gist (station_id WITH =, technology WITH =,"
        " daterange(valid_from, valid_to, '[]') WITH &&)",
        "The station already uses this technology in the same period.",
    )
    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A technology cannot end before it begins.",
    )
