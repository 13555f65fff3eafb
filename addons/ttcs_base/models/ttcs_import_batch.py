import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..imports.checking import ListCheck
from ..imports.hamlets import HamletImport
from ..imports.place_resolver import ADD_HAMLET
from ..imports.reading import read_layout
from ..imports.result import result_file, template_file
from ..imports.users import UserImport
from ..spreadsheet.headings import heading_keys
from ..spreadsheet.refusal import SpreadsheetRefused
from ..text.vietnamese import fold

# Up to here the user waits; beyond, a job works and the screen shows how far it is.
ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 512 * 1024


class TtcsImportBatch(models.Model):
    """One list from Excel on its way into a register.

    Read (``draft`` → ``matched``), check (→ ``checked``), write (``running`` → ``done``).  What
    is written is written as the user, under his access rules.  The same list may come again:
    rows that say nothing new are "same", others show what they change.
    """

    _name = "ttcs.import.batch"
    _description = "Import from Excel"
    _inherit = ["ttcs.plausible.mixin"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    kind = fields.Selection(
        selection="_selection_kind",
        string="What is imported",
        required=True,
        default=lambda self: self._default_kind(),
    )
    kind_explanation = fields.Char(compute="_compute_kind_explanation")
    res_model = fields.Char(compute="_compute_res_model", store=True)
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["ttcs.placed.mixin"]._default_agency_id(),
    )
    unit_id = fields.Many2one(
        "ttcs.unit",
        string="Commune of the list",
        ondelete="restrict",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        help="For rows that name no commune. Leave empty for a list of several communes.",
    )
    list_date = fields.Date(
        string="Date of the list",
        help="For an old list: codes and names of communes are read as of this day.",
    )
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    file_hash = fields.Char(readonly=True, index="btree_not_null")
    same_file_batch_id = fields.Many2one(
        "ttcs.import.batch", compute="_compute_same_file_batch_id", string="Imported before as"
    )
    sheet_name = fields.Char(string="Sheet", readonly=True)
    sheet_options = fields.Json(readonly=True)
    sheet_count = fields.Integer(compute="_compute_sheet_count")
    header_first_row = fields.Integer(readonly=True)
    header_last_row = fields.Integer(readonly=True)
    header_unit = fields.Integer(readonly=True)
    header_is_guess = fields.Boolean(readonly=True)
    state = fields.Selection(
        [
            ("draft", "File"),
            ("matched", "Columns"),
            ("checked", "Preview"),
            ("running", "Working"),
            ("done", "Result"),
            ("failed", "Failed"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    work = fields.Selection([("check", "Checking"), ("write", "Writing")], readonly=True)
    failure = fields.Char(readonly=True)
    is_stale = fields.Boolean(
        readonly=True, help="Answers were given since the rows were checked."
    )
    column_ids = fields.One2many("ttcs.import.column", "batch_id", readonly=True)
    question_ids = fields.One2many("ttcs.import.question", "batch_id", readonly=True)
    row_ids = fields.One2many("ttcs.import.row", "batch_id", readonly=True)
    preview_row_ids = fields.Many2many(
        "ttcs.import.row", compute="_compute_preview_row_ids", string="Rows to look at"
    )
    can_add_hamlets = fields.Boolean(compute="_compute_can_add_hamlets")
    missing_text = fields.Char(compute="_compute_missing_text")
    notes = fields.Text(readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    question_count = fields.Integer(string="Questions", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)
    duplicate_count = fields.Integer(string="Repeated", readonly=True)
    update_count = fields.Integer(string="Changed", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    same_count = fields.Integer(string="Same", readonly=True)
    skipped_count = fields.Integer(string="No record", readonly=True)
    blank_count = fields.Integer(string="Blank rows", readonly=True)
    remark_count = fields.Integer(string="With remarks", readonly=True)
    created_count = fields.Integer(string="Created", readonly=True)
    updated_count = fields.Integer(string="Updated", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    applied_by_id = fields.Many2one("res.users", string="Imported by", readonly=True)
    applied_at = fields.Datetime(string="Imported at", readonly=True)

    # Kinds ----------------------------------------------------------------------------------

    @api.model
    def _import_kinds(self):
        """The kinds of list of the installed add-ons, as classes."""
        return [HamletImport, UserImport]

    @api.model
    def _allowed_kinds(self, user=None):
        """Codes of the kinds whose records the user may create."""
        env = (self.with_user(user) if user else self).env
        return [kind.code for kind in self._import_kinds() if env[kind.model].has_access("create")]

    @api.model
    def _selection_kind(self):
        allowed = self._allowed_kinds()
        none_yet = self.browse()
        return [
            (kind.code, kind(none_yet).name())
            for kind in self._import_kinds()
            if kind.code in allowed
        ]

    @api.model
    def _default_kind(self):
        allowed = self._allowed_kinds()
        return allowed[-1] if allowed else False

    def _import_kind(self):
        """The kind of this list, ready for one check or one writing."""
        kinds = {kind.code: kind for kind in self._import_kinds()}
        return kinds[self.kind](self)

    # Computed -------------------------------------------------------------------------------

    @api.depends("file_name", "kind")
    def _compute_name(self):
        for batch in self:
            batch.name = batch.file_name or self.env._("New list")

    @api.depends("kind")
    def _compute_kind_explanation(self):
        for batch in self:
            batch.kind_explanation = batch._import_kind().explanation() if batch.kind else ""

    @api.depends("kind")
    def _compute_res_model(self):
        models_by_kind = {kind.code: kind.model for kind in self._import_kinds()}
        for batch in self:
            batch.res_model = models_by_kind.get(batch.kind)

    @api.depends("agency_id")
    def _compute_unit_id(self):
        for batch in self:
            unit = batch.agency_id.unit_id
            batch.unit_id = unit if unit.level == 3 else False

    @api.depends("file_hash", "kind", "agency_id", "state")
    def _compute_same_file_batch_id(self):
        self.same_file_batch_id = False
        known = self.search(
            [("file_hash", "in", self.mapped("file_hash")), ("state", "=", "done")], order="id"
        )
        for batch in self:
            if batch.file_hash and batch.state != "done":
                batch.same_file_batch_id = known.filtered(
                    lambda other, batch=batch: (
                        (other.file_hash, other.kind, other.agency_id)
                        == (batch.file_hash, batch.kind, batch.agency_id)
                    )
                )[-1:]

    @api.depends("row_count", "state", "is_stale")
    def _compute_preview_row_ids(self):
        for batch in self:
            batch.preview_row_ids = self.env["ttcs.import.row"].search(
                [("batch_id", "in", batch._origin.ids), ("verdict", "!=", "skipped")],
                order="attention, number",
                limit=40,
            )

    @api.depends("sheet_options")
    def _compute_sheet_count(self):
        for batch in self:
            batch.sheet_count = len(batch.sheet_options or ())

    @api.depends("column_ids.field_key", "column_ids.constant", "state")
    def _compute_missing_text(self):
        for batch in self:
            missing = batch._missing() if batch.state == "matched" else []
            batch.missing_text = "; ".join(missing)

    @api.depends("created_count", "updated_count", "new_count", "update_count", "state")
    def _compute_progress(self):
        for batch in self:
            done, wanted = batch._written_count(), batch.new_count + batch.update_count
            batch.progress = 100 * done / wanted if wanted and batch.work == "write" else 0

    def _written_count(self):
        return self.created_count + self.updated_count

    def _missing(self):
        """What the list needs and no column holds."""
        kind = self._import_kind()
        held = {
            column.field_key
            for column in self.column_ids
            if column.field_key and (column.index >= 0 or column.constant)
        }
        joint = self.env._(" or ")
        return [
            joint.join(kind.by_key[key].label for key in keys)
            for keys in kind.needs()
            if not held.intersection(keys)
        ]

    # Guards ---------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_hash(vals) for vals in vals_list])

    def write(self, vals):
        if {"file", "kind", "agency_id", "unit_id", "list_date"} & vals.keys():
            self._check_may_change()
        if "file" in vals:
            vals = self._with_hash(vals)
        result = super().write(vals)
        if {"file", "kind", "agency_id"} & vals.keys() and "state" not in vals:
            self._start_again()
        elif {"unit_id", "list_date"} & vals.keys():
            self._forget_check()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(batch.state == "running" for batch in self):
            raise UserError(self.env._("An import at work cannot be deleted. Wait for its end."))

    @api.model
    def _with_hash(self, vals):
        if "file" not in vals:
            return vals
        content = base64.b64decode(vals["file"] or b"")
        return {**vals, "file_hash": hashlib.sha256(content).hexdigest() if content else False}

    def _check_may_change(self):
        self.check_access("write")
        for batch in self:
            if batch.state == "running":
                raise UserError(
                    self.env._("“%(name)s” is being worked on. Wait for its end.", name=batch.name)
                )
            if batch.state == "done":
                raise UserError(
                    self.env._(
                        "“%(name)s” has been imported by %(user)s. Start a new import to bring "
                        "the list again.",
                        name=batch.name,
                        user=batch.applied_by_id.name,
                    )
                )
            if batch.kind not in self._allowed_kinds():
                raise AccessError(self.env._("Your duties do not include this kind of list."))

    def _start_again(self):
        """A new file or kind: nothing that was read holds any longer."""
        for batch in self:
            batch._clear_rows()
            # sudo: columns and questions are kept by the engine.
            batch.sudo().column_ids.unlink()
        super().write({"state": "draft", "sheet_name": False, "sheet_options": False})

    def _clear_rows(self):
        # sudo: rows and questions are kept by the engine.
        self.sudo().question_ids.unlink()
        self.env.cr.execute("DELETE FROM ttcs_import_row WHERE batch_id IN %s", [self._ids])
        self.env.invalidate_all()

    def _forget_check(self):
        """Columns or circumstances changed: the rows have to be checked again."""
        self.filtered(lambda batch: batch.state in ("checked", "failed")).state = "matched"

    # Step 1: read ---------------------------------------------------------------------------

    def action_read(self):
        """Find the headings of the list and the field of each column."""
        self.ensure_one()
        self._check_may_change()
        if self.file_name and not self.file:
            raise UserError(
                self.env._("The file “%(name)s” is empty. Choose another.", name=self.file_name)
            )
        if not self.file:
            raise UserError(self.env._("Choose an Excel file (.xlsx) first."))
        self._read_layout()
        return True

    def action_choose_sheet(self, name):
        """Read the list from another sheet of the file."""
        self.ensure_one()
        self._check_may_change()
        self._read_layout(name)
        return True

    def _content(self):
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _saved_mapping(self):
        saved = self.env["ttcs.import.mapping"]._saved(self.agency_id, self.kind)
        return {**saved, **dict.fromkeys(map(fold, self._result_headings()))}

    def _result_headings(self):
        """Headings of the columns that a list given back has besides its own."""
        return [self.env._("Import result"), self.env._("Import explanation")]

    def _read_layout(self, sheet_name=None):
        specs, saved = self._import_kind().specs(), self._saved_mapping()
        try:
            layout = read_layout(self._content(), specs, saved, sheet_name)
        except SpreadsheetRefused as refusal:
            raise UserError(self._refusal_text(refusal)) from refusal
        self._clear_rows()
        # sudo: columns are kept by the engine.
        columns = self.env["ttcs.import.column"].sudo()
        columns._replace(self, layout, saved)
        self.write(
            {
                "sheet_name": layout.sheet,
                "sheet_options": [{"value": name, "label": name} for name in layout.sheet_names],
                "header_first_row": layout.header.first_row,
                "header_last_row": layout.header.last_row,
                "header_unit": layout.header.unit or 0,
                "header_is_guess": layout.is_guess,
                "state": "matched",
                "failure": False,
                "notes": False,
            }
        )
        columns._offer_constants(self, f"{self.file_name} {layout.sheet} {layout.title}")

    def _refusal_text(self, refusal):
        return self.env._(refusal.message, **refusal.arguments)

    # Step 2: check --------------------------------------------------------------------------

    def action_check(self):
        """Give each row its verdict; a long list is checked by a job."""
        self.ensure_one()
        self._check_may_change()
        missing = self._missing()
        if missing:
            raise UserError(
                self.env._(
                    "No column holds: %(fields)s. Say which column it is, or add it in Excel.",
                    fields="; ".join(missing),
                )
            )
        self._save_mapping()
        if len(self._content()) > BYTES_AT_ONCE:
            self._enqueue("check")
        else:
            self._check()
        return True

    def action_back(self):
        """One step back."""
        self.ensure_one()
        self._check_may_change()
        self.state = "draft" if self.state == "matched" else "matched"
        return True

    def _check(self):
        try:
            check = ListCheck(self)
            check.run()
        except SpreadsheetRefused as refusal:
            raise UserError(self._refusal_text(refusal)) from refusal
        # sudo: rows and questions are kept by the engine.
        question_ids = (
            self.env["ttcs.import.question"]
            .sudo()
            ._replace(self, check.kind.questions.values(), check.kind.answers)
        )
        self.env["ttcs.import.row"]._replace(self, check.all_records(), question_ids)
        self.write(
            {
                "state": "checked",
                "work": False,
                "failure": False,
                "is_stale": False,
                "blank_count": check.blank_rows,
                "notes": check.notes(),
                "created_count": 0,
                "updated_count": 0,
            }
        )
        self._count()

    def action_add_hamlets(self):
        """Answer every open question about an unknown hamlet by recording it."""
        self.ensure_one()
        self._check_may_change()
        kind = self._import_kind()
        for question in self.question_ids._open_to_adding():
            # sudo: answers are kept by the engine; the hamlet is recorded as the user.
            question.sudo().answer = kind.answer_creates(
                question.topic, question.key, question.text, ADD_HAMLET
            )
        return self._answered()

    @api.depends("question_ids.answer")
    def _compute_can_add_hamlets(self):
        for batch in self:
            batch.can_add_hamlets = len(batch.question_ids._open_to_adding()) > 1

    def _answered(self):
        """An answer changed: a short list is checked again at once."""
        if self.row_count <= ROWS_AT_ONCE:
            self._check()
        else:
            self.is_stale = True
        return True

    def _save_mapping(self):
        columns = self.column_ids.filtered(lambda column: column.index >= 0).sorted("index")
        keys = heading_keys(column.heading or "" for column in columns)
        self.env["ttcs.import.mapping"].sudo()._save(  # sudo: kept by the engine
            self.agency_id,
            self.kind,
            {key: column.field_key for key, column in zip(keys, columns, strict=True) if key},
        )

    def _count(self):
        """Count the rows by verdict; one query."""
        rows = self.env["ttcs.import.row"]
        rows.flush_model()
        by_verdict = dict.fromkeys(dict(rows._fields["verdict"].selection), 0)
        written = dict.fromkeys(by_verdict, 0)
        remarks = 0
        for verdict, is_written, has_remarks, count in rows._read_group(
            [("batch_id", "=", self.id)], ["verdict", "is_written", "has_remarks"], ["__count"]
        ):
            by_verdict[verdict] += count
            written[verdict] += count if is_written else 0
            remarks += count if has_remarks else 0
        self.write(
            {
                **{f"{verdict}_count": count for verdict, count in by_verdict.items()},
                "row_count": sum(by_verdict.values()),
                "remark_count": remarks,
                "created_count": written["new"],
                "updated_count": written["update"],
            }
        )

    # What is given back ---------------------------------------------------------------------

    def action_template(self):
        """An empty list of this kind, with headings and explanations."""
        kind = self._import_kind()
        return self.env["ttcs.document.kit"]._save_file(f"{kind.name()}.xlsx", template_file(kind))

    def action_export_result(self):
        """The list again, with codes, verdicts and explanations."""
        self.ensure_one()
        name = (self.file_name or self.kind).rsplit(".", 1)[0]
        name = self.env._("%(list)s - result", list=name)
        return self.env["ttcs.document.kit"]._save_file(f"{name}.xlsx", result_file(self))

    def action_bring_again(self):
        """The same list as a new import, for the rows that were left out of this one."""
        self.ensure_one()
        again = self.create(
            {
                "kind": self.kind,
                "agency_id": self.agency_id.id,
                "unit_id": self.unit_id.id,
                "list_date": self.list_date,
                "file": self.with_context(bin_size=False).file,
                "file_name": self.file_name,
            }
        )
        again.action_read()
        if not again._missing():
            again.action_check()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": again.id,
            "views": [(False, "form")],
        }

    def action_open_rows(self):
        """All rows, of the verdict in the context if there is one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_base.ttcs_import_row_action")
        action["domain"] = [("batch_id", "=", self.id)]
        verdict = self.env.context.get("verdict")
        action["context"] = {f"search_default_{verdict}": 1} if verdict else {}
        return action

    def action_open_records(self):
        """The records that this import created or changed."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self._written_ids())],
        }
        return action

    def action_print_slips(self):
        """Slips for those of the list who have an account and have not opened it yet."""
        self.ensure_one()
        rows = self.env["ttcs.import.row"].search_fetch(
            [("batch_id", "=", self.id), ("res_id", "!=", 0)], ["res_id"]
        )
        persons = self.env[self.res_model].browse(rows.mapped("res_id")).exists()
        waiting = persons.filtered(
            lambda person: person.user_id and not person.user_id.login_date
        ).sorted("name")
        if not waiting:
            raise UserError(self.env._("Everybody of this list has signed in already."))
        return waiting.action_issue_slips()

    def _written_ids(self):
        rows = self.env["ttcs.import.row"].search_fetch(
            [("batch_id", "=", self.id), ("is_written", "=", True)], ["res_id"]
        )
        return rows.mapped("res_id")
