from odoo import api, fields, models
from odoo.exceptions import UserError

from ..imports.place_resolver import ADD_HAMLET


class TtcsImportQuestion(models.Model):
    """A text of a list that the matching could not settle, asked once for all its rows.

    The answer is remembered for the next list of the same agency.
    """

    _name = "ttcs.import.question"
    _description = "Open question of an import"
    _order = "batch_id desc, id"
    _rec_name = "prompt"
    _log_access = False

    batch_id = fields.Many2one("ttcs.import.batch", required=True, index=True, ondelete="cascade")
    topic = fields.Char(required=True)
    key = fields.Char(required=True)
    text = fields.Char(string="As written")
    prompt = fields.Char(string="Question")
    options = fields.Json()
    answer = fields.Char()
    row_count = fields.Integer(string="Rows")
    row_numbers = fields.Char(string="In rows")

    _question_unique = models.Constraint(
        "UNIQUE (batch_id, topic, key)", "This question has been asked already."
    )

    def action_answer(self, value):
        """Answer for all rows that wait for it, and check them again.

        :param value: value of one of the options; an empty one takes the answer back
        """
        self.ensure_one()
        self.batch_id._check_may_change()
        allowed = {option["value"] for option in self.options}
        if value and value not in allowed:
            raise UserError(self.env._("This is none of the answers to choose from."))
        if value:
            kind = self.batch_id._import_kind()
            value = kind.answer_creates(self.topic, self.key, self.text, value)
        # sudo: answers are kept by the engine, after the checks above.
        self.sudo().answer = value
        return self.batch_id._answered()

    def _open_to_adding(self):
        """The open questions that can be answered by recording an unknown hamlet."""
        return self.filtered(
            lambda question: (
                not question.answer
                and ADD_HAMLET in {option["value"] for option in question.options or ()}
            )
        )

    @api.model
    def _answers(self, batch):
        """Answers by topic and key: those of this batch, else those of the agency's last ones."""
        earlier = self.search(
            [
                ("batch_id.agency_id", "=", batch.agency_id.id),
                ("batch_id.kind", "=", batch.kind),
                ("batch_id", "!=", batch.id),
                ("batch_id.state", "=", "done"),
                ("answer", "!=", False),
            ],
            order="batch_id",
        )
        # Which of two rows is right was said of rows of that very file.
        earlier = earlier.filtered(
            lambda question: (
                not question.topic.startswith("repeated:")
                or question.batch_id.file_hash == batch.file_hash
            )
        )
        own = self.search([("batch_id", "=", batch.id)])
        answers = {(question.topic, question.key): question.answer for question in earlier}
        answers.update(
            {
                (question.topic, question.key): question.answer
                for question in own
                if question.answer or (question.topic, question.key) in answers
            }
        )
        return {identity: answer for identity, answer in answers.items() if answer}

    @api.model
    def _replace(self, batch, questions, answers):
        """Store the questions of the latest check; gives ids by identity."""
        known = {
            (question.topic, question.key): question
            for question in self.search([("batch_id", "=", batch.id)])
        }
        vals = {
            question.identity: {
                "batch_id": batch.id,
                "topic": question.topic,
                "key": question.key,
                "text": question.text,
                "prompt": question.prompt,
                "options": [
                    {"value": option.value, "label": option.label} for option in question.options
                ],
                "answer": answers.get(question.identity),
                "row_count": len(question.numbers),
                "row_numbers": _abridged(question.numbers),
            }
            for question in questions
        }
        for identity, question in known.items():
            if identity in vals:
                question.write(vals[identity])
            else:
                question.unlink()
        created = self.create([vals[identity] for identity in vals if identity not in known])
        kept = [question for identity, question in known.items() if identity in vals]
        return {(question.topic, question.key): question.id for question in [*kept, *created]}


def _abridged(numbers):
    shown = ", ".join(str(number) for number in sorted(set(numbers))[:8])
    return f"{shown}…" if len(set(numbers)) > 8 else shown
