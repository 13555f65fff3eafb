from dataclasses import dataclass, field, replace
from typing import Any

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, split_every

from ..field_actions import (
    LARGEST_ID,
    ActionError,
    FieldAction,
    Timing,
    read_action,
    read_time,
    time_of,
)
from ..photos import Photo, PhotoError, clean_photo, clean_signature
from .ir_http import DEVICE_KEY

VERDICTS = [("done", "Done"), ("refused", "Refused"), ("conflict", "In conflict")]
KINDS = [
    ("report_fault", "Report a fault"),
    ("close_order", "Close a work order"),
    ("claim_tag", "Put a tag on an asset"),
    ("set_position", "Measure a position"),
    ("set_condition", "Record a condition"),
    ("count_asset", "Count an asset"),
    ("count_unexpected", "Count an unexpected object"),
    ("hand_over", "Hand over assets"),
]


# The records that a payload names, and where the actions of a request find those in reach.
NAMED = (("order", "maintenance.request"), ("asset", "maintenance.equipment"))
REACH = "ttcs.field.action.reach"
# Actions that are written together; when one fails, so many are done again in halves.
TOGETHER = 50


@dataclass
class Outcome:
    """What became of an action: the record that its photos belong to, and what to answer."""

    record: models.BaseModel
    verdict: str = "done"
    message: str = ""
    result: dict[str, Any] = field(default_factory=dict)


@dataclass
class Task:
    """An action on its way: its row of the log, what is to be written there, its verdict.

    ``action`` is missing when it could not be read.
    """

    row: models.BaseModel
    values: dict[str, Any]
    timing: Timing
    action: FieldAction | None = None
    photos: list[Photo] = field(default_factory=list)
    verdict: dict[str, Any] = field(default_factory=dict)


class TtcsFieldAction(models.Model):
    """What phones sent: one row per action, its verdict and when it happened.

    The uuid that the phone gave makes an action happen once, however often and on however many
    connections it arrives.  What was refused changed nothing and may come again, corrected;
    what was done, or met a newer fact (a conflict), is final.
    """

    _name = "ttcs.field.action"
    _description = "Field action"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "uuid"

    uuid = fields.Char(required=True, readonly=True, string="UUID")
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    device_id = fields.Many2one("ttcs.field.device", readonly=True, ondelete="set null")
    kind = fields.Selection(KINDS, readonly=True, index=True)
    verdict = fields.Selection(VERDICTS, readonly=True, index=True)
    message = fields.Char(readonly=True, string="Reason")
    payload = fields.Json(readonly=True)
    result = fields.Json(readonly=True)
    photo_count = fields.Integer(readonly=True, string="Photos")
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", readonly=True, index=True, ondelete="set null"
    )
    request_id = fields.Many2one(
        "maintenance.request", string="Work order", readonly=True, index=True, ondelete="set null"
    )
    unit_id = fields.Many2one(
        "ttcs.unit", string="Place", readonly=True, index=True, ondelete="restrict"
    )
    received_at = fields.Datetime(required=True, readonly=True, index=True)
    happened_at = fields.Datetime(readonly=True, string="Happened on")
    phone_time = fields.Datetime(readonly=True, string="Time on the phone")
    clock_skew = fields.Integer(
        readonly=True,
        string="Clock behind (s)",
        help="Seconds by which the phone's clock was behind; negative when it was ahead.",
    )
    clock_is_doubtful = fields.Boolean(readonly=True, string="Wrong clock")
    attempts = fields.Integer(required=True, readonly=True, help="How often it was sent.")

    _uuid_unique = models.Constraint("UNIQUE (uuid)", "This action has been received already.")

    @api.depends("kind", "equipment_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for action in self:
            parts = (kinds.get(action.kind), action.equipment_id.display_name)
            action.display_name = ": ".join(filter(None, parts)) or action.uuid

    @api.model
    def _receive(self, entries, sent_at, read_photo):
        """Carry out what a phone sent, each action by itself.

        :param entries: from ``field_actions.read_request``
        :param sent_at: the phone's clock when it sent, ISO 8601
        :param read_photo: gives the bytes of a file of the request by its field, or ``None``
        :returns: ``{uuid: {"verdict": …, "message": …, "result": …}}`` where the verdict is
            ``done``, ``repeated`` (done before), ``refused`` or ``conflict``
        """
        self._check_guarantees()
        sent_at = read_time(sent_at)
        # sudo: the log is written by this method only; the actions themselves run as the user.
        rows = self.sudo()._claimed([entry["uuid"] for entry in entries])
        verdicts, tasks = {}, []
        for entry in entries:
            row = rows[entry["uuid"]]
            if row.user_id != self.env.user:
                verdicts[row.uuid] = self._refused("not_yours")
            elif row.verdict in ("done", "conflict"):
                verdicts[row.uuid] = row._verdict_again()
            else:
                tasks.append(self._task(row, entry, sent_at, read_photo))
        self._take_reach([task.action for task in tasks if task.action])
        for together in split_every(TOGETHER, [task for task in tasks if task.action]):
            self._carry_out(together)
        for task in tasks:
            verdicts[task.row.uuid] = self._note(task)
        return verdicts

    @api.model
    def _claimed(self, uuids):
        """The rows of actions by uuid, each made at the first arrival of its action.

        Of two requests with the same action the second waits here for the first, and then
        starts anew as Odoo does after every such meeting.  In the order of their uuids, so that
        two requests with the same actions never wait for each other.
        """
        user, device = self.env.uid, self.env.context.get(DEVICE_KEY) or None
        now = fields.Datetime.now()
        values = [SQL("(%s, %s, %s, %s, 1)", uuid, user, device, now) for uuid in sorted(uuids)]
        if not values:
            return {}
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO ttcs_field_action AS known
                    (uuid, user_id, device_id, received_at, attempts)
                VALUES %s
                ON CONFLICT (uuid) DO UPDATE SET attempts = known.attempts + 1
                RETURNING id
                """,
                SQL(", ").join(values),
            )
        )
        rows = self.browse(row_id for (row_id,) in found)
        rows.invalidate_recordset(["attempts"])
        return {row.uuid: row for row in rows}

    def _verdict_again(self):
        verdict = "repeated" if self.verdict == "done" else self.verdict
        return {"verdict": verdict, "message": self.message or "", "result": self.result or {}}

    @api.model
    def _refused(self, reason, /, **values):
        message = self.env["ttcs.field.refusal"]._text(reason, values)
        return {"verdict": "refused", "message": message, "result": {}}

    @api.model
    def _task(self, row, entry, sent_at, read_photo):
        """What is to be done, its files cleaned; an action that cannot be read is refused."""
        kind, payload = entry.get("kind"), entry.get("payload")
        phone_time = read_time(entry.get("created_at"))
        timing = time_of(phone_time, sent_at, row.received_at)
        values = {
            "kind": kind if kind in self._fields["kind"].get_values(self.env) else False,
            "payload": payload if isinstance(payload, dict) else False,
            "phone_time": phone_time,
            "happened_at": timing.happened_at,
            "clock_skew": round(timing.skew or 0),
            "clock_is_doubtful": timing.is_doubtful,
        }
        task = Task(row, values, timing)
        try:
            action = read_action(entry)
            task.photos = self._cleaned(action, read_photo)
            signatures = self._cleaned_signatures(action, read_photo)
            task.action = replace(action, pictures=signatures, photos=tuple(task.photos))
        except ActionError as error:
            task.verdict = self._refused(error.reason, **error.values)
        return task

    @api.model
    def _take_reach(self, actions):
        """Look once which of the assets and orders that actions name the user may see now."""
        reach = {}
        for name, model in NAMED:
            wanted = {action.payload[name] for action in actions if action.payload.get(name)}
            reach[model] = self.env[model].search_fetch([("id", "in", list(wanted))])
        self.env.cr.cache[REACH] = reach

    @api.model
    def _reached(self, model, record_id):
        """A record as the user may see it now, whatever he saw when he went offline.

        :returns: nothing when it is out of reach
        """
        taken = self.env.cr.cache.get(REACH, {}).get(model, self.env[model])
        if record_id in taken._ids:
            # What is read of one is read of all of them.
            return taken.browse(record_id).with_prefetch(taken._ids).with_env(self.env)
        return self.env[model].search([("id", "=", record_id)])

    @api.model
    def _carry_out(self, tasks):
        """Do actions in one savepoint; when one of them fails, in halves until it is alone.

        So a hundred actions cost the database one round of writing, and one that is refused
        still leaves nothing of itself and everything of the others.
        """
        try:
            with self.env.cr.savepoint():
                for task in tasks:
                    task.verdict = self._perform(task)
        except (ActionError, UserError, IntegrityError) as error:
            if len(tasks) == 1:
                tasks[0].verdict = self._verdict_on(error)
                return
            half = len(tasks) // 2
            self._carry_out(tasks[:half])
            self._carry_out(tasks[half:])

    @api.model
    def _perform(self, task):
        outcome = getattr(self, f"_do_{task.action.kind}")(task.action, task.timing)
        self._attach(outcome.record, task.action, task.timing, task.photos)
        task.values |= self._subject(outcome.record) | {"photo_count": len(task.photos)}
        result = outcome.result
        if outcome.verdict == "conflict":
            # What the phone no longer carries is still called by its name there.
            result = {"name": outcome.record.display_name, **result}
        return {"verdict": outcome.verdict, "message": outcome.message, "result": result}

    @api.model
    def _verdict_on(self, error):
        """What a refusal says to the person."""
        if isinstance(error, ActionError):
            return self._refused(error.reason, **error.values)
        if isinstance(error, AccessError):
            return self._refused("no_permission")
        if isinstance(error, IntegrityError):
            return self._refused("database", reason=self._constraint_message(error))
        return {"verdict": "refused", "message": str(error), "result": {}}

    @api.model
    def _note(self, task):
        """Write what became of an action into its row of the log; gives its verdict."""
        values = task.values | task.verdict
        if task.verdict["verdict"] == "refused":
            values |= self._subject(self._named(task.values["payload"] or {})) | {"photo_count": 0}
        task.row.write(values)
        return task.verdict

    def _constraint_message(self, error):
        tables = {model._table: name for name, model in self.env.registry.items()}
        model = self.env[tables.get(error.diag.table_name, self._name)]
        return model._sql_error_to_message(error)

    @api.model
    def _cleaned(self, action: FieldAction, read_photo) -> list[Photo]:
        photos = []
        for number, name in enumerate(action.photo_fields, start=1):
            content = read_photo(name)
            if content is None:
                raise ActionError("photo_missing", number=number)
            try:
                photos.append(clean_photo(content))
            except PhotoError as error:
                raise ActionError(f"photo_{error.reason}", number=number) from error
        return photos

    @api.model
    def _cleaned_signatures(self, action: FieldAction, read_photo) -> dict[str, bytes]:
        """The drawn signatures of an action by the side that signed."""
        signatures = {}
        for side, name in action.signature_fields.items():
            content = read_photo(name)
            if content is None:
                raise ActionError("signature_missing")
            try:
                signatures[side] = clean_signature(content)
            except PhotoError as error:
                raise ActionError("signature_damaged") from error
        return signatures

    @api.model
    def _attach(self, record, action: FieldAction, timing: Timing, photos: list[Photo]):
        """Attach cleaned photos, with what proves them in the description."""
        position = action.payload.get("position")
        local = fields.Datetime.context_timestamp(self, timing.happened_at)
        # sudo: a photo belongs to the action, which was allowed on this record.
        self.env["ir.attachment"].sudo().create(
            [
                {
                    "name": f"{local:%Y%m%d-%H%M}-{number}.jpg",
                    "res_model": record._name,
                    "res_id": record.id,
                    "raw": photo.content,
                    "mimetype": "image/jpeg",
                    "description": self._photo_description(photo, local, position),
                }
                for number, photo in enumerate(photos, start=1)
            ]
        )

    def _photo_description(self, photo, moment, position):
        lines = [
            f"SHA-256: {photo.sha256}",
            self.env._("Taken: %(time)s", time=f"{moment:%d/%m/%Y %H:%M:%S %z}"),
        ]
        if position:
            lines.append(
                self.env._(
                    "Place: %(latitude).6f, %(longitude).6f (± %(accuracy).0f m)",
                    latitude=position.latitude,
                    longitude=position.longitude,
                    accuracy=position.accuracy,
                )
            )
        return "\n".join(lines)

    @api.model
    def _named(self, payload):
        """The order or asset that a refused action was about, out of reach or not."""
        for name, model in NAMED:
            record_id = payload.get(name)
            # To Python "true" is the number one.
            if type(record_id) is int and 0 < record_id <= LARGEST_ID:
                # sudo: for the log, which has its own rules.
                return self.env[model].sudo().browse(record_id).exists()
        return self.env["maintenance.equipment"]

    @api.model
    def _subject(self, record):
        """The columns of the log that say what an action was about."""
        if record._name == "maintenance.request":
            return {
                "request_id": record.id,
                "equipment_id": record.equipment_id.id,
                "unit_id": record.unit_id.id,
            }
        return {"equipment_id": record.id, "unit_id": record.unit_id.id}
