import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

RECORDS_AT_ONCE = 5000
# What a person looks for first.
KINDS = {
    kind: number
    for number, kind in enumerate(
        ("nothing", "records", "hamlet", "assignment", "agency", "place")
    )
}


class _Undone(Exception):
    """Leaves a savepoint so that nothing of a preview stays."""


class TtcsReform(models.Model):
    """The hand-over of everything that stood in, or belonged to, what a reform ended.

    The lineage of places says who follows whom on a date.  Running a reform ends what is
    still open, gives each hamlet of an ended commune a row in the commune that follows, and
    hands agencies, assignments and records over.  What it cannot know it asks
    (``ttcs.reform.question``).  A second run moves only what is new.
    """

    _name = "ttcs.reform"
    _description = "Reform of places"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(required=True, tracking=True)
    date = fields.Date(required=True, help="First day of the new places.", tracking=True)
    legal_document_id = fields.Many2one("ttcs.legal.document", ondelete="restrict")
    scope_unit_ids = fields.Many2many(
        "ttcs.unit",
        string="Only these places",
        help="New or old places, with all below them and all that they came from. Empty: all "
        "that ended on the day before.",
    )
    edge_count = fields.Integer(compute="_compute_edge_count", string="Steps of the lineage")
    continue_assignments = fields.Boolean(
        string="Continue assignments",
        default=True,
        help="People of an agency that ended keep their position and duties in the agency that "
        "follows.",
    )
    state = fields.Selection(
        [("draft", "Date"), ("checked", "Preview"), ("running", "Running"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    failure = fields.Char(readonly=True, copy=False)
    run_count = fields.Integer(string="Runs", readonly=True, copy=False)
    run_at = fields.Datetime(string="Last run", readonly=True, copy=False)
    line_ids = fields.One2many(
        "ttcs.reform.line",
        "reform_id",
        string="Result",
        readonly=True,
        groups="ttcs_base.ttcs_base_group_administrator",
    )
    question_ids = fields.One2many("ttcs.reform.question", "reform_id", readonly=True)
    open_question_count = fields.Integer(compute="_compute_counts", string="Open questions")
    move_count = fields.Integer(compute="_compute_counts", string="Records handed over")

    @api.depends("date")
    def _compute_edge_count(self):
        counts = dict(
            self.env["ttcs.unit.lineage"]._read_group(
                [("date", "in", self.mapped("date"))], ["date:day"], ["__count"]
            )
        )
        for reform in self:
            reform.edge_count = counts.get(reform.date, 0)

    def _compute_counts(self):
        questions = dict(
            self.env["ttcs.reform.question"]._read_group(
                [("reform_id", "in", self.ids), ("state", "=", "open")], ["reform_id"], ["__count"]
            )
        )
        moves = dict(
            self.env["ttcs.reform.move"]._read_group(
                [("reform_id", "in", self.ids)], ["reform_id"], ["__count"]
            )
        )
        for reform in self:
            reform.open_question_count = questions.get(reform._origin, 0)
            reform.move_count = moves.get(reform._origin, 0)

    def write(self, vals):
        if {"date", "scope_unit_ids"} & set(vals) and any(reform.run_count for reform in self):
            raise UserError(
                self.env._(
                    "This reform has been run: its date and places stay. Record another reform."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_run(self):
        if any(reform.run_count for reform in self):
            raise UserError(
                self.env._("A reform that has been run is never deleted: minutes point to it.")
            )

    # Steps ----------------------------------------------------------------------------------

    def action_check(self):
        """Carry everything out, note what happened, and take all of it back."""
        self.ensure_one()
        self._take_turn()
        self._check_date()
        lines = []
        try:
            with self.env.cr.savepoint():
                lines = self._carry_out()
                raise _Undone
        except _Undone:
            self.env.invalidate_all(flush=False)
            # The savepoint took these back without a trigger of the ORM.
            self.env["ttcs.unit"]._forget_readers()
        self._keep_lines(lines, run=0)
        self._by_steps().state = "checked"
        return True

    def action_back(self):
        """To the first step; what was run stays."""
        self.ensure_one()
        self._check_may_run()
        self._by_steps().state = "draft"
        return True

    def action_run(self):
        """Hand over; many records are handed over by a job."""
        self.ensure_one()
        self._take_turn()
        if self.state not in ("checked", "done"):
            raise UserError(self.env._("Look at the preview first."))
        waiting = sum(
            self.line_ids.filtered(lambda line: not line.run and line.kind == "records").mapped(
                "moved_count"
            )
        )
        if waiting > RECORDS_AT_ONCE:
            self._by_steps().write({"state": "running", "failure": False})
            self.with_delay(
                description=self.env._("Reform %(name)s", name=self.name),
                identity_key=f"ttcs.reform-{self.id}-{self.run_count}",
            )._work()
            return True
        self._run()
        return True

    def _work(self):
        """The run as a job; a refusal is kept for the person who waits for it."""
        if self.state != "running":
            return
        try:
            with self.env.cr.savepoint():
                self._run()
        except UserError as error:
            self._by_steps().write({"state": "checked", "failure": str(error)})

    def _run(self):
        lines = self._carry_out()
        self._by_steps().run_count += 1
        if not lines:
            lines = [
                {"kind": "nothing", "name": self.env._("Nothing was left to hand over.")},
            ]
        self._keep_lines(lines, run=self.run_count)
        self._by_steps().write(
            {"state": "done", "run_at": fields.Datetime.now(), "failure": False}
        )
        _logger.info("Reform %s: run %s wrote %s lines", self.id, self.run_count, len(lines))

    def _carry_out(self):
        """Hand everything over; gives the values of ``ttcs.reform.line`` that tell of it."""
        self._check_may_run()
        for model in ("ttcs.unit", "ttcs.agency", "ttcs.assignment", *self._placed_models()):
            if hasattr(self.env[model], "_check_guarantees"):
                self.env[model]._check_guarantees()
        self = self._beyond_reach()
        lines = self._end_what_is_open()
        lines += self._follow_hamlets()
        lines += self._follow_agencies()
        if self.continue_assignments:
            lines += self._continue_assignments()
        lines += self._hand_over_records()
        return lines

    def _keep_lines(self, lines, run):
        self.line_ids.filtered(lambda line: not line.run).unlink()
        self.env["ttcs.reform.line"].create(
            [
                {"reform_id": self.id, "run": run, "sequence": number, **line}
                for number, line in enumerate(
                    sorted(lines, key=lambda line: (KINDS[line["kind"]], line["name"]))
                )
            ]
        )

    # Guards ---------------------------------------------------------------------------------

    def _beyond_reach(self):
        """This reform with rights over all that it hands over, and without chatter for each."""
        # sudo: the caller has checked who asks; a reform moves what its lineage names, be it in
        # the reach of the person who runs it or not, and the results tell of every record.
        return self.sudo().with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )

    def _check_may_run(self):
        """Only administrators hand over, whoever calls.

        :raises AccessError: for everybody else
        """
        self.check_access("write")

    def _take_turn(self):
        self._check_may_run()
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "Somebody else is running “%(name)s” right now. Load the page again to see "
                    "the result.",
                    name=self.name,
                )
            )
        self.invalidate_recordset()
        if self.state == "running":
            raise UserError(self.env._("This reform is being run; wait for its result."))

    def _check_date(self):
        if not self.edge_count:
            raise UserError(
                self.env._(
                    "The lineage has no step on %(date)s. Record what became of which place "
                    "first (Configuration, Lineage of places), or load the province.",
                    date=self.date.strftime("%d/%m/%Y"),
                )
            )

    @property
    def _last_day(self):
        """The last day of the old map."""
        return self.date - timedelta(days=1)

    # What the screen opens ------------------------------------------------------------------

    def action_open_questions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_base.ttcs_reform_question_action"
        )
        action["domain"] = [("reform_id", "=", self.id)]
        return action

    def action_open_lineage(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_base.ttcs_unit_lineage_action"
        )
        action["domain"] = [("date", "=", self.date)]
        action["context"] = {"default_date": self.date}
        return action

    def action_open_lines(self):
        """All that the preview or a run noted."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_base.ttcs_reform_line_action")
        action["domain"] = [("reform_id", "=", self.id)]
        return action

    @api.model
    def _latest_date(self):
        edge = self.env["ttcs.unit.lineage"].search([], order="date desc", limit=1)
        return edge.date

    @api.model
    def default_get(self, fields_list):
        """The latest date of the lineage, which is the one to hand over next."""
        values = super().default_get(fields_list)
        date = self._latest_date()
        if date and "date" in fields_list:
            values.setdefault("date", date)
            values.setdefault("name", self.env._("Reform of %(date)s", date=f"{date:%d/%m/%Y}"))
        edge = self.env["ttcs.unit.lineage"].search([("date", "=", date)], limit=1)
        if edge.legal_document_id:
            values.setdefault("legal_document_id", edge.legal_document_id.id)
        return values
