from odoo import api, models
from odoo.fields import Domain


class TtcsToday(models.AbstractModel):
    """Sheets of surveys: those a commune owes, and those the province waits for."""

    _inherit = "ttcs.today"

    @api.model
    def _items(self):
        items = super()._items()
        if self.env["ttcs.survey.sheet"].has_access("write"):
            items += [*self._own_sheet_items(), *self._awaited_sheet_items()]
        return items

    @api.model
    def _own_sheet_items(self):
        """One line for each due date of the sheets that the user's own offices owe."""
        sheets = self.env["ttcs.survey.sheet"]
        # sudo: the user's own offices.
        assignments = self.env.user.sudo().ttcs_person_ids.assignment_ids.filtered("in_force")
        owed = sheets._domain_awaited() & Domain("agency_id", "in", assignments.agency_id.ids)
        today = self.env.company._today()
        items = []
        for due, count in sheets._read_group(owed, ["due_date:day"], ["__count"]):
            day = due.date() if hasattr(due, "date") else due
            title = self.env._("Survey sheet due on %(date)s", date=day.strftime("%d/%m"))
            domain = owed & Domain("due_date", "=", day)
            items.append(self._sheet_item(title, count, day < today, domain))
        return items

    @api.model
    def _awaited_sheet_items(self):
        """The communes that have not sent their sheets to a survey that the user runs."""
        if not self.env["ttcs.survey"].has_access("write"):
            return []
        running = (
            self.env["ttcs.survey"].search([("state", "=", "open")])._filtered_access("write")
        )
        unsent = self.env["ttcs.survey.sheet"]._domain_awaited() & Domain(
            "survey_id", "in", running.ids
        )
        today = self.env.company._today()
        title = self.env._("Communes that have not sent their survey sheet")
        late, waiting = Domain("due_date", "<", today), Domain("due_date", ">=", today)
        return [
            self._sheet_item(title, self._sheet_count(unsent & late), True, unsent & late),
            self._sheet_item(title, self._sheet_count(unsent & waiting), False, unsent & waiting),
        ]

    @api.model
    def _sheet_count(self, domain):
        return self.env["ttcs.survey.sheet"].search_count(domain)

    @api.model
    def _sheet_item(self, title, count, is_late, domain):
        action = self._list_action(title, "ttcs.survey.sheet", list(domain))
        if count == 1:
            sheet = self.env["ttcs.survey.sheet"].search(domain, limit=1)
            action = {**action, "res_id": sheet.id, "views": [[False, "form"]]}
        return self._item(title, count, "late" if is_late else "due", action)
