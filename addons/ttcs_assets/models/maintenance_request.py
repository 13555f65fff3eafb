from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

REPORTED_BY = [
    ("officer", "Officer"),
    ("technician", "Technician"),
    ("citizen", "Citizen"),
    ("device", "Device"),
    ("plan", "Maintenance rule"),
]
RESULTS = [
    ("repaired", "Repaired"),
    ("maintained", "Maintained"),
    ("partly", "Partly repaired"),
    ("not_repairable", "Cannot be repaired"),
    ("no_fault", "No fault found"),
]
# What a fault means for the asset, and how urgent the order is.
SEVERITIES = {
    "minor": ("degraded", "1"),
    "major": ("broken", "2"),
    "danger": ("broken", "3"),
}
REOPENED_BY = "ttcs_assets.ttcs_assets_group_maintenance_manager"
# A clock may be a little fast.
CLOCK_TOLERANCE = timedelta(minutes=5)
# How a result leaves the asset.
CONDITION_AFTER = {
    "repaired": "good",
    "maintained": "good",
    "no_fault": "good",
    "partly": "degraded",
    "not_repairable": "broken",
}


class MaintenanceRequest(models.Model):
    """A work order.  Its place and agency are those of its asset on the day it was opened:
    a transfer later does not move a closed order."""

    _name = "maintenance.request"
    _description = "Work order"
    _inherit = ["maintenance.request", "ttcs.form.mixin", "ttcs.guarded.mixin"]

    unit_id = fields.Many2one(
        "ttcs.unit", string="Place", index=True, ondelete="restrict", readonly=True
    )
    commune_id = fields.Many2one(related="unit_id.commune_id", store=True, index=True)
    agency_id = fields.Many2one("ttcs.agency", index=True, ondelete="restrict", readonly=True)
    reported_by = fields.Selection(REPORTED_BY, default="officer", required=True)
    reported_at = fields.Datetime(default=fields.Datetime.now, required=True)
    due_date = fields.Date(tracking=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    result = fields.Selection(RESULTS, tracking=True)
    resolution = fields.Text(help="What was found and done.")
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    action_uuid = fields.Char(
        copy=False, readonly=True, help="Action of a phone that opened this order."
    )
    name = fields.Char(string="What is to be done")
    equipment_id = fields.Many2one(string="Asset", domain="[]")
    category_id = fields.Many2one(string="Kind of asset")
    stage_id = fields.Many2one(string="State")
    maintenance_team_id = fields.Many2one(string="Team in charge")
    schedule_end = fields.Datetime(string="Scheduled until")
    maintenance_type = fields.Selection(
        [("corrective", "Corrective"), ("preventive", "Preventive")], string="Kind of work"
    )
    owner_user_id = fields.Many2one(compute="_compute_owner", store=True)

    _action_uuid_unique = models.UniqueIndex(
        "(action_uuid) WHERE action_uuid IS NOT NULL", "This report has been received already."
    )
    _closed_after_report = models.Constraint(
        "CHECK (closed_at IS NULL OR closed_at >= reported_at)",
        "A work order cannot be closed before its fault was reported.",
    )
    _closed_stays = TriggerConstraint(
        lambda env, diagnostics: env._(
            "“%(order)s” is closed, so what was reported and done stays as it is. Reopen the "
            "work order to correct it.",
            order=diagnostics.message_detail,
        )
    )
    _has_result = TriggerConstraint(
        lambda env, diagnostics: env._(
            "“%(order)s”: choose the result before it is closed, so that it is known whether the "
            "asset works again.",
            order=diagnostics.message_detail,
        )
    )
    _open_idx = models.Index("(commune_id, due_date) WHERE closed_at IS NULL")
    _technician_idx = models.Index("(user_id) WHERE closed_at IS NULL")

    @api.constrains("reported_at", "due_date", "maintenance_type")
    def _check_days(self):
        now = fields.Datetime.now()
        for order in self:
            if order.reported_at > now + CLOCK_TOLERANCE:
                raise ValidationError(
                    self.env._(
                        "“%(order)s” cannot have been reported in the future. Choose now or "
                        "earlier.",
                        order=order.name,
                    )
                )
            if order.maintenance_type != "corrective" or not order.due_date:
                continue
            reported_on = self.env.company._day_of(order.reported_at)
            if order.due_date < reported_on:
                raise ValidationError(
                    self.env._(
                        "“%(order)s” is due on %(due)s, before it was reported on %(reported)s. "
                        "Correct one of the two days.",
                        order=order.name,
                        due=f"{order.due_date:%d/%m/%Y}",
                        reported=f"{reported_on:%d/%m/%Y}",
                    )
                )

    # Core follows the employee; here the person who opened the order is enough.
    def _compute_owner(self):
        for request in self:
            request.owner_user_id = False

    @api.depends("due_date", "closed_at")
    def _compute_is_late(self):
        today = self.env.company._today()
        for request in self:
            request.is_late = bool(
                request.due_date and not request.closed_at and request.due_date < today
            )

    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = self.env.company._today()
        domain = (
            fields.Domain("due_date", "<", today)
            & fields.Domain("closed_at", "=", False)
            & fields.Domain("due_date", "!=", False)
        )
        return domain if (operator == "in") == (True in value) else ~domain

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and not all(vals.get("equipment_id") for vals in vals_list):
            raise UserError(self.env._("Choose the asset that the work order is about."))
        self._check_begins_open(vals_list)
        equipments = self.env["maintenance.equipment"].browse(
            {vals["equipment_id"] for vals in vals_list if vals.get("equipment_id")}
        )
        # With the commune told at once the row is not written a second time.
        place = {
            asset.id: {
                "unit_id": asset.unit_id.id,
                "commune_id": asset.unit_id.commune_id.id,
                "agency_id": asset.agency_id.id,
            }
            for asset in equipments
        }
        vals_list = [{**vals, **place.get(vals.get("equipment_id"), {})} for vals in vals_list]
        return super().create(vals_list)

    def _check_begins_open(self, vals_list):
        """What closing asks for and brings about would be passed by."""
        stages = {vals.get("stage_id") for vals in vals_list} - {None, False}
        if not self.env.su and any(self.env["maintenance.stage"].browse(stages).mapped("done")):
            raise UserError(
                self.env._(
                    "A work order is opened first, and closed when the work is done. Save it in "
                    "another stage."
                )
            )

    def _check_company(self, fnames=None):
        """Odoo compares companies record by record, a fifth of the time that opening orders by
        the thousand takes; where there is one company there is nothing to compare."""
        # sudo: how many companies there are tells nobody anything.
        if self.env["res.company"].sudo().search_count([], limit=2) > 1:
            super()._check_company(fnames)

    def write(self, vals):
        if vals.get("equipment_id"):
            asset = self.env["maintenance.equipment"].browse(vals["equipment_id"])
            vals = {**vals, "unit_id": asset.unit_id.id, "agency_id": asset.agency_id.id}
        if "stage_id" not in vals:
            return super().write(vals)
        if not vals["stage_id"]:
            raise UserError(self.env._("A work order always has a stage. Choose one."))
        if not self.env["maintenance.stage"].browse(vals["stage_id"]).done:
            self._check_may_reopen()
            return super().write({**vals, "closed_at": False, "closed_by_id": False})
        closing = self.filtered(lambda request: not request.closed_at)
        vals = dict(vals)
        moment = fields.Datetime.to_datetime(vals.pop("closed_at", None)) or fields.Datetime.now()
        if moment > fields.Datetime.now():
            raise UserError(self.env._("A work order is closed when the work ended, not before."))
        if closing:
            closing._before_closing(vals, moment)
        result = super().write(vals)
        if closing:
            # The closing freezes what belongs to the order: what was just written goes first.
            self.env.flush_all()
            super(MaintenanceRequest, closing).write(
                {"closed_at": moment, "closed_by_id": self.env.uid}
            )
            # It reaches the database before what follows from it: of two people who close at
            # once the second starts anew, and then finds the order closed.
            closing.flush_recordset()
            closing._after_closing()
        return result

    def _check_may_reopen(self):
        """Costs, deadlines and penalties of a closed order can be corrected once it is open
        again: so whoever closed it may open it, and who is in charge of maintenance."""
        if self.env.su or self.env.user.has_group(REOPENED_BY):
            return
        others = self.filtered(
            lambda order: order.closed_at and order.closed_by_id != self.env.user
        )
        if others:
            raise AccessError(
                self.env._(
                    "“%(order)s” was closed by %(person)s. Only that person, or whoever is in "
                    "charge of maintenance, reopens it.",
                    order=others[0].name,
                    # sudo: the name of a colleague.
                    person=others[0].sudo().closed_by_id.name,
                )
            )

    def _before_closing(self, vals, moment):
        """What must hold, or must be kept, before these orders are closed.

        :param vals: what is written together with the closing
        :param moment: when the work ended, naive UTC
        :raises UserError: when an order cannot be closed yet
        """

    def _after_closing(self):
        """What follows from the closing, whoever closed the orders and from where."""
        for (result, moment), orders in (
            self.filtered("result").grouped(lambda order: (order.result, order.closed_at)).items()
        ):
            assets = orders.equipment_id._not_seen_since(moment)
            assets.write(
                {
                    "condition": CONDITION_AFTER[result],
                    "condition_date": self.env.company._day_of(moment),
                }
            )

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(
            self.env._("A work order is never deleted. Archive it if it was opened by mistake.")
        )

    def _close(self, result, resolution, at=None):
        """Close work orders with what was found.

        :param result: a key of ``RESULTS``
        :param at: when the work ended, naive UTC; now unless told
        """
        stage = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        self._by_steps().write(
            {"result": result, "resolution": resolution, "stage_id": stage.id, "closed_at": at}
        )
