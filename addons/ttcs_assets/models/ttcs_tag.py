import secrets
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..tagging import (
    format_spoken_code,
    new_identifier,
    new_spoken_code,
    parse_spoken_code,
    scanned_code,
    tag_address,
)

POINTS = [
    ("control_box", "Control box"),
    ("pole_foot", "Foot of the pole"),
    ("horn", "Loudspeaker"),
    ("cabinet", "Cabinet in the station"),
    ("other", "Other"),
]


class TtcsTag(models.Model):
    """A printed QR code, apart from what it is stuck on.

    blank → assigned → revoked; a blank one that was spoiled is void.  Nothing is deleted, and
    a revoked code still says what it once marked.  The code of the QR never holds an id of
    the database: ten random symbols and eight of a signature (``tagging/code.py``).
    """

    _name = "ttcs.tag"
    _description = "QR tag"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "id desc"
    _rec_name = "code"
    _rec_names_search = ["code", "spoken_code"]

    identifier = fields.Char(required=True, readonly=True, copy=False)
    code = fields.Char(required=True, readonly=True, copy=False)
    spoken_code = fields.Char(required=True, readonly=True, copy=False)
    spoken_code_shown = fields.Char(compute="_compute_spoken_code_shown", string="Call code")
    state = fields.Selection(
        [
            ("blank", "Blank"),
            ("assigned", "In use"),
            ("revoked", "Revoked"),
            ("void", "Void"),
        ],
        required=True,
        readonly=True,
        default="blank",
        index=True,
        copy=False,
    )
    roll_id = fields.Many2one("ttcs.tag.roll", readonly=True, index=True, ondelete="restrict")
    roll_number = fields.Integer(readonly=True, string="Number on the roll")
    agency_id = fields.Many2one(
        "ttcs.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    equipment_id = fields.Many2one(
        "maintenance.equipment",
        string="Asset",
        readonly=True,
        index=True,
        ondelete="restrict",
        copy=False,
    )
    unit_id = fields.Many2one(related="equipment_id.unit_id", store=True, index=True)
    point = fields.Selection(POINTS, string="Stuck on")
    assigned_at = fields.Datetime(readonly=True, copy=False)
    assigned_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    revoked_at = fields.Datetime(readonly=True, copy=False)
    revoked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reason = fields.Char(readonly=True, copy=False, string="Reason for revoking")
    replaced_by_id = fields.Many2one("ttcs.tag", readonly=True, copy=False, ondelete="restrict")

    _identifier_unique = models.Constraint("UNIQUE (identifier)", "This code exists already.")
    _spoken_code_unique = models.Constraint(
        "UNIQUE (spoken_code)", "This call code exists already."
    )
    _roll_number_unique = models.UniqueIndex(
        "(roll_id, roll_number) WHERE roll_id IS NOT NULL", "This number of the roll exists."
    )
    _asset_by_state = models.Constraint(
        "CHECK (CASE state WHEN 'assigned' THEN equipment_id IS NOT NULL"
        " WHEN 'revoked' THEN equipment_id IS NOT NULL ELSE equipment_id IS NULL END)",
        "A tag in use names its asset; a blank or void one names none.",
    )
    _revoked_has_reason = models.Constraint(
        "CHECK (state NOT IN ('revoked', 'void') OR COALESCE(reason, '') <> '')",
        "Say why the tag is taken out of use.",
    )

    _code_is_kept = TriggerConstraint(
        "A printed code never changes, and a tag out of use never comes back: take another tag.",
    )

    @api.depends("spoken_code")
    def _compute_spoken_code_shown(self):
        for tag in self:
            tag.spoken_code_shown = format_spoken_code(tag.spoken_code) if tag.spoken_code else ""

    @api.model
    def _issue(self, vals_list):
        """Create tags with fresh codes; gives them blank.

        50 random bits do not meet twice in practice; ten million call codes may, so those
        taken already are asked for once and left out.
        """
        ring = self.env["ttcs.tag.key.ring"]._ring()
        spoken_codes = self._fresh_spoken_codes(len(vals_list))
        rows = []
        for vals, spoken_code in zip(vals_list, spoken_codes, strict=True):
            identifier = new_identifier()
            rows.append(
                {
                    **vals,
                    "identifier": identifier,
                    "code": ring.sign(identifier),
                    "spoken_code": spoken_code,
                }
            )
        return self.browse(self._by_steps().create(rows).ids)

    @api.model
    def _fresh_spoken_codes(self, count):
        random = secrets.SystemRandom()
        fresh = set()
        while len(fresh) < count:
            candidates = {new_spoken_code(random) for _ in range(count - len(fresh))}
            # sudo: a call code taken by a tag out of reach is taken all the same.
            taken = self.sudo().search_fetch(
                [("spoken_code", "in", list(candidates))], ["spoken_code"]
            )
            fresh |= candidates - set(taken.mapped("spoken_code"))
        return sorted(fresh, key=lambda _code: random.random())

    @api.model
    def _issue_for(self, assets, point=False):
        """New tags for assets, one each, already in use; gives the tags.

        Set-wise: one batch of new tags, one statement that assigns them all.
        """
        assets.check_access("read")
        tags = self._issue([{"agency_id": asset.agency_id.id} for asset in assets])
        self.flush_model()
        self.env.cr.execute(
            """
            UPDATE ttcs_tag tag
            SET state = 'assigned', equipment_id = asset.id, unit_id = asset.unit_id,
                point = %s, assigned_at = now() AT TIME ZONE 'UTC', assigned_by_id = %s
            FROM unnest(%s::integer[], %s::integer[]) AS pair(tag_id, asset_id)
            JOIN maintenance_equipment asset ON asset.id = pair.asset_id
            WHERE tag.id = pair.tag_id AND tag.state = 'blank'
            """,
            [point or None, self.env.uid, tags.ids, assets.ids],
        )
        tags.invalidate_recordset()
        assets.invalidate_recordset(["tag_ids", "tag_count"])
        return tags

    def _assign(self, asset, point=False):
        """Stick a blank tag on an asset.

        :raises UserError: when the tag is not blank; the statement below lets only one of two
            people who claim the same tag win
        """
        self.ensure_one()
        asset.ensure_one()
        asset.check_access("read")
        self.check_access("write")
        self.flush_recordset()
        self.env.cr.execute(
            """
            UPDATE ttcs_tag
            SET state = 'assigned', equipment_id = %s, unit_id = %s, point = %s,
                assigned_at = now() AT TIME ZONE 'UTC', assigned_by_id = %s,
                write_uid = %s, write_date = now() AT TIME ZONE 'UTC'
            WHERE id = %s AND state = 'blank'
            """,
            [asset.id, asset.unit_id.id or None, point or None]
            + [self.env.uid, self.env.uid, self.id],
        )
        won = self.env.cr.rowcount
        self.invalidate_recordset()
        asset.invalidate_recordset(["tag_ids", "tag_count"])
        if not won:
            raise UserError(self._why_not_blank())

    def _why_not_blank(self):
        """Why this tag cannot be claimed, for the person who holds it."""
        self.ensure_one()
        if self.state == "assigned":
            return self.env._(
                "Tag %(code)s is already on %(asset)s. Revoke it there first, or take another.",
                code=self.spoken_code_shown,
                asset=self.equipment_id.sudo().display_name,
            )
        return self.env._(
            "Tag %(code)s was taken out of use (%(reason)s). Take another.",
            code=self.spoken_code_shown,
            reason=self.reason,
        )

    def _revoke(self, reason, replaced_by=None):
        """Take tags out of use; blank ones become void."""
        if not (reason or "").strip():
            raise ValidationError(self.env._("Say why the tag is taken out of use."))
        values = {
            "reason": reason.strip(),
            "revoked_at": fields.Datetime.now(),
            "revoked_by_id": self.env.uid,
            "replaced_by_id": replaced_by.id if replaced_by else False,
        }
        tags = self._by_steps()
        tags.filtered(lambda tag: tag.state == "blank").write({**values, "state": "void"})
        tags.filtered(lambda tag: tag.state == "assigned").write({**values, "state": "revoked"})

    @api.model
    def _find(self, text):
        """The tag that a scanner's text, a typed code or a call code names.

        :returns: ``(status, tag, asset)`` where status is one of ``assigned``, ``blank``,
            ``revoked``, ``void``, ``alias``, ``forged``, ``imitation`` (one of our codes on a
            host that is not ours), ``unknown``; tag and asset are empty records where there
            is none.  Reads with sudo: the caller decides what to show.
        """
        nobody = self.browse(), self.env["maintenance.equipment"]
        text = (text or "").replace("\x00", "").strip()
        spoken = parse_spoken_code(text)
        if spoken:
            return self._found([("spoken_code", "=", spoken)], "unknown")
        scanned = scanned_code(text, self._hosts())
        if scanned.kind == "foreign" and scanned.code:
            return "imitation", *nobody
        identifier = scanned.code and self.env["ttcs.tag.key.ring"]._ring().verify(scanned.code)
        if identifier:
            return self._found([("identifier", "=", identifier)], "forged")
        # sudo: an alias is looked up by its whole text only.
        alias = self.env["ttcs.tag.alias"].sudo().search([("name", "=", text)], limit=1)
        if alias:
            return "alias", nobody[0], alias.equipment_id
        return ("forged" if scanned.code else "unknown"), *nobody

    def _found(self, domain, otherwise):
        # sudo: the text itself was proved to be a code of ours; what of the tag may be seen
        # is decided by the caller.
        tag = self.sudo().search(domain, limit=1)
        return (tag.state if tag else otherwise), tag, tag.equipment_id

    @api.model
    def find_by_text(self, text):
        """For the office's scanner: the window action of the asset, or why there is none.

        :returns: ``{"action": …}`` or ``{"message": …}``
        """
        status, tag, asset = self._find(text)
        if asset:
            asset = self.env["maintenance.equipment"].browse(asset.id)
            if not asset.has_access("read"):
                return {"message": self.env._("This asset is outside your area.")}
        if status in ("assigned", "alias"):
            return {"action": self._record_action(asset)}
        if tag and self.browse(tag.id).has_access("read"):
            return {"action": self._record_action(self.browse(tag.id))}
        messages = {
            "blank": self.env._("This tag is blank and belongs to another agency."),
            "forged": self.env._(
                "This code was not issued by the province. Check it; if it is on a plate, the "
                "plate may be a counterfeit: take a photo and remove it."
            ),
            "imitation": self.env._(
                "This plate leads to a web site that is not the province's: a counterfeit. "
                "Take a photo and remove it."
            ),
        }
        unknown = self.env._("No asset has this code. Check it, or search by name.")
        return {"message": messages.get(status, unknown)}

    def _record_action(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [[False, "form"]],
        }

    @api.model
    def _hosts(self):
        """Hosts that we print or ever printed; the newest first.

        ``ttcs.qr_hosts`` holds them, separated by commas; without it the address at which
        the suite answers.
        """
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: two plain addresses
        named = parameters.get_param("ttcs.qr_hosts") or ""
        hosts = [host.strip() for host in named.split(",") if host.strip()]
        return hosts or [urlsplit(parameters.get_param("web.base.url")).netloc]

    def _address(self):
        """What the QR of this tag says."""
        self.ensure_one()
        return tag_address(self._hosts()[0], self.code)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("A tag is never deleted: revoke it, so that it stays known."))
