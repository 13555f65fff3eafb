from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .maintenance_equipment import CONDITIONS


class TtcsAssetDecisionLine(models.Model):
    """An asset in a dossier, with its values on the dossier's day.

    An asset stands in one open dossier at most.
    """

    _name = "ttcs.asset.decision.line"
    _description = "Asset in a dossier"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "decision_id, id"
    _rec_name = "name"

    decision_id = fields.Many2one(
        "ttcs.asset.decision", required=True, index=True, ondelete="cascade"
    )
    equipment_id = fields.Many2one(
        "maintenance.equipment", required=True, index=True, ondelete="restrict", string="Asset"
    )
    agency_id = fields.Many2one(related="decision_id.agency_id", store=True, index=True)
    kind = fields.Selection(related="decision_id.kind", store=True)
    decision_state = fields.Selection(related="decision_id.state", string="State of the dossier")
    name = fields.Char(readonly=True)
    code = fields.Char(readonly=True)
    condition = fields.Selection(CONDITIONS, readonly=True)
    unit_id = fields.Many2one(
        "ttcs.unit", string="Place", readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    original_cost = fields.Monetary(readonly=True)
    accumulated_depreciation = fields.Monetary(readonly=True)
    residual_value = fields.Monetary(readonly=True)
    new_unit_id = fields.Many2one("ttcs.unit", string="New place", index=True, ondelete="restrict")
    note = fields.Char()
    state = fields.Selection(
        [
            ("open", "Open"),
            ("carried_out", "Carried out"),
            ("closed", "Not carried out"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
        copy=False,
    )
    carried_out_on = fields.Date(readonly=True, copy=False)

    _one_open = models.UniqueIndex(
        "(equipment_id) WHERE state = 'open'",
        "This asset stands in another open dossier. Close that one first, or take it out there.",
    )
    _decision_asset_unique = models.Constraint(
        "UNIQUE (decision_id, equipment_id)", "This asset is in the dossier already."
    )
    _values_possible = models.Constraint(
        "CHECK (COALESCE(original_cost, 0) >= 0 AND COALESCE(accumulated_depreciation, 0) >= 0"
        " AND COALESCE(residual_value, 0) >= 0"
        " AND COALESCE(original_cost, 0) = trunc(COALESCE(original_cost, 0))"
        " AND COALESCE(residual_value, 0) = trunc(COALESCE(residual_value, 0)))",
        "Values are whole đồng, not negative.",
    )
    _carried_out_has_date = models.Constraint(
        "CHECK ((state = 'carried_out') = (carried_out_on IS NOT NULL))",
        "What was carried out has its day.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(dossier)s was submitted: its assets and their values stay as they are. Have it "
            "returned to change them.",
            dossier=diagnostics.message_detail,
        )
    )

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._take_values()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "equipment_id" in vals:
            self._take_values()
        return result

    def _take_values(self):
        """Copy names, places and values of the assets on the dossiers' days; set-wise."""
        for date, lines in self.grouped(lambda line: line.decision_id.date).items():
            lines._take_values_on(date)

    @api.onchange("equipment_id")
    def _onchange_equipment_id(self):
        date = self.decision_id.date or self.env.company._today()
        self.update(self._values_of(self.equipment_id, date).get(self.equipment_id.id, {}))

    @api.model
    def _values_of(self, assets, date):
        """What a dossier of a date says of assets: values of the copied fields by asset."""
        return {
            asset.id: {
                "name": asset.name,
                "code": asset.code or False,
                "condition": asset.condition,
                "unit_id": asset.unit_id.id,
                "original_cost": int(asset.original_cost),
                "accumulated_depreciation": int(asset.accumulated_depreciation),
                "residual_value": int(asset.residual_value),
            }
            for asset in assets.with_context(ttcs_as_of=date)
        }

    def _take_values_on(self, date):
        # Asked for before the cache is emptied: records read through it would come one by one.
        dossiers = self.decision_id
        values = self._values_of(self.equipment_id, date)
        self.env.flush_all()
        rows = []
        for line in self:
            value = values[line.equipment_id.id]
            told = [value[name] or None for name in ("name", "code", "condition", "unit_id")]
            amounts = ("original_cost", "accumulated_depreciation", "residual_value")
            rows.append((line.id, *told, *(value[name] for name in amounts)))
        self.env.cr.execute(
            """
            UPDATE ttcs_asset_decision_line line
            SET name = row.name, code = row.code, condition = row.condition,
                unit_id = row.unit_id, original_cost = row.cost,
                accumulated_depreciation = row.depreciation, residual_value = row.residual
            FROM unnest(%s::integer[], %s::varchar[], %s::varchar[], %s::varchar[],
                %s::integer[], %s::numeric[], %s::numeric[], %s::numeric[])
                AS row (id, name, code, condition, unit_id, cost, depreciation, residual)
            WHERE line.id = row.id
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
        self.invalidate_recordset()
        for name in ("original_cost", "residual_value"):
            self.env.add_to_compute(dossiers._fields[name], dossiers)

    def action_carry_out(self):
        """Ask for the day on which these lines were carried out."""
        decision = self.decision_id
        if len(decision) != 1:
            raise UserError(self.env._("Choose assets of one dossier."))
        return decision._ask("carry_out", self)
