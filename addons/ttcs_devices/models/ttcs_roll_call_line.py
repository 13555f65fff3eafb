from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mail import plaintext2html

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .ttcs_alarm_orders import QUIET

ANSWERS = [("clear", "Heard clearly"), ("noisy", "Noisy"), ("silent", "Makes no sound")]


class TtcsRollCallLine(models.Model):
    """A loudspeaker at a roll call, and what was told of it.

    The verdict is counted by the database whenever an answer comes in: those who listen for the
    network and officers before passers-by, each person's last word, the majority of them, and at
    a tie the worse.
    """

    _name = "ttcs.roll.call.line"
    _description = "Loudspeaker at a roll call"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "begins_at desc, commune_id, unit_id, equipment_id, id"
    _rec_name = "equipment_id"

    roll_call_id = fields.Many2one(
        "ttcs.roll.call", required=True, readonly=True, index=True, ondelete="cascade"
    )
    # What a page says in place of an id.
    code = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", required=True, readonly=True, ondelete="restrict"
    )
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True, ondelete="restrict")
    commune_id = fields.Many2one("ttcs.unit", readonly=True, index=True, ondelete="restrict")
    agency_id = fields.Many2one("ttcs.agency", readonly=True, index=True, ondelete="restrict")
    begins_at = fields.Datetime(required=True, readonly=True, string="Broadcast begins")
    ends_at = fields.Datetime(required=True, readonly=True, string="Answers until")
    is_void = fields.Boolean(readonly=True, string="Cancelled")
    listeners = fields.Integer(readonly=True, string="Listeners nearby")
    answers = fields.Integer(readonly=True)
    verdict = fields.Selection(ANSWERS, readonly=True, string="Told", index=True)
    told_by = fields.Selection(
        [("known", "Listeners and officers"), ("citizen", "Passers-by")],
        readonly=True,
        string="Told by",
    )
    is_disputed = fields.Boolean(
        readonly=True, string="Told differently", help="Not all of them said the same."
    )
    telemetry = fields.Selection(
        [("playing", "On air"), ("quiet", "Connected, not on air"), ("silent", "Not heard of")],
        readonly=True,
        string="Its device says",
    )
    is_contradicted = fields.Boolean(readonly=True, string="People and device disagree")
    answer_ids = fields.One2many("ttcs.roll.call.answer", "line_id", string="Answers one by one")
    request_id = fields.Many2one(
        "maintenance.request",
        string="Work order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _code_unique = models.Constraint("UNIQUE (code)", "This line exists already.")
    _one_call_at_a_time = models.Constraint(
        "EXCLUDE USING gist (equipment_id WITH =, tsrange(begins_at, ends_at) WITH &&)"
        " WHERE (NOT is_void)",
        "Another roll call asks about this loudspeaker at the same time.",
    )
    _told_by_somebody = models.Constraint(
        "CHECK ((verdict IS NULL) = (told_by IS NULL) AND (verdict IS NULL) = (answers = 0))",
        "A verdict comes from answers.",
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "What was told at a roll call stays as it is; call again to hear anew."
        )
    )

    @api.model
    def _domain_open_now(self):
        """Lines that take answers at this moment."""
        now = fields.Datetime.now()
        return (
            Domain("roll_call_id.state", "=", "called")
            & Domain("is_void", "=", False)
            & Domain("begins_at", "<=", now)
            & Domain("ends_at", ">", now)
        )

    def _is_open(self):
        """Whether this line takes answers at this moment."""
        self.ensure_one()
        is_called = self.roll_call_id.state == "called" and not self.is_void
        return is_called and self.begins_at <= fields.Datetime.now() < self.ends_at

    def action_tell_clear(self):
        return self._tell("clear")

    def action_tell_noisy(self):
        return self._tell("noisy")

    def action_tell_silent(self):
        return self._tell("silent")

    def _tell(self, answer):
        """An officer writes down what he heard, or was told on the telephone."""
        self.env["ttcs.roll.call"].browse().check_access("write")
        self.check_access("read")
        # sudo: an answer in his own name to lines that he may read, checked above.
        self.env["ttcs.roll.call.answer"].sudo().create(
            [
                {
                    "line_id": line.id,
                    "answer": answer,
                    "source": "officer",
                    "user_id": self.env.uid,
                }
                for line in self
            ]
        )
        self.invalidate_recordset()
        return True

    def action_open_orders(self):
        """A work order for each that is silent or noisy and has none open."""
        self.check_access("read")
        self.env["ttcs.roll.call"].browse().check_access("write")
        asked = self.filtered(
            lambda line: line.verdict in ("silent", "noisy") and not line.request_id
        )
        if not asked:
            raise UserError(
                self.env._("None of these is silent or noisy without a work order. Choose others.")
            )
        asked._open_orders()
        return asked.action_show_orders()

    def _open_orders(self):
        """Open a work order for each asset, or join the open one of an earlier roll call."""
        # sudo: a work order for an asset in reach; who may ask for it was checked before.
        lines = self.sudo()
        earlier = lines.search(
            [
                ("equipment_id", "in", lines.equipment_id.ids),
                ("request_id", "!=", False),
                ("request_id.closed_at", "=", False),
            ]
        )
        known = {line.equipment_id: line.request_id for line in earlier}
        fresh = {line.equipment_id: line for line in lines if line.equipment_id not in known}
        requests = self.env["maintenance.request"].sudo().with_context(**QUIET)
        made = requests.create([line._order_values() for line in fresh.values()])
        for line, request in zip(fresh.values(), made, strict=True):
            line.request_id = request
        for line in lines - lines.browse(line.id for line in fresh.values()):
            line.request_id = known.get(line.equipment_id, line.request_id) or (
                fresh[line.equipment_id].request_id
            )
            line.request_id.message_post(body=plaintext2html(line._told()))

    def _order_values(self):
        self.ensure_one()
        return {
            "name": self.env._(
                "%(asset)s: %(verdict)s at the roll call",
                asset=self.equipment_id.name,
                verdict=dict(self._fields["verdict"]._description_selection(self.env))[
                    self.verdict
                ].lower(),
            ),
            "description": plaintext2html(self._told()),
            "equipment_id": self.equipment_id.id,
            "maintenance_type": "corrective",
            "priority": "2" if self.verdict == "silent" else "1",
            "reported_by": "listener",
            "reported_at": self.begins_at,
            "user_id": self.equipment_id.technician_user_id.id,
        }

    def _told(self):
        """Who said what, for the technician."""
        self.ensure_one()
        words = dict(self._fields["verdict"]._description_selection(self.env))
        told = [
            " – ".join(
                filter(
                    None,
                    (
                        words[answer.answer],
                        answer.listener_id.name or answer.user_id.name,
                        answer.listener_id.phone,
                        answer.note,
                    ),
                )
            )
            for answer in self.answer_ids
        ]
        return "\n".join([self.env._("Roll call %s", self.roll_call_id.name), *told])

    def action_show_orders(self):
        """The work orders of these loudspeakers."""
        orders = self.request_id
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Work orders"),
            "res_model": "maintenance.request",
        }
        if len(orders) == 1:
            return {**action, "res_id": orders.id, "views": [(False, "form")]}
        return {
            **action,
            "domain": [("id", "in", orders.ids)],
            "views": [(False, "list"), (False, "form")],
        }
