import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

PNG = b"\x89PNG\r\n\x1a\n"


class MaintenanceRequest(models.Model):
    """The checklist, photos and signature of a work order.

    Answers exist once they are given: an order without any has no row of its checklist.
    """

    _inherit = "maintenance.request"

    checklist_id = fields.Many2one(
        "ttcs.checklist",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="Can be exchanged until its first line is answered.",
    )
    answer_ids = fields.One2many(
        "ttcs.checklist.answer", "request_id", string="Answers", readonly=True
    )
    answer_count = fields.Integer(compute="_compute_answer_count", string="Lines answered")
    line_count = fields.Integer(compute="_compute_answer_count", string="Lines of the checklist")
    failed_count = fields.Integer(compute="_compute_answer_count", string="Lines failed")
    photo_ids = fields.One2many("ttcs.order.photo", "request_id", string="Photos")
    photo_before_ids = fields.One2many(
        "ttcs.order.photo",
        "request_id",
        domain=[("moment", "=", "before")],
        string="Photos before",
    )
    photo_after_ids = fields.One2many(
        "ttcs.order.photo", "request_id", domain=[("moment", "=", "after")], string="Photos after"
    )
    photo_line_ids = fields.One2many(
        "ttcs.order.photo",
        "request_id",
        domain=[("moment", "=", "line")],
        string="Photos of the checklist",
    )
    confirmed_by = fields.Char(
        string="Confirmed on site by", copy=False, help="Who was there and saw the work done."
    )
    signature = fields.Binary(attachment=True, copy=False)
    signature_sha256 = fields.Char(readonly=True, copy=False, string="SHA-256 of the signature")
    source_answer_id = fields.Many2one(
        "ttcs.checklist.answer",
        string="Failed line",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The line of a checklist whose failure opened this repair.",
    )
    source_request_id = fields.Many2one(
        related="source_answer_id.request_id", string="Found by the work order"
    )
    corrective_ids = fields.Many2many(
        "maintenance.request", compute="_compute_corrective_ids", string="Repairs that it opened"
    )

    _source_answer_unique = models.UniqueIndex(
        "(source_answer_id) WHERE source_answer_id IS NOT NULL",
        "The repair of this failed line is open already.",
    )
    _signature_has_hash = models.Constraint(
        "CHECK (signature_sha256 IS NULL OR (length(signature_sha256) = 64"
        " AND COALESCE(trim(confirmed_by), '') <> ''))",
        "A signature is kept with its SHA-256 and the name of the person who signed.",
    )
    _checklist_is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "Lines of the checklist of “%(order)s” are answered already, so it keeps this "
            "checklist. Open another work order for another checklist.",
            order=diagnostics.message_detail,
        )
    )
    _signature_is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "“%(order)s” is closed, so its signature stays as it is. Reopen the work order to "
            "have it signed again.",
            order=diagnostics.message_detail,
        )
    )

    def _compute_answer_count(self):
        answers = self.env["ttcs.checklist.answer"]
        lines = dict(
            self.env["ttcs.checklist.line"]._read_group(
                [("checklist_id", "in", self.checklist_id.ids)], ["checklist_id"], ["__count"]
            )
        )
        verdicts = answers._read_group(
            [("request_id", "in", self.ids)], ["request_id", "verdict"], ["__count"]
        )
        counts = {(order, verdict): count for order, verdict, count in verdicts}
        for order in self:
            known = order._origin
            passed, failed = (counts.get((known, key), 0) for key in ("passed", "failed"))
            order.answer_count = passed + failed
            order.failed_count = failed
            order.line_count = max(lines.get(order.checklist_id._origin, 0), passed + failed)

    @api.depends("answer_ids.corrective_ids")
    def _compute_corrective_ids(self):
        for order in self:
            order.corrective_ids = order.answer_ids.corrective_ids

    @api.constrains("signature")
    def _check_signature_is_picture(self):
        for order in self.with_context(bin_size=False):
            if order.signature and not base64.b64decode(order.signature).startswith(PNG):
                raise ValidationError(
                    self.env._("A signature is a PNG picture. Sign again on the screen.")
                )

    @api.onchange("task_id")
    def _onchange_task_id(self):
        if self.task_id.checklist_id and not self.answer_ids:
            self.checklist_id = self.task_id.checklist_id

    @api.model_create_multi
    def create(self, vals_list):
        """The checklist is that of the task, or for a repair that of the kind of asset."""
        return super().create([self._signed(vals) for vals in self._with_checklists(vals_list)])

    @api.model
    def _with_checklists(self, vals_list):
        asking = [vals for vals in vals_list if "checklist_id" not in vals]
        tasks = self.env["ttcs.maintenance.task"].browse(
            {vals["task_id"] for vals in asking if vals.get("task_id")}
        )
        assets = self.env["maintenance.equipment"].browse(
            {vals["equipment_id"] for vals in asking if vals.get("equipment_id")}
        )
        of_task = {task.id: task.checklist_id.id for task in tasks}
        of_asset = {asset.id: asset.category_id.checklist_id.id for asset in assets}
        chosen = []
        for vals in vals_list:
            if "checklist_id" in vals:
                chosen.append(vals)
                continue
            checklist = of_task.get(vals.get("task_id"))
            if not checklist and vals.get("maintenance_type") != "preventive":
                checklist = of_asset.get(vals.get("equipment_id"))
            chosen.append({**vals, "checklist_id": checklist or False})
        return chosen

    def write(self, vals):
        return super().write(self._signed(vals))

    @api.model
    def _signed(self, vals):
        """A signature comes with its hash, whoever brings it."""
        if "signature" not in vals:
            return vals
        content = base64.b64decode(vals["signature"] or b"")
        return {
            **vals,
            "signature_sha256": hashlib.sha256(content).hexdigest() if content else False,
        }

    def action_fill_checklist(self):
        """Answer the checklist in the office."""
        self.ensure_one()
        self.check_access("write")
        filling = self.env["ttcs.checklist.filling"]._begin(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fill in the checklist"),
            "res_model": filling._name,
            "res_id": filling.id,
            "views": [(False, "form")],
            "target": "new",
        }
