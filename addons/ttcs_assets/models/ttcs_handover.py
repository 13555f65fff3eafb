import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint
from odoo.addons.ttcs_base.text.vietnamese import fold


class TtcsHandover(models.Model):
    """A paper by which assets pass from one custodian to another, signed by both.

    Signing it moves the custody of all its assets or of none, and freezes it.  Ownership stays
    where it is: an agency gives its own assets to a person of its own, or to a contractor.
    """

    _name = "ttcs.handover"
    _description = "Hand-over of custody"
    _inherit = ["mail.thread", "ttcs.form.mixin", "ttcs.guarded.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(readonly=True, copy=False, default="/", string="Number")
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        string="Owning agency",
        default=lambda self: self.env["maintenance.equipment"]._default_agency_id(),
    )
    unit_id = fields.Many2one(related="agency_id.unit_id", store=True, index=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._today())
    giver_person_id = fields.Many2one(
        "ttcs.person",
        string="Handed over by",
        index=True,
        ondelete="restrict",
        help="Left empty, the agency itself hands over.",
    )
    receiver_person_id = fields.Many2one(
        "ttcs.person", string="Received by", index=True, ondelete="restrict"
    )
    receiver_agency_id = fields.Many2one(
        "ttcs.agency",
        string="Receiving agency",
        index=True,
        ondelete="restrict",
        help="The receiver's agency, or the contractor who receives.",
    )
    line_ids = fields.One2many("ttcs.handover.line", "handover_id", string="Assets")
    asset_count = fields.Integer(compute="_compute_asset_count", string="Number of assets")
    note = fields.Text()
    state = fields.Selection(
        [("draft", "Draft"), ("signed", "Signed")],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
    )
    giver_name = fields.Char(string="Signed by the giver", copy=False)
    # In the row, so that the trigger which freezes a signed paper sees them.
    giver_signature = fields.Binary(attachment=False, copy=False)
    giver_sha256 = fields.Char(readonly=True, copy=False, string="SHA-256 of the giver")
    receiver_name = fields.Char(string="Signed by the receiver", copy=False)
    receiver_signature = fields.Binary(attachment=False, copy=False)
    receiver_sha256 = fields.Char(readonly=True, copy=False, string="SHA-256 of the receiver")
    signed_at = fields.Datetime(readonly=True, copy=False)
    signed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", string="Recorded by"
    )
    number_id = fields.Many2one(
        "ttcs.document.number", string="Tracking number", readonly=True, copy=False
    )
    action_uuid = fields.Char(readonly=True, copy=False)

    _uuid_unique = models.UniqueIndex(
        "(action_uuid) WHERE action_uuid IS NOT NULL", "This hand-over was received already."
    )
    _receiver_is_another = models.Constraint(
        "CHECK (receiver_person_id IS NULL OR giver_person_id IS NULL"
        " OR receiver_person_id <> giver_person_id)",
        "The receiver is another person than the giver.",
    )
    _signed_by_both = models.Constraint(
        "CHECK (state <> 'signed' OR (COALESCE(giver_name, '') <> ''"
        " AND COALESCE(receiver_name, '') <> '' AND signed_at IS NOT NULL"
        " AND (receiver_person_id IS NOT NULL OR receiver_agency_id IS NOT NULL)))",
        "A hand-over is signed by both sides.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "Hand-over %(number)s was signed by both sides and stays as it is. Make another "
            "hand-over instead.",
            number=diagnostics.message_detail,
        )
    )

    def _compute_asset_count(self):
        counts = dict(
            self.env["ttcs.handover.line"]._read_group(
                [("handover_id", "in", self.ids)], ["handover_id"], ["__count"]
            )
        )
        for paper in self:
            paper.asset_count = counts.get(paper._origin, len(paper.line_ids))

    @api.depends("name", "receiver_person_id", "receiver_agency_id")
    def _compute_display_name(self):
        for paper in self:
            # sudo: who received is told on the agency's own paper, in reach or not.
            known = paper.sudo()
            receiver = known.receiver_person_id.name or known.receiver_agency_id.name or ""
            number = paper.name if paper.name != "/" else ""
            parts = [part for part in (number, receiver) if part]
            paper.display_name = " · ".join(parts) or self.env._("New hand-over")

    @api.onchange("giver_person_id")
    def _onchange_giver_person_id(self):
        self.giver_name = self.giver_person_id.name

    @api.onchange("receiver_person_id")
    def _onchange_receiver_person_id(self):
        self.receiver_name = self.receiver_person_id.name
        agencies = self.receiver_person_id.assignment_ids.filtered("in_force").agency_id
        if len(agencies) == 1:
            self.receiver_agency_id = agencies

    @api.constrains("giver_signature", "receiver_signature")
    def _check_signatures_are_pictures(self):
        for paper in self:
            for content in (paper.giver_signature, paper.receiver_signature):
                if content and not base64.b64decode(content).startswith(b"\x89PNG\r\n\x1a\n"):
                    raise ValidationError(
                        self.env._("A signature is a PNG picture. Sign again on the screen.")
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for paper in self:
            if paper.state == "signed":
                raise UserError(
                    self.env._("Hand-over %(number)s was signed and is kept.", number=paper.name)
                )

    @api.model
    def _ask(self, assets, giver=None):
        """The form of a new hand-over of assets of one agency."""
        if not assets:
            raise UserError(self.env._("There is no asset to hand over."))
        if len(assets.agency_id) > 1:
            raise UserError(
                self.env._("These assets belong to several agencies. Hand them over by agency.")
            )
        holders = assets.custodian_id
        giver = giver or (holders if len(holders) == 1 else holders.browse())
        lines = [
            (0, 0, {"equipment_id": asset.id, "condition": asset.condition}) for asset in assets
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over assets"),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": {
                "default_agency_id": assets.agency_id.id,
                "default_giver_person_id": giver.id,
                "default_giver_name": giver.name,
                "default_line_ids": lines,
            },
        }

    # Signing --------------------------------------------------------------------------------

    def action_sign(self):
        for paper in self:
            paper.check_access("write")
            paper._sign()

    def _sign(self):
        """Freeze the paper and pass the custody of all its assets, or refuse it as a whole.

        :raises UserError: naming the first assets that stand in the way, and why
        """
        self.ensure_one()
        if self.state == "signed":
            raise UserError(self.env._("Hand-over %(number)s is signed.", number=self.name))
        # Locked in order of ids: two papers about the same asset meet here, and the second
        # starts anew with what the first has done.
        self.env.cr.execute(
            "SELECT id FROM maintenance_equipment WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [self.line_ids.equipment_id.ids],
        )
        self.receiver_agency_id = self.receiver_agency_id or self._usual_agency()
        problem = self._problem_of_parties() or self._problem_of_assets()
        if problem:
            raise UserError(problem)
        number = self.env["ttcs.document.series"]._issue(
            self.agency_id, "handover", self, self.date.year
        )
        assets = self.line_ids.equipment_id
        self._by_steps().write(
            {
                "name": number.name,
                "number_id": number.id,
                "state": "signed",
                "signed_at": fields.Datetime.now(),
                "signed_by_id": self.env.uid,
                "giver_sha256": self._hash_of(self.giver_signature),
                "receiver_sha256": self._hash_of(self.receiver_signature),
            }
        )
        self.flush_recordset()
        assets._hand_to(self.receiver_person_id, self.receiver_agency_id, self.date, self)

    def _usual_agency(self):
        """The receiver's agency where it is another than the owner, such as a contractor."""
        # sudo: where the receiver works, to record who holds the assets.
        assignments = self.env["ttcs.assignment"].sudo()
        domain = assignments._domain_in_force_on(self.date)
        domain &= Domain("person_id", "=", self.receiver_person_id.id)
        agencies = assignments.search(domain).agency_id
        return agencies if len(agencies) == 1 and agencies != self.agency_id else False

    @api.model
    def _hash_of(self, signature):
        return hashlib.sha256(base64.b64decode(signature)).hexdigest() if signature else False

    def _problem_of_parties(self):
        today = self.env.company._today()
        if not self.line_ids:
            return self.env._("No asset is on this paper. Add at least one.")
        if self.date > today:
            return self.env._("The day of the hand-over lies in the future.")
        if not self.receiver_person_id and self.receiver_agency_id.kind != "contractor":
            return self.env._("Choose who receives: a person, or a contractor.")
        if self.receiver_person_id and not self._receiver_is_assigned():
            return self.env._(
                "%(person)s has no assignment in force on %(date)s and cannot receive assets. "
                "Record the assignment first, or choose somebody else.",
                person=self.receiver_person_id.name,
                date=self.date.strftime("%d/%m/%Y"),
            )
        return self._problem_of_receiver_agency() or self._problem_of_names()

    def _problem_of_receiver_agency(self):
        """Assets are held for their owner: by its own people, those of an agency above it, such
        as a technician of the department, or a contractor."""
        # sudo: kind, name and place of an office are public.
        agency, owner = self.sudo().receiver_agency_id, self.sudo().agency_id
        if not agency or agency == owner or agency.kind == "contractor":
            return None
        above = owner.unit_id.parent_id
        while above:
            if above == agency.unit_id:
                return None
            above = above.parent_id
        return self.env._(
            "%(agency)s is another agency. Assets pass to it by a decision on their transfer, not "
            "by a hand-over.",
            agency=agency.name,
        )

    def _problem_of_names(self):
        """Whoever signs is whoever the paper names."""
        sides = (
            (self.giver_person_id.name, self.giver_name),
            (self.receiver_person_id.name, self.receiver_name),
        )
        for person, name in sides:
            if not (name or "").strip():
                return self.env._("Both sides sign: enter the name of each.")
            if person and fold(name) != fold(person):
                return self.env._(
                    "“%(name)s” signed in place of %(person)s. Have that person sign, or choose "
                    "who really hands over or receives.",
                    name=name.strip(),
                    person=person,
                )
        return None

    def _receiver_is_assigned(self):
        # sudo: whether somebody is assigned, not where.
        assignments = self.env["ttcs.assignment"].sudo()
        domain = assignments._domain_in_force_on(self.date)
        domain &= Domain("person_id", "=", self.receiver_person_id.id)
        if self.receiver_agency_id:
            domain &= Domain("agency_id", "=", self.receiver_agency_id.id)
        return bool(assignments.search_count(domain, limit=1))

    def _problem_of_assets(self):
        """Why some asset cannot pass by this paper; asked once for all of them."""
        self.env.flush_all()
        assets = self.line_ids.equipment_id
        assets.invalidate_recordset(["custodian_id", "life_state", "agency_id"])
        gone = assets.filtered(lambda asset: asset.life_state == "disposed")
        if gone:
            return self.env._("%(assets)s: disposed of.", assets=self._names_of(gone))
        foreign = assets.filtered(lambda asset: asset.agency_id != self.agency_id)
        if foreign:
            return self.env._(
                "%(assets)s: owned by another agency.", assets=self._names_of(foreign)
            )
        held = assets.custodian_id
        if held and not self.giver_person_id:
            return self.env._(
                "%(holder)s holds some of these assets and signs as the giver. Choose the giver.",
                holder=held[0].name,
            )
        others = assets.filtered(lambda asset: asset.custodian_id != self.giver_person_id)
        if self.giver_person_id and others:
            return self.env._(
                "%(assets)s: no longer with %(giver)s. They were handed over by another paper; "
                "nothing was changed.",
                assets=self._names_of(others),
                giver=self.giver_person_id.name,
            )
        later = self.env["ttcs.custody"].search_fetch(
            [("equipment_id", "in", assets.ids), ("valid_from", ">", self.date)],
            ["equipment_id"],
        )
        if later:
            return self.env._(
                "%(assets)s: handed over on a later day already. Choose that day or a later one.",
                assets=self._names_of(later.equipment_id),
            )
        return None

    @api.model
    def _names_of(self, assets):
        names = assets[:5].mapped("display_name")
        return ", ".join(names) + (" …" if len(assets) > 5 else "")
