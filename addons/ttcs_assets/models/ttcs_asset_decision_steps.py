from datetime import timedelta

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions import ValuedAsset, approval_steps
from .ttcs_asset_decision import EDITABLE, METHODS_OF_KIND, WITH_RECEIVER

# Days after which a proposal is out of date: values and offices are others by then.
LONGEST_BACK = 366


class TtcsAssetDecision(models.Model):
    """The way of a dossier: who may act at which step, and what each act does."""

    _inherit = "ttcs.asset.decision"

    # Who approves ---------------------------------------------------------------------------

    def _route(self):
        """The steps of approval by today's table: list of ``(level, agency)``."""
        self.ensure_one()
        # sudo: the table is public; a named office may be out of the proposer's reach.
        levels = self.env["ttcs.approval.level"].sudo()
        assets = [
            ValuedAsset(int(line.original_cost), int(line.residual_value))
            for line in self.line_ids
        ]
        # sudo: the kind of an office is public.
        agency = self.agency_id.sudo()
        rows = approval_steps(
            levels._rows_for(self.kind),
            self.kind,
            agency.id,
            agency.kind,
            assets,
            self.env.company._today(),
        )
        steps = [levels.browse(row.key) for row in rows]
        return [(level, level._approver_for(agency)) for level in steps]

    def _why_not_approver(self):
        """Why the user may not act on this dossier now; ``None`` when he may."""
        self.ensure_one()
        if self.state != "submitted":
            return self.env._("%(dossier)s waits for no approval.", dossier=self.display_name)
        if self.proposer_id == self.env.user:
            return self.env._(
                "You proposed %(dossier)s yourself; somebody else approves it.",
                dossier=self.display_name,
            )
        # sudo: the level's requirement and the user's own assignments.
        level, agency = self.sudo().level_id, self.sudo().approver_agency_id
        assignments = self.env.user.sudo().ttcs_person_ids.assignment_ids.filtered(
            lambda held: held.in_force and held.agency_id == agency
        )
        if level.position_id:
            assignments = assignments.filtered(lambda a: a.position_id == level.position_id)
        duty = level.duty_id or self.env.ref("ttcs_base.ttcs_duty_leader").sudo()
        if duty in assignments.duty_ids:
            return None
        return self.env._(
            "%(dossier)s waits for %(agency)s. Only a person assigned there with the duty "
            "“%(duty)s” may act on it.",
            dossier=self.display_name,
            agency=agency.name,
            duty=duty.name,
        )

    def _check_approver(self):
        for dossier in self:
            reason = dossier._why_not_approver()
            if reason and dossier.state == "submitted":
                raise AccessError(reason)
            if reason:
                raise UserError(reason)

    def _check_route_is_current(self):
        """The office that is competent on the day of the decision decides, not a former one.

        :returns: the steps after this one
        """
        self.ensure_one()
        steps, this_round = self._route(), self._round()
        agreed = sum(act.act == "agreed" and act.id > this_round for act in self.approval_ids)
        known = self.sudo()
        if steps[agreed : agreed + 1] == [(known.level_id, known.approver_agency_id)]:
            return steps[agreed + 1 :]
        raise UserError(
            self.env._(
                "The table of approvals changed since %(dossier)s was submitted. Return it, so "
                "that it is submitted anew to who is competent now.",
                dossier=self.display_name,
            )
        )

    def _round(self):
        """Id of the latest submission among the acts; opinions before it were on other terms."""
        return max(self.approval_ids.filtered(lambda a: a.act == "submitted").ids, default=0)

    # Acts -----------------------------------------------------------------------------------

    def action_submit(self):
        for dossier in self:
            dossier.check_access("write")
            dossier._check_complete()
            dossier.line_ids._take_values()
            steps = dossier._route()
            dossier._check_steps(steps)
            level, agency = steps[0]
            if dossier.name == "/":
                number = self.env["ttcs.document.series"]._issue(
                    dossier.agency_id, "asset_decision", dossier, dossier.date.year
                )
                dossier._by_steps().write({"name": number.name, "number_id": number.id})
            dossier._move(
                {
                    "state": "submitted",
                    "proposer_id": self.env.uid,
                    "submitted_at": fields.Datetime.now(),
                    "level_id": level.id,
                    "approver_agency_id": agency.id,
                    "closing_reason": False,
                }
            )
            dossier._note("submitted", dossier.reason)

    def _check_steps(self, steps):
        if not steps:
            raise UserError(
                self.env._(
                    "Nobody is named who approves %(dossier)s. Ask the administrator to complete "
                    "the levels of approval.",
                    dossier=self.display_name,
                )
            )
        for level, agency in steps:
            if not agency:
                raise UserError(
                    self.env._(
                        "The level “%(level)s” names no office for %(agency)s. Ask the "
                        "administrator to record its superior or the provincial committee.",
                        level=level.name,
                        agency=self.agency_id.name,
                    )
                )

    def _check_complete(self):
        self.ensure_one()
        today = self.env.company._today()
        problem = None
        if self.state not in EDITABLE:
            problem = self.env._("it was submitted before")
        elif not self.line_ids:
            problem = self.env._("no asset is in it; add at least one")
        elif self.date > today:
            problem = self.env._("its date lies in the future; choose today or earlier")
        elif self.date < today - timedelta(days=LONGEST_BACK):
            problem = self.env._("its date lies more than a year back; choose a later one")
        elif self.kind in WITH_RECEIVER and not self.receiver_agency_id:
            problem = self.env._("name the receiving agency")
        elif self.kind in METHODS_OF_KIND and self.method not in METHODS_OF_KIND[self.kind]:
            problem = self.env._("choose the method that belongs to its kind")
        elif self.kind == "loss" and not (self.cause or "").strip():
            problem = self.env._("say what caused the loss")
        elif not (self.reason or "").strip():
            problem = self.env._("give the reason")
        else:
            problem = self._problem_of_assets()
        if problem:
            raise UserError(
                self.env._(
                    "%(dossier)s cannot be submitted: %(problem)s.",
                    dossier=self.display_name,
                    problem=problem,
                )
            )

    def _problem_of_assets(self):
        assets = self.line_ids.equipment_id
        foreign = assets.filtered(lambda asset: asset.agency_id != self.agency_id)
        if foreign:
            return self.env._(
                "%(assets)s belong to another agency; take them out",
                assets=self._names_of(foreign),
            )
        gone = assets.filtered(lambda asset: asset.life_state == "disposed")
        if gone:
            return self.env._(
                "%(assets)s were disposed of before; take them out", assets=self._names_of(gone)
            )
        return None

    @api.model
    def _names_of(self, assets):
        names = assets[:5].mapped("display_name")
        return ", ".join(names) + (" …" if len(assets) > 5 else "")

    def _approve(self, opinion, number, date):
        """Agree at this step; at the last one this is the decision, with number and date."""
        self.ensure_one()
        self._check_approver()
        following = self._check_route_is_current()
        if following:
            self._note("agreed", opinion)
            level, agency = following[0]
            self._move({"level_id": level.id, "approver_agency_id": agency.id})
            return
        self._check_decision(number, date)
        self._note("approved", opinion)
        self._move(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "decision_number": number.strip(),
                "decision_date": date,
            }
        )

    def _check_decision(self, number, date):
        if not (number or "").strip() or not date:
            raise UserError(self.env._("Enter the number and the date of the decision."))
        if date > self.env.company._today():
            raise UserError(
                self.env._("The date of the decision lies in the future. Choose today or earlier.")
            )
        if date < self.date:
            raise UserError(
                self.env._(
                    "The decision is dated before the proposal of %(date)s. Correct its date.",
                    date=self.date.strftime("%d/%m/%Y"),
                )
            )

    def _send_back(self, act, reason):
        """Return or reject, by who may approve.

        :param act: ``returned`` or ``rejected``
        """
        self.ensure_one()
        self._check_approver()
        reason = self._said(reason)
        self._note(act, reason)
        self._move({"state": act, "closing_reason": reason})
        if act == "rejected":
            self._close_lines()

    def _cancel(self, reason):
        """Give a dossier up, or what was not carried out of it; by its own office."""
        self.ensure_one()
        if self.state not in ("draft", "returned", "submitted", "approved"):
            raise UserError(self.env._("%(dossier)s is closed.", dossier=self.display_name))
        self.check_access("write")
        reason = self._said(reason)
        self._note("cancelled", reason)
        # What was carried out of it stays carried out.
        begun = any(line.state == "carried_out" for line in self.line_ids)
        state = "carried_out" if begun else "cancelled"
        self._move({"state": state, "closing_reason": reason})
        self._close_lines()

    def _close_lines(self):
        # sudo: whoever closes the dossier frees its assets; he may only read them.
        lines = self.sudo().line_ids.filtered(lambda line: line.state == "open")
        lines.write({"state": "closed"})
        lines.flush_recordset()

    def _move(self, vals):
        """Take a step, each by itself: the database refuses one that skips another."""
        self.env.flush_all()
        # sudo: an approver reads dossiers and changes nothing but their state; every act has
        # checked before who may.
        self.sudo().write(vals)
        self.flush_recordset()

    def _said(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why."))
        return reason

    def _note(self, act, opinion):
        """Keep who did what; written by these methods only."""
        self.ensure_one()
        # sudo: nobody may write opinions by himself, each act does.
        self.env["ttcs.asset.decision.approval"].sudo().create(
            {
                "decision_id": self.id,
                "owner_agency_id": self.agency_id.id,
                "act": act,
                "user_id": self.env.uid,
                "proposer_id": self.proposer_id.id or False,
                "agency_id": self.approver_agency_id.id or self.agency_id.id,
                "level_id": self.level_id.id or False,
                "opinion": opinion or False,
            }
        )

    # Dialogs --------------------------------------------------------------------------------

    def action_ask_approve(self):
        return self._ask("approve")

    def action_ask_return(self):
        return self._ask("return")

    def action_ask_reject(self):
        return self._ask("reject")

    def action_ask_cancel(self):
        return self._ask("cancel")

    def action_ask_carry_out(self):
        return self._ask("carry_out")

    def _ask(self, act, lines=None):
        self.ensure_one()
        titles = {
            "approve": self.env._("Approve"),
            "return": self.env._("Return"),
            "reject": self.env._("Reject"),
            "cancel": self.env._("Cancel the dossier"),
            "carry_out": self.env._("Record as carried out"),
        }
        context = {"default_decision_id": self.id, "default_act": act}
        if lines:
            context["default_line_ids"] = [(6, 0, lines.ids)]
        return {
            "type": "ir.actions.act_window",
            "name": titles[act],
            "res_model": "ttcs.asset.decision.act",
            "context": context,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _domain_for_me(self):
        """The dossiers that wait for the user's own office, if he may act there."""
        # sudo: the user's own assignments.
        held = self.env.user.sudo().ttcs_person_ids.assignment_ids.filtered("in_force")
        waiting = self.sudo().search(
            [("state", "=", "submitted"), ("approver_agency_id", "in", held.agency_id.ids)]
        )
        mine = waiting.with_env(self.env).filtered(lambda dossier: not dossier._why_not_approver())
        return fields.Domain("id", "in", mine.ids)

    @api.model
    def _action_for_me(self):
        action = self._action_on(self.env._("Waiting for my approval"), self._domain_for_me())
        nothing = self.env._("No dossier waits for your approval")
        return {
            **action,
            "context": {"create": False},
            "help": f'<p class="o_view_nocontent_smiling_face">{escape(nothing)}</p>',
        }

    @api.model
    def _action_on(self, title, domain):
        """A list of dossiers, as cards on a phone."""
        action = self.env["ttcs.today"]._list_action(title, self._name, list(domain))
        return {
            **action,
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            "mobile_view_mode": "kanban",
        }
