"""What a kind of list has in common with every other: from records to verdicts to writing.

A kind asks the database a few questions for a whole list, never one for a row, and always as
the user who imports, so that access rules decide what is seen and written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property

from ..spreadsheet.fields import FieldSpec
from ..spreadsheet.parsed import Problem
from ..text.vietnamese import fold
from .question import Option, Question
from .record import DUPLICATE, QUESTION, REFUSED, SAME, UPDATE, Change, ImportRecord

LEAVE_OUT = "leave_out"
LEAVE_BLANK = "leave_blank"
BOTH = "both"
# Cells that only the office can repair: reading past them would lose what they should say.
_REPAIRED_IN_EXCEL = frozenset(("formula_uncalculated", "cell_error"))
_MOST_QUESTIONS = 200
_LONGEST_LABEL = 120


def choice_key(record) -> str:
    """The value of a choice that is a record; no number that a list might hold means it."""
    return f"record_{record.id}"


def chosen_id(value: str) -> int:
    """The id of the record that was chosen.

    >>> chosen_id("record_12")
    12
    """
    return int(value.rpartition("_")[2])


class ImportKind:
    """A kind of list, and one check or one writing of it.

    A subclass sets ``code``, ``model`` and ``identifiers`` (fields that each name a record
    alone, the strongest first) and fills in ``_name``, ``specs``, ``prepare``, ``resolve`` and
    ``snapshot``.

    :param batch: the ``ttcs.import.batch`` at hand; empty where only the fields are asked for
    """

    code = ""
    model = ""
    identifiers: tuple[str, ...] = ()
    # Key of the field with the code that a list given back tells of each record.
    code_field = ""
    # Models whose records are written along with those of ``model``.
    parts: tuple[str, ...] = ()

    def __init__(self, batch) -> None:
        self.batch = batch
        self.env = batch.env
        self.questions: dict[tuple[str, str], Question] = {}
        self.answers: Mapping[tuple[str, str], str] = {}

    @cached_property
    def by_key(self) -> dict[str, FieldSpec]:
        """The fields by their keys."""
        return {spec.key: spec for spec in self.specs()}

    # What a kind is -------------------------------------------------------------------------

    def name(self) -> str:
        """The name of the list, in the user's language."""
        raise NotImplementedError

    def explanation(self) -> str:
        """One sentence about what the list holds, in the user's language."""
        raise NotImplementedError

    def specs(self) -> tuple[FieldSpec, ...]:
        """The fields that the columns may hold."""
        raise NotImplementedError

    def needs(self) -> tuple[tuple[str, ...], ...]:
        """Alternatives of which a list must have one column (or one value for all rows)."""
        return tuple((spec.key,) for spec in self.specs() if spec.required)

    def constants(self) -> tuple[str, ...]:
        """The fields that may be given once for all rows where no column holds them."""
        return ()

    def guess_constant(self, key: str, context: str) -> str | None:
        """A value for all rows, guessed from the words around a list: file, sheet, title."""
        return None

    # Check ----------------------------------------------------------------------------------

    def start(self, answers: Mapping[tuple[str, str], str]) -> None:
        """Begin a check with what people answered to the questions of earlier ones."""
        self.answers, self.questions = answers, {}

    def check(self, records: Sequence[ImportRecord]) -> None:
        """Give every record its verdict and what would be written; collects ``questions``."""
        self.prepare([record for record in records if not record.settled])
        for record in records:
            if not record.settled:
                self.resolve(record)
        self._find_repetitions(records)
        live = [record for record in records if not record.settled]
        self._find_existing(live)
        self._compare([record for record in live if record.res_id and not record.settled])

    def prepare(self, records: Sequence[ImportRecord]) -> None:
        """Load what the records refer to, in a few queries."""

    def resolve(self, record: ImportRecord) -> None:
        """Turn the values of a record into ``vals``, ``label`` and ``key``, or settle it."""
        raise NotImplementedError

    def snapshot(self, ids: Iterable[int], names: Set[str]) -> dict[int, dict[str, object]]:
        """The present values of records by id and field of ``vals``, as JSON holds them.

        :param names: the fields of ``vals`` that are asked for; others may be left out
        """
        raise NotImplementedError

    def text_of(self, name: str, value: object) -> str:
        """A value of ``vals`` or of a snapshot as a person reads it."""
        return "" if value in (None, False, "") else str(value)

    def label_of(self, name: str) -> str:
        """The label of a field of ``vals``."""
        spec = self.by_key.get(name)
        return spec.label if spec else name

    def take_problem(self, record: ImportRecord, key: str, problem: Problem, text: str) -> None:
        """Settle, ask about or remark on a cell that was not read as it stands."""
        spec = self.by_key[key]
        message = self.env._(problem.message, **problem.arguments)
        if problem.code == "not_a_choice":
            self._ask_choice(record, spec, text)
        elif problem.is_error and (spec.required or problem.code in _REPAIRED_IN_EXCEL):
            record.settle(REFUSED, f"{spec.label}: {message}")
        elif problem.is_error:
            record.remark(
                self.env._(
                    "%(field)s was left blank: %(reason)s", field=spec.label, reason=message
                )
            )
        else:
            record.remark(f"{spec.label}: {message}")

    # Questions ------------------------------------------------------------------------------

    def ask(self, record: ImportRecord, question: Question, *, holds_back=True) -> str | None:
        """The answer to a question, else None, and the record waits for it.

        :param holds_back: whether the row cannot be written before the answer
        """
        known = self.questions.get(question.identity)
        if known is None:
            if len(self.questions) >= _MOST_QUESTIONS:
                record.settle(REFUSED, question.prompt)
                return None
            known = self.questions[question.identity] = question
        known.numbers.append(record.number)
        answer = self.answers.get(known.identity)
        if answer is None or record.question is None:
            record.question = known.identity
        if answer == LEAVE_OUT:
            record.settle(REFUSED, self.env._("Left out, as you chose."))
            return None
        if answer is None and holds_back:
            record.settle(QUESTION, known.prompt)
        return answer

    def leave_out_option(self) -> Option:
        return Option(LEAVE_OUT, self.env._("Leave these rows out"))

    def _ask_choice(self, record: ImportRecord, spec: FieldSpec, text: str) -> None:
        options = [Option(value, words[0]) for value, words in spec.choices.items()]
        if not spec.required:
            options.append(Option(LEAVE_BLANK, self.env._("Leave blank")))
        options.append(self.leave_out_option())
        question = Question(
            topic=f"choice:{spec.key}",
            key=fold(text)[:_LONGEST_LABEL],
            text=text,
            prompt=self.env._(
                "%(field)s: “%(text)s” is not known. What does it mean?",
                field=spec.label,
                text=text,
            ),
            options=tuple(options),
        )
        answer = self.ask(record, question)
        if answer in spec.choices:
            record.values = {**record.values, spec.key: answer}

    # Repetitions inside the list ------------------------------------------------------------

    def identities(self, record: ImportRecord) -> list[tuple[str, object]]:
        """What names the record: its identifiers, else its key."""
        named = [
            (name, str(record.vals[name])) for name in self.identifiers if record.vals.get(name)
        ]
        return named or ([("", record.key)] if record.key else [])

    def _find_repetitions(self, records: Iterable[ImportRecord]) -> None:
        """Settle all but one of the rows that name the same thing; ask which one where unsure."""
        groups: dict[tuple[str, object], list[ImportRecord]] = defaultdict(list)
        for record in records:
            if not record.settled:
                for identity in self.identities(record):
                    groups[identity].append(record)
        for identity, group in groups.items():
            group = [record for record in group if not record.settled]
            if len(group) > 1:
                self._settle_repetition(identity, group)

    def _settle_repetition(self, identity: tuple[str, object], group: list[ImportRecord]) -> None:
        first, last = group[0], group[-1]
        kept = first
        if any(record.vals != first.vals for record in group):
            question = self._repetition_question(identity, group)
            answers = [self.ask(record, question, holds_back=False) for record in group]
            if answers[0] == BOTH and not identity[0]:
                for count, record in enumerate(group[1:], 2):
                    record.key = f"{record.key}#{count}"
                return
            kept = last if answers[0] == "last" else first
        for record in group:
            if record is not kept:
                record.settle(
                    DUPLICATE,
                    self.env._(
                        "Names the same as row %(row)s (%(what)s), which is taken instead.",
                        row=kept.number,
                        what=self._identity_text(identity, kept),
                    ),
                )

    def _repetition_question(self, identity, group: Sequence[ImportRecord]) -> Question:
        first, last = group[0], group[-1]
        options = [
            Option("first", self.env._("Take row %(row)s", row=first.number)),
            Option("last", self.env._("Take row %(row)s", row=last.number)),
        ]
        if not identity[0]:
            options.append(Option(BOTH, self.env._("They are different: take all")))
        return Question(
            topic=f"repeated:{identity[0]}",
            key=str(identity[1])[:_LONGEST_LABEL],
            text=first.label,
            prompt=self.env._(
                "Rows %(rows)s name the same: %(what)s. Which one is right?",
                rows=", ".join(str(record.number) for record in group[:6]),
                what=self._identity_text(identity, first),
            ),
            options=tuple(options),
        )

    def _identity_text(self, identity, record: ImportRecord) -> str:
        name, value = identity
        return f"{self.label_of(name)} {value}" if name else record.label

    # What is there already ------------------------------------------------------------------

    def find_existing(
        self, records: Sequence[ImportRecord]
    ) -> dict[tuple[str, object], list[int]]:
        """Ids of the records in the database by what names them, in a few queries."""
        raise NotImplementedError

    def _find_existing(self, records: Sequence[ImportRecord]) -> None:
        existing = self.find_existing(records)
        self._recall(records, existing)
        taken: dict[int, ImportRecord] = {}
        for record in records:
            if record.settled:
                continue
            ids = self.matching_ids(record, existing)
            if len(ids) > 1:
                self.several_match(record, ids)
            elif ids:
                record.res_id = ids[0]
                other = taken.setdefault(record.res_id, record)
                if other is not record:
                    record.settle(
                        DUPLICATE,
                        self.env._(
                            "Means the same record as row %(row)s, which is taken instead.",
                            row=other.number,
                        ),
                    )

    def _recall(self, records: Sequence[ImportRecord], existing: dict) -> None:
        """Add what rows without a code have become in earlier imports, where names tell less."""
        unclear = {
            record.key
            for record in records
            if record.key and len(existing.get(("", record.key), ())) != 1
        }
        if not unclear:
            return
        keys = self.env["ttcs.import.key"]
        known = keys._ids_by_key(self.batch.agency_id, self.code, unclear)
        readable = set(self.env[self.model].search([("id", "in", list(known.values()))])._ids)
        for key, res_id in known.items():
            if res_id in readable:
                existing["", key] = [res_id]

    def matching_ids(
        self, record: ImportRecord, existing: Mapping[tuple[str, object], list[int]]
    ) -> list[int]:
        """The records that a row may mean: those with its identifiers, else with its key."""
        found = [
            each for identity in self.identities(record) for each in existing.get(identity, ())
        ]
        if not found and record.key:
            found = existing.get(("", record.key), [])
        return list(dict.fromkeys(found))

    def several_match(self, record: ImportRecord, ids: list[int]) -> None:
        """Ask which of several records a row means."""
        names = self.env[self.model].browse(ids)
        options = [Option(str(each.id), each.display_name) for each in names[:5]]
        question = Question(
            topic="which",
            key=f"{record.key}|{'|'.join(str(value) for _n, value in self.identities(record))}",
            text=record.label,
            prompt=self.env._("%(what)s may mean several records. Which one?", what=record.label),
            options=(*options, self.leave_out_option()),
        )
        answer = self.ask(record, question)
        if answer and answer.isdigit() and int(answer) in ids:
            record.res_id = int(answer)

    def _compare(self, records: Sequence[ImportRecord]) -> None:
        """Tell the rows that change something from those that say what is known."""
        names = set().union(*(record.vals for record in records))
        present = self.snapshot([record.res_id for record in records], names)
        for record in records:
            before = present.get(record.res_id)
            if before is None:
                continue
            self.compare(record, before)
            if record.settled:
                continue
            record.verdict = UPDATE if record.changes else SAME
            record.vals = {change.name: record.vals[change.name] for change in record.changes}

    def compare(self, record: ImportRecord, before: Mapping[str, object]) -> None:
        """Note what the row says otherwise than the database; blank cells say nothing."""
        for name, value in record.vals.items():
            if name in before and (before[name] or None) != (value or None):
                record.changes.append(
                    Change(
                        name=name,
                        label=self.label_of(name),
                        before=before[name],
                        before_text=self.text_of(name, before[name]),
                        after_text=self.text_of(name, value),
                    )
                )

    # Writing --------------------------------------------------------------------------------

    def create(self, vals_list: list[dict]) -> list[int]:
        """Create records; gives their ids in the same order."""
        return self.create_with_defaults(self.model, vals_list).ids

    def create_with_defaults(self, model: str, vals_list: list[dict]):
        """Create records; the defaults are asked for once instead of for each record.

        The kind has put the values together; a row cannot bring others (``specs``).
        """
        records = self.env[model]._by_steps()
        given = set.intersection(*(set(vals) for vals in vals_list)) if vals_list else set()
        defaults = records.default_get([name for name in records._fields if name not in given])
        return records.create([{**defaults, **vals} for vals in vals_list])

    def update(self, changes: Sequence[tuple[int, dict]]) -> None:
        """Write (id, values) pairs, those with equal values together."""
        groups: dict[str, tuple[dict, list[int]]] = {}
        for res_id, vals in changes:
            groups.setdefault(repr(sorted(vals.items())), (vals, []))[1].append(res_id)
        for vals, ids in groups.values():
            self.env[self.model].browse(ids).write(vals)

    def codes(self, ids: Iterable[int]) -> dict[int, str]:
        """The codes of records, for a list that is given back."""
        if not self.code_field:
            return {}
        records = self.env[self.model].browse(ids).exists()
        return {record.id: record[self.code_field] or "" for record in records}

    def answer_creates(self, topic: str, key: str, text: str, value: str) -> str:
        """Do what an answer asks for at once, and give the answer that stands from then on."""
        return value
