from odoo import fields, models


class TtcsPlacement(models.Model):
    """Where a record was, and whose, from when to when.

    Written only by the triggers of the placed models (``invariants.placement_triggers``), so
    that bulk statements and the reform leave a history as well as a single edit does.
    """

    _name = "ttcs.placement"
    _description = "Dated place of a record"
    _order = "valid_from desc, id desc"
    _log_access = False

    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="model", required=True, readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True, ondelete="restrict", index=True)
    agency_id = fields.Many2one("ttcs.agency", readonly=True, ondelete="restrict", index=True)
    valid_from = fields.Date(required=True, readonly=True)
    valid_to = fields.Date(readonly=True)

    _period = models.Constraint(
        "EXCLUDE USING gist (model WITH =, res_id WITH =,"
        " daterange(valid_from, valid_to, '[]') WITH &&)",
        "A record cannot be in two places at once.",
    )
    _record = models.Index("(model, res_id, valid_from)")
