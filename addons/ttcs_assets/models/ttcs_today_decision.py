from odoo import api, models
from odoo.fields import Domain


class TtcsToday(models.AbstractModel):
    """Dossiers that wait for the user, and assets whose custodian has left."""

    _inherit = "ttcs.today"

    @api.model
    def _items(self):
        items = super()._items()
        if self.env["ttcs.asset.decision"].has_access("read"):
            items += self._dossier_items()
        if self.env["ttcs.handover"].has_access("write"):
            items.append(self._leaver_item())
        return items

    @api.model
    def _dossier_items(self):
        dossiers = self.env["ttcs.asset.decision"]
        wanted = [(self.env._("Dossiers that wait for my approval"), dossiers._domain_for_me())]
        if dossiers.has_access("write"):
            wanted += [
                (
                    self.env._("Dossiers approved and not carried out"),
                    Domain("state", "=", "approved"),
                ),
                (
                    self.env._("Dossiers returned to me"),
                    Domain("state", "=", "returned") & Domain("proposer_id", "=", self.env.uid),
                ),
            ]
        return [
            self._item(
                title,
                dossiers.search_count(domain),
                "todo",
                dossiers._action_on(title, domain),
            )
            for title, domain in wanted
        ]

    @api.model
    def _leaver_item(self):
        """Assets in reach whose custodian has no assignment in force any more."""
        assets = self.env["maintenance.equipment"]
        holders = assets._read_group(
            [("custodian_id", "!=", False), ("life_state", "!=", "disposed")], ["custodian_id"]
        )
        ids = [holder.id for (holder,) in holders]
        # sudo: whether they are assigned somewhere, not where.
        assignments = self.env["ttcs.assignment"].sudo()
        in_force = assignments._domain_in_force_on(self.env.company._today())
        working = assignments._read_group(in_force & Domain("person_id", "in", ids), ["person_id"])
        left = set(ids) - {person.id for (person,) in working}
        domain = [("custodian_id", "in", sorted(left))]
        title = self.env._("Assets whose custodian has no assignment any more")
        count = assets.search_count(domain) if left else 0
        return self._item(title, count, "late", self._list_action(title, assets._name, domain))
