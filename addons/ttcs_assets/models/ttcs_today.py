from odoo import api, models


class TtcsToday(models.AbstractModel):
    _inherit = "ttcs.today"

    @api.model
    def _items(self):
        items = super()._items()
        if self.env["maintenance.request"].has_access("write"):
            items += self._work_order_items()
        elif self.env.user.has_group("ttcs_base.ttcs_base_group_leader"):
            items += self._work_order_items()[:1]
        if self.env.user.has_group("ttcs_assets.ttcs_assets_group_user"):
            items += self._register_items()
        return items

    @api.model
    def _work_order_items(self):
        orders = self.env["maintenance.request"]
        today = self.env.company._today()
        open_orders = [("closed_at", "=", False), ("archive", "=", False)]
        late = [*open_orders, ("due_date", "<", today)]
        mine = [*open_orders, ("user_id", "=", self.env.uid)]
        unassigned = [*open_orders, ("user_id", "=", False)]
        wanted = [
            (self.env._("Work orders past their day"), late, "late"),
            (self.env._("Work orders due today"), [*open_orders, ("due_date", "=", today)], "due"),
            (self.env._("My open work orders"), mine, "todo"),
            (self.env._("Open work orders without a technician"), unassigned, "todo"),
        ]
        return [
            self._item(
                title,
                orders.search_count(domain),
                urgency,
                self._list_action(title, "maintenance.request", domain),
            )
            for title, domain, urgency in wanted
        ]

    @api.model
    def _register_items(self):
        assets = self.env["maintenance.equipment"]
        in_use = [("life_state", "=", "in_use"), ("family", "!=", "component")]
        broken = [*in_use, ("condition", "=", "broken")]
        untagged = [*in_use, ("tag_ids.state", "!=", "assigned")]
        unplaced = [*in_use, ("latitude", "=", 0)]
        silent = [("level", "=", 4), ("in_force", "=", True), ("sound", "!=", "heard")]
        reached = [*silent, ("in_reach", "=", True)]
        wanted = [
            (self.env._("Broken assets"), "maintenance.equipment", broken),
            (self.env._("Hamlets without sound"), "ttcs.unit", reached),
            (self.env._("Assets without a tag"), "maintenance.equipment", untagged),
            (self.env._("Assets without a position"), "maintenance.equipment", unplaced),
        ]
        agencies = self.env["ttcs.agency"]
        if agencies.has_access("write"):
            silent_offices = [
                ("kind", "=", "commune_committee"),
                ("valid_to", "=", False),
                ("phone", "=", False),
            ]
            title = self.env._("Offices whose tags tell citizens no telephone number")
            wanted.append((title, agencies._name, silent_offices))
        items = []
        for title, model, domain in wanted:
            count = (assets if model == assets._name else self.env[model]).search_count(domain)
            items.append(self._item(title, count, "todo", self._list_action(title, model, domain)))
        return items

    @api.model
    def _shortcuts(self):
        shortcuts = super()._shortcuts()
        wanted = []
        if self.env.user.has_group("ttcs_assets.ttcs_assets_group_user"):
            wanted += [
                (
                    self.env._("Import an Excel list"),
                    "fa-upload",
                    "ttcs_base.ttcs_import_batch_action",
                ),
                (self.env._("Print labels"), "fa-qrcode", "ttcs_assets.ttcs_label_print_action"),
                (self.env._("Survey"), "fa-list-alt", "ttcs_assets.ttcs_survey_action"),
            ]
        wanted += [
            (self.env._("Scan a tag"), "fa-camera", "ttcs_assets.ttcs_scanner_action"),
            (self.env._("Map of assets"), "fa-map-marker", "ttcs_assets.ttcs_asset_map_action"),
        ]
        for title, icon, xmlid in wanted:
            action = self._xmlid_action(xmlid)
            if action:
                shortcuts.append({"title": title, "icon": icon, "action": action})
        return shortcuts

    @api.model
    def _figures(self):
        """Stations, clusters and boards in use, and how many of them work."""
        figures = super()._figures()
        if not self.env.user.has_group("ttcs_base.ttcs_base_group_leader"):
            return figures
        in_use = [("life_state", "=", "in_use"), ("family", "in", ("station", "cluster", "board"))]
        groups = self.env["maintenance.equipment"]._read_group(
            in_use, ["family", "condition"], ["__count"]
        )
        names = {
            "station": (
                self.env._("Stations"),
                "ttcs_assets.maintenance_equipment_action_stations",
            ),
            "cluster": (
                self.env._("Loudspeaker clusters"),
                "ttcs_assets.maintenance_equipment_action_clusters",
            ),
            "board": (
                self.env._("Public boards"),
                "ttcs_assets.maintenance_equipment_action_boards",
            ),
        }
        for family, (title, xmlid) in names.items():
            total = sum(count for group, _c, count in groups if group == family)
            good = sum(count for group, c, count in groups if (group, c) == (family, "good"))
            note = self.env._("%(good)s work well", good=f"{good:,}".replace(",", "."))
            figures.append(
                {
                    "title": title,
                    "value": f"{total:,}".replace(",", "."),
                    "note": note,
                    "action": self._xmlid_action(xmlid),
                }
            )
        return figures
