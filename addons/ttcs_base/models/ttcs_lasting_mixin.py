from odoo import api, models
from odoo.fields import Domain


class TtcsLastingMixin(models.AbstractModel):
    """Finds by its exact name what is in force, where something that ended bore it too.

    Lists that are imported name a place or an agency as people do, or as a screen shows it.
    """

    _name = "ttcs.lasting.mixin"
    _description = "Named, with a period"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        found = super().name_search(name, domain, operator, limit)
        if operator != "=":
            return found
        if len(found) > 1:
            lasting = Domain("id", "in", [each[0] for each in found])
            in_force = self.search(lasting & Domain("valid_to", "=", False))
            return [(each.id, each.display_name) for each in in_force] or found
        if not found and name:
            # As a screen shows it, with what it lies in or with its end.
            similar = super().name_search(name.split(",")[0].split(" (")[0], domain, "=", limit)
            return [each for each in similar if each[1] == name]
        return found
