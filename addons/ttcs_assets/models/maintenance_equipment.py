from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .ttcs_station_technology import TECHNOLOGIES

CONDITIONS = [
    ("good", "Works"),
    ("degraded", "Works badly"),
    ("broken", "Broken"),
    ("stopped", "Stopped"),
]
CONNECTIONS = [
    ("unmonitored", "Not monitored"),
    ("online", "Online"),
    ("playing", "Playing"),
    ("offline", "Lost"),
]
LIFE_STATES = [
    ("in_use", "In use"),
    ("stored", "In storage"),
    ("awaiting_disposal", "Awaiting disposal"),
    ("disposed", "Disposed"),
]
BOARD_SITES = [
    ("office", "Office of the people's committee"),
    ("market", "Market"),
    ("square", "Square"),
    ("culture_house", "Culture house"),
    ("other", "Other"),
]


class MaintenanceEquipment(models.Model):
    """An asset of the network: station, loudspeaker cluster, public board or component.

    Two axes say how it is: ``condition`` is what people see, ``connection`` what a wire sees.
    What no wire watches is "not monitored", which is no fault.
    """

    _name = "maintenance.equipment"
    _description = "Asset"
    _inherit = [
        "maintenance.equipment",
        "ttcs.placed.mixin",
        "ttcs.asset.book.mixin",
        "ttcs.guarded.mixin",
    ]
    _given_at_creation = frozenset({"condition_since", "disposed_on"})
    _rec_names_search = ["name", "code", "ledger_code", "serial_no"]

    name = fields.Char(string="Name of the asset")
    model = fields.Char(string="Device model")
    code = fields.Char(
        string="Asset code", copy=False, index=True, help="Given by the agency; unique in it."
    )
    agency_id = fields.Many2one(required=True, string="Owning agency", tracking=True)
    unit_id = fields.Many2one(tracking=True)
    family = fields.Selection(related="category_id.family", store=True, index=True)
    category_id = fields.Many2one(string="Kind", required=True)
    parent_asset_id = fields.Many2one(
        "maintenance.equipment", string="Part of", index=True, ondelete="restrict", tracking=True
    )
    component_ids = fields.One2many("maintenance.equipment", "parent_asset_id", string="Parts")
    station_id = fields.Many2one(
        "maintenance.equipment",
        compute="_compute_station_id",
        store=True,
        index=True,
        recursive=True,
    )
    condition = fields.Selection(CONDITIONS, required=True, default="good", tracking=True)
    condition_date = fields.Date(
        string="Condition seen on", default=lambda self: self.env.company._today()
    )
    connection = fields.Selection(CONNECTIONS, required=True, default="unmonitored")
    connection_date = fields.Datetime(string="Last signal")
    life_state = fields.Selection(
        LIFE_STATES, required=True, default="in_use", tracking=True, index=True
    )
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    position_accuracy = fields.Float(string="Accuracy (m)", digits=(8, 1))
    site_note = fields.Char(string="Where exactly", help="Pole, house number, how to reach it.")
    custodian_id = fields.Many2one("ttcs.person", tracking=True, ondelete="restrict")
    manufacturer = fields.Char()
    manufactured_in = fields.Char(string="Country of manufacture")
    horn_count = fields.Integer(string="Loudspeakers")
    sim_number = fields.Char(groups="ttcs_assets.ttcs_assets_group_user")
    sim_valid_to = fields.Date(string="SIM plan valid until")
    board_site = fields.Selection(BOARD_SITES)
    board_area_m2 = fields.Float(string="Area (m²)", digits=(8, 2))
    board_is_electronic = fields.Boolean(string="Electronic", default=True)
    technology_ids = fields.One2many("ttcs.station.technology", "station_id")
    station_kind = fields.Selection(
        [*TECHNOLOGIES, ("mixed", "Mixed")],
        compute="_compute_station_kind",
        search="_search_station_kind",
        string="Station kind",
    )
    cluster_count = fields.Integer(compute="_compute_cluster_count", string="Clusters")
    tag_ids = fields.One2many("ttcs.tag", "equipment_id", string="Tags")
    tag_count = fields.Integer(compute="_compute_tag_count", string="Tags in use")
    alias_ids = fields.One2many("ttcs.tag.alias", "equipment_id", string="Other codes")
    equipment_assign_to = fields.Selection(default="other", required=False)
    active = fields.Boolean(tracking=True)

    _code_unique = models.UniqueIndex(
        "(agency_id, code) WHERE code IS NOT NULL AND code <> ''",
        "Another asset of this agency has the same code.",
    )
    _cost_whole = models.Constraint(
        "CHECK (original_cost >= 0 AND original_cost = trunc(original_cost))",
        "An original cost is an amount of whole đồng, not negative.",
    )
    _figures_possible = models.Constraint(
        "CHECK (horn_count >= 0 AND board_area_m2 >= 0"
        " AND (acquisition_year = 0 OR acquisition_year BETWEEN 1900 AND 2199))",
        "Loudspeakers and area are not negative; the year of manufacture has four digits.",
    )
    _position_possible = models.Constraint(
        "CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
        "A latitude lies between -90 and 90, a longitude between -180 and 180.",
    )
    _not_its_own_part = models.Constraint(
        "CHECK (parent_asset_id <> id)", "An asset cannot be a part of itself."
    )
    _map_idx = models.Index("(commune_id, family, condition) WHERE life_state = 'in_use'")

    @api.depends("name", "code")
    def _compute_display_name(self):
        for asset in self:
            code = f"[{asset.code}] " if asset.code else ""
            asset.display_name = f"{code}{asset.name or ''}"

    @api.depends("family", "parent_asset_id.station_id")
    def _compute_station_id(self):
        for asset in self:
            is_station = asset.family == "station"
            asset.station_id = asset._origin if is_station else asset.parent_asset_id.station_id

    @api.depends("technology_ids.valid_from", "technology_ids.valid_to")
    @api.depends_context("ttcs_as_of")
    def _compute_station_kind(self):
        as_of = fields.Date.to_date(self.env.context.get("ttcs_as_of"))
        as_of = as_of or self.env.company._today()
        for station in self:
            used = station.technology_ids.filtered(
                lambda line: (
                    line.valid_from <= as_of and (not line.valid_to or line.valid_to >= as_of)
                )
            ).mapped("technology")
            station.station_kind = "mixed" if len(set(used)) > 1 else used[0] if used else False

    def _search_station_kind(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        self.env["ttcs.station.technology"].flush_model()
        self.env.cr.execute(
            """
            SELECT station_id,
                CASE WHEN count(DISTINCT technology) > 1 THEN 'mixed' ELSE min(technology) END
            FROM ttcs_station_technology
            WHERE valid_from <= %(today)s AND (valid_to IS NULL OR valid_to >= %(today)s)
            GROUP BY station_id
            """,
            {"today": self.env.company._today()},
        )
        kinds = self.env.cr.fetchall()
        ids = [station for station, kind in kinds if kind in value]
        domain = Domain("id", "in", ids)
        if False in value:
            domain |= ~Domain("id", "in", [station for station, _kind in kinds])
        return domain if operator == "in" else ~domain

    def _compute_cluster_count(self):
        counts = dict(
            self._read_group(
                [("station_id", "in", self.ids), ("family", "=", "cluster")],
                ["station_id"],
                ["__count"],
            )
        )
        for station in self:
            station.cluster_count = counts.get(station._origin, 0)

    def _compute_tag_count(self):
        counts = dict(
            self.env["ttcs.tag"]._read_group(
                [("equipment_id", "in", self.ids), ("state", "=", "assigned")],
                ["equipment_id"],
                ["__count"],
            )
        )
        for asset in self:
            asset.tag_count = counts.get(asset._origin, 0)

    # Core's hr bridge makes every asset somebody's and subscribes him, one by one.
    def _compute_owner(self):
        self.owner_user_id = False

    @api.constrains("parent_asset_id")
    def _check_parts_are_no_circle(self):
        if self._has_cycle("parent_asset_id"):
            raise ValidationError(self.env._("An asset cannot be a part of one of its parts."))

    @api.constrains("original_cost", "cost_ids")
    def _check_cost_by_source(self):
        for asset in self:
            shares = sum(asset.cost_ids.mapped("amount"))
            if asset.cost_ids and shares != asset.original_cost:
                raise ValidationError(
                    self.env._(
                        "The cost by source of %(asset)s sums to %(shares)s, its original cost "
                        "is %(cost)s. Make them equal.",
                        asset=asset.display_name,
                        shares=f"{shares:,.0f}".replace(",", "."),
                        cost=f"{asset.original_cost:,.0f}".replace(",", "."),
                    )
                )

    @api.onchange("parent_asset_id")
    def _onchange_parent_asset_id(self):
        if self.parent_asset_id and not self.unit_id:
            self.unit_id = self.parent_asset_id.unit_id
        if self.parent_asset_id:
            self.agency_id = self.parent_asset_id.agency_id

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        # The station of a station is itself, which has no id before it is stored.
        for station in assets.filtered(lambda a: a.family == "station" and not a.station_id):
            station.station_id = station
        return assets

    def write(self, vals):
        if "condition" in vals and "condition_date" not in vals:
            vals = {**vals, "condition_date": self.env.company._today()}
        return super().write(vals)

    def action_open_tags(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_assets.ttcs_tag_action")
        action["domain"] = [("equipment_id", "=", self.id)]
        action["context"] = {"default_equipment_id": self.id}
        return action

    def action_open_clusters(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.maintenance_equipment_action_clusters"
        )
        action["domain"] = [("station_id", "=", self.id), ("family", "=", "cluster")]
        action["context"] = {"default_parent_asset_id": self.id}
        return action

    def action_report_fault(self):
        """A new work order for this asset."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report a fault"),
            "res_model": "maintenance.request",
            "views": [(False, "form")],
            "context": {
                "default_equipment_id": self.id,
                "default_name": self.env._("Fault: %(asset)s", asset=self.name),
                "default_maintenance_type": "corrective",
            },
        }
