from odoo import fields, models


class TtcsReformMove(models.Model):
    """A record that a reform handed over: from where and whom, to where and whom.

    Written only by ``ttcs.reform``; the minutes of the hand-over are made from it.
    """

    _name = "ttcs.reform.move"
    _description = "Record handed over"
    _order = "id"
    _log_access = False

    reform_id = fields.Many2one("ttcs.reform", required=True, index=True, ondelete="restrict")
    model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="model", required=True)
    old_unit_id = fields.Many2one("ttcs.unit", ondelete="restrict")
    old_agency_id = fields.Many2one("ttcs.agency", ondelete="restrict")
    unit_id = fields.Many2one("ttcs.unit", string="Place", ondelete="restrict")
    agency_id = fields.Many2one("ttcs.agency", ondelete="restrict", index=True)

    _once = models.UniqueIndex("(reform_id, model, res_id)", "A reform hands a record over once.")
