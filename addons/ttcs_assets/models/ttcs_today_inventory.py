from odoo import api, models
from odoo.fields import Domain


class TtcsToday(models.AbstractModel):
    """Sheets of inventories: those to count, and those that are late."""

    _inherit = "ttcs.today"

    @api.model
    def _items(self):
        items = super()._items()
        if self.env["ttcs.inventory.sheet"].has_access("read"):
            items += self._inventory_items()
        return items

    @api.model
    def _inventory_items(self):
        sheets = self.env["ttcs.inventory.sheet"]
        counting = sheets._domain_awaited()
        # sudo: the user's own offices and teams.
        person = self.env.user.sudo().ttcs_person_ids
        agencies = person.assignment_ids.filtered("in_force").agency_id
        mine = Domain("member_ids.person_id", "in", person.ids)
        mine |= Domain("agency_id", "in", agencies.ids)
        late = Domain("due_date", "<", self.env.company._today())
        wanted = [
            (self.env._("Inventory sheets past their day"), counting & mine & late, "late"),
            (self.env._("Inventory sheets to count"), counting & mine & ~late, "due"),
        ]
        if self.env["ttcs.inventory"].has_access("write"):
            title = self.env._("Inventory sheets of others past their day")
            wanted.append((title, counting & ~mine & late, "late"))
        return [
            self._item(
                title,
                sheets.search_count(domain),
                urgency,
                self._list_action(title, "ttcs.inventory.sheet", list(domain)),
            )
            for title, domain, urgency in wanted
        ]
