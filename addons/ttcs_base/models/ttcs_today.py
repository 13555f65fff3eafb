from datetime import timedelta

from odoo import api, models

NOTICE_DAYS = 30


class TtcsToday(models.AbstractModel):
    """The page "Việc hôm nay": what is late, due and asked of the user, by his duties.

    Each add-on extends ``_items`` and ``_shortcuts`` with its own subject.  Everything is
    counted by ``_read_group`` or ``search_count`` under the user's own record rules, so the
    page holds nothing that the lists behind it would not show.
    """

    _name = "ttcs.today"
    _description = "Work of today"

    @api.model
    def get_page(self):
        """What the page shows.

        :returns: ``{"date", "user", "agencies", "items", "shortcuts", "figures"}``; see
            ``_item`` for an item.  Items with nothing to count are left out.
        """
        user = self.env.user
        today = self.env.company._today()
        items = [item for item in self._items() if item["count"]]
        items.sort(key=lambda item: ("late", "due", "todo").index(item["urgency"]))
        return {
            "date": today.strftime("%d/%m/%Y"),
            "user": user.name,
            # sudo: the user's own agencies, named on his own page.
            "agencies": user.sudo()
            .ttcs_person_ids.assignment_ids.filtered("in_force")
            .mapped("agency_id.name"),
            "items": items,
            "shortcuts": self._shortcuts(),
            "figures": self._figures(),
        }

    @api.model
    def _items(self):
        """The items of the installed add-ons, in no order."""
        return [*self._activity_items(), *self._assignment_items()]

    @api.model
    def _shortcuts(self):
        """Things the user starts often: ``{"title", "icon", "action"}``."""
        return []

    @api.model
    def _figures(self):
        """Numbers that a leader wants at a glance: ``{"title", "value", "note", "action"}``."""
        return []

    @api.model
    def _item(self, title, count, urgency, action):
        """One line of the page.

        :param urgency: ``late`` (past its day), ``due`` (has a day) or ``todo`` (has none)
        :param action: window action as a dict, opened by a tap
        """
        return {"title": title, "count": count, "urgency": urgency, "action": action}

    @api.model
    def _list_action(self, name, model, domain, context=None):
        """A window action on a filtered list."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": domain,
            "context": context or {},
            "views": [[False, "list"], [False, "form"]],
        }

    @api.model
    def _xmlid_action(self, xmlid):
        """A window or client action by its xmlid, or None for a user who may not have it."""
        action = self.env.ref(xmlid, raise_if_not_found=False)
        return action and self.env["ir.actions.actions"]._for_xml_id(xmlid)

    @api.model
    def _activity_items(self):
        today = self.env.company._today()
        mine = [("user_id", "=", self.env.uid), ("date_deadline", "<=", today)]
        activities = self.env["mail.activity"]
        late = activities.search_count([*mine, ("date_deadline", "<", today)])
        due = activities.search_count([*mine, ("date_deadline", "=", today)])
        action = self._list_action(self.env._("My next steps"), "mail.activity", mine)
        return [
            self._item(self.env._("Next steps past their day"), late, "late", action),
            self._item(self.env._("Next steps of today"), due, "due", action),
        ]

    @api.model
    def _assignment_items(self):
        if not self.env.user.has_group("ttcs_base.ttcs_base_group_people_manager"):
            return []
        today = self.env.company._today()
        domain = [("valid_to", ">=", today), ("valid_to", "<=", today + timedelta(NOTICE_DAYS))]
        ending = self.env["ttcs.assignment"].search_count(domain)
        title = self.env._("Assignments that end within 30 days")
        action = self._list_action(title, "ttcs.assignment", domain)
        return [self._item(title, ending, "due", action)]
