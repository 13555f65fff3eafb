from odoo import fields, models
from odoo.exceptions import AccessError, UserError

DECISIONS = {"decision_unit_id", "decision_agency_id"}


class TtcsReformQuestion(models.Model):
    """A record that a reform could not place: a person says where it belongs now.

    Writing the decision hands the record over, from the first day of the reform, as the run
    would have done.  Whoever may change the record may answer.
    """

    _name = "ttcs.reform.question"
    _description = "Question of a reform"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "state desc, reform_id desc, unit_id, name, id"

    reform_id = fields.Many2one(
        "ttcs.reform", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Date(related="reform_id.date")
    model = fields.Char(required=True, readonly=True)
    model_name = fields.Char(compute="_compute_model_name", string="Kind")
    res_id = fields.Many2oneReference(
        model_field="model", required=True, readonly=True, string="Record"
    )
    name = fields.Char(required=True, readonly=True)
    unit_id = fields.Many2one(
        "ttcs.unit", string="Old place", readonly=True, index=True, ondelete="restrict"
    )
    agency_id = fields.Many2one(
        "ttcs.agency", string="Old agency", readonly=True, index=True, ondelete="restrict"
    )
    asks_agency = fields.Boolean(readonly=True)
    candidate_ids = fields.Many2many("ttcs.unit", string="May belong to", readonly=True)
    latitude = fields.Float(digits=(9, 6), readonly=True)
    longitude = fields.Float(digits=(9, 6), readonly=True)
    suggested_unit_id = fields.Many2one(
        "ttcs.unit", string="Suggestion", readonly=True, ondelete="restrict"
    )
    basis = fields.Selection(
        [
            ("nearest", "Lies nearest"),
            ("name", "Same name"),
            ("only", "The only one"),
        ],
        string="Because",
        readonly=True,
    )
    distance_km = fields.Float(string="Distance (km)", digits=(8, 1), readonly=True)
    decision_unit_id = fields.Many2one(
        "ttcs.unit", string="Hand over to", ondelete="restrict", copy=False
    )
    decision_agency_id = fields.Many2one(
        "ttcs.agency",
        string="New agency",
        ondelete="restrict",
        copy=False,
        help="By default the people's committee of the new place.",
    )
    state = fields.Selection(
        [
            ("open", "To be decided"),
            ("answered", "Decided"),
            ("withdrawn", "No longer needed"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex(
        "(reform_id, model, res_id) WHERE state = 'open'", "This question is open already."
    )

    def _compute_model_name(self):
        for question in self:
            question.model_name = self.env["ir.model"]._get(question.model).name

    def write(self, vals):
        """A decision is carried out at once; nothing else is written by hand."""
        if not DECISIONS & set(vals):
            return super().write(vals)
        self._check_may_answer()
        result = super().write(vals)
        for reform, questions in self.grouped("reform_id").items():
            questions.filtered("decision_unit_id")._carry_out(reform)
        return result

    def action_accept_suggestion(self):
        """Decide as suggested; questions without a suggestion stay open."""
        for unit, questions in (
            self.filtered(lambda each: each.state == "open" and each.suggested_unit_id)
            .grouped("suggested_unit_id")
            .items()
        ):
            questions.write({"decision_unit_id": unit.id})
        return True

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_open_map(self):
        """The position of the record on OpenStreetMap, in another tab."""
        self.ensure_one()
        position = f"{self.latitude:.6f}/{self.longitude:.6f}"
        return {
            "type": "ir.actions.act_url",
            "target": "new",
            "url": "https://www.openstreetmap.org/?mlat="
            f"{self.latitude:.6f}&mlon={self.longitude:.6f}#map=16/{position}",
        }

    def _check_may_answer(self):
        """The user may change every record that he is asked about.

        :raises AccessError: where he may not
        :raises UserError: where the question has been answered
        """
        self.check_access("write")
        if any(question.state != "open" for question in self):
            raise UserError(
                self.env._(
                    "A question has been answered already. To correct it, open the record and "
                    "change its place."
                )
            )
        for model, questions in self.grouped("model").items():
            records = self.env[model].browse(questions.mapped("res_id"))
            try:
                records.check_access("write")
            except AccessError as error:
                raise AccessError(
                    self.env._(
                        "You may not change all of these records, so you cannot decide where "
                        "they belong. Ask an administrator."
                    )
                ) from error

    def _check_decision_fits(self):
        # sudo: the tree of places is read, whoever answers.
        for question in self.sudo():
            unit = question.decision_unit_id
            uppers = set(map(int, unit.parent_path.rstrip("/").split("/")))
            date = question.reform_id.date
            exists = unit.valid_from <= date and (not unit.valid_to or unit.valid_to >= date)
            if not exists or not uppers & set(question.candidate_ids.ids):
                raise UserError(
                    self.env._(
                        "%(record)s cannot be handed over to %(place)s: choose one of "
                        "%(candidates)s, or a part of one.",
                        record=question.name,
                        place=unit.display_name,
                        candidates=", ".join(question.candidate_ids.mapped("full_name")),
                    )
                )

    def _carry_out(self, reform):
        self._check_decision_fits()
        # sudo: the right to answer has been checked; the hand-over also writes what the
        # person does not see, such as the lineage of a hamlet.
        reform = reform._beyond_reach()
        questions = self.with_env(reform.env)
        questions._choose_agencies(reform)
        super(TtcsReformQuestion, questions).write(
            {
                "state": "answered",
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        for model, group in questions.grouped("model").items():
            if model == "ttcs.unit":
                group._answer_hamlets(reform)
            elif model == "ttcs.assignment":
                group._answer_assignments(reform)
            else:
                group._answer_records(reform)

    def _choose_agencies(self, reform):
        """The committee of the new place, where the agency ended and nobody named another."""
        silent = self.filtered(
            lambda each: (
                (each.asks_agency or each.model == "ttcs.assignment")
                and not each.decision_agency_id
            )
        )
        committees = reform._committee_of(silent.decision_unit_id)
        for unit, questions in silent.grouped("decision_unit_id").items():
            if not committees[unit]:
                raise UserError(
                    self.env._(
                        "%(place)s has no people's committee: choose the new agency.",
                        place=unit.full_name,
                    )
                )
            super(TtcsReformQuestion, questions).write({"decision_agency_id": committees[unit].id})

    def _answer_records(self, reform):
        model = self[0].model
        rows = [
            (
                each.res_id,
                each.unit_id.id or None,
                each.agency_id.id or None,
                each.decision_unit_id.id,
                each.decision_agency_id.id or each.agency_id.id or None,
            )
            for each in self
        ]
        self.env.flush_all()
        reform._note_moves(model, self.env[model]._place_anew(rows, reform.date))

    def _answer_hamlets(self, reform):
        """Join each hamlet to the one chosen, or make it anew in the commune chosen."""
        chosen = {
            self.env["ttcs.unit"].browse(each.res_id): each.decision_unit_id for each in self
        }
        reform._join({old: new for old, new in chosen.items() if new.level >= old.level})
        anew = {old: new for old, new in chosen.items() if new.level < old.level}
        reform._create_successors(anew)
        reform._follow_hamlets()
        reform._hand_over_records()

    def _answer_assignments(self, reform):
        reform._continue_in(
            {
                self.env["ttcs.assignment"].browse(each.res_id): each.decision_agency_id
                for each in self
            }
        )
