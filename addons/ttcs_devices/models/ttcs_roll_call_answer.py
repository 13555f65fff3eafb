from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .ttcs_roll_call_line import ANSWERS

LONGEST_NOTE = 200


class TtcsRollCallAnswer(models.Model):
    """What somebody told of a loudspeaker; never changed, a later word counts for it.

    A telephone that sends the same tap twice has sent it once: each tap has a key of its own.
    """

    _name = "ttcs.roll.call.answer"
    _description = "Answer to a roll call"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "id desc"
    _rec_name = "line_id"

    line_id = fields.Many2one(
        "ttcs.roll.call.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    equipment_id = fields.Many2one(related="line_id.equipment_id", string="Asset")
    answer = fields.Selection(ANSWERS, required=True, readonly=True)
    source = fields.Selection(
        [("listener", "Listener"), ("officer", "Officer"), ("citizen", "Passer-by")],
        required=True,
        readonly=True,
    )
    listener_id = fields.Many2one(
        "ttcs.listener", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict", string="Officer")
    # Tells passers-by of one loudspeaker apart; nothing of the person can be read from it.
    visitor = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    key = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    note = fields.Char(readonly=True, size=LONGEST_NOTE)
    said_at = fields.Datetime(readonly=True, string="Told on", default=fields.Datetime.now)

    _key_once = models.UniqueIndex(
        "(line_id, key) WHERE key IS NOT NULL", "This tap was counted already."
    )
    _said_by_somebody = models.Constraint(
        "CHECK ((source = 'listener') = (listener_id IS NOT NULL)"
        " AND (source = 'officer') = (user_id IS NOT NULL)"
        " AND (source = 'citizen') = (visitor IS NOT NULL))",
        "An answer comes from a listener, an officer or a passer-by.",
    )
    _in_time = TriggerConstraint(
        lambda env, diagnostics: env._(
            "Answers are taken while the roll call runs: from its broadcast until its end."
        )
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._("What was told stays as it is; a later answer counts.")
    )

    @api.model
    def _note_answers(self, lines, answer, source, **values):
        """Write an answer for each line, unless this very tap was written already.

        :param values: ``listener_id`` or ``visitor``, ``key``, ``note``
        :returns: how many were new
        """
        note = (values.get("note") or "").strip()[:LONGEST_NOTE] or None
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO ttcs_roll_call_answer
                (line_id, answer, source, listener_id, visitor, key, note, said_at,
                create_uid, create_date, write_uid, write_date)
            SELECT id, %(answer)s, %(source)s, %(listener_id)s, %(visitor)s, %(key)s, %(note)s,
                now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC',
                %(uid)s, now() AT TIME ZONE 'UTC'
            FROM unnest(%(lines)s) AS id ORDER BY id
            ON CONFLICT (line_id, key) WHERE key IS NOT NULL DO NOTHING
            """,
            {
                "answer": answer,
                "source": source,
                "listener_id": values.get("listener_id"),
                "visitor": values.get("visitor"),
                "key": values.get("key"),
                "note": note,
                "uid": self.env.uid,
                "lines": lines.ids,
            },
        )
        count = self.env.cr.rowcount
        self.env.invalidate_all()
        return count
