from odoo import api, fields, models

from .ttcs_maintenance_occurrence import STATES


class TtcsMaintenanceDay(models.Model):
    """What is due of one task in one commune on one day, counted: the calendar's entries.

    A province has 20,000 occurrences a month, more than a calendar can show; of days like
    these it has some hundreds.  The id is that of the first occurrence counted.
    """

    _name = "ttcs.maintenance.day"
    _description = "Maintenance of a day"
    _auto = False
    _order = "due_date, id"

    task_id = fields.Many2one("ttcs.maintenance.task", readonly=True)
    place_id = fields.Many2one("ttcs.unit", string="Commune", readonly=True)
    due_date = fields.Date(readonly=True)
    state = fields.Selection(STATES, readonly=True)
    occurrence_count = fields.Integer(readonly=True, string="Assets")

    @property
    def _table_query(self):
        return """
            SELECT min(occurrence.id) AS id, rule.task_id, occurrence.due_date, occurrence.state,
                COALESCE(asset.commune_id, asset.unit_id) AS place_id,
                count(*)::integer AS occurrence_count
            FROM ttcs_maintenance_occurrence occurrence
            JOIN ttcs_maintenance_rule rule ON rule.id = occurrence.rule_id
            JOIN maintenance_equipment asset ON asset.id = occurrence.equipment_id
            GROUP BY rule.task_id, occurrence.due_date, occurrence.state,
                COALESCE(asset.commune_id, asset.unit_id)
        """

    @api.depends("task_id", "place_id", "occurrence_count")
    def _compute_display_name(self):
        for day in self:
            # The place first: the calendar cuts what is long, and most days have one task.
            what = " × ".join(filter(None, (str(day.occurrence_count), day.task_id.name)))
            day.display_name = ": ".join(filter(None, (day.place_id.name, what)))

    def action_occurrences(self):
        """The occurrences that this entry counts."""
        self.ensure_one()
        place = fields.Domain("equipment_id.commune_id", "=", self.place_id.id)
        place |= fields.Domain("equipment_id.unit_id", "=", self.place_id.id)
        domain = place & fields.Domain(
            [
                ("task_id", "=", self.task_id.id),
                ("due_date", "=", self.due_date),
                ("state", "=", self.state),
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "ttcs.maintenance.occurrence",
            "domain": list(domain),
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
        }
