import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..photos import Photo, PhotoError, clean_photo

MOMENTS = [
    ("before", "Before the work"),
    ("after", "After the work"),
    ("line", "Line of the checklist"),
]
# What the office says about a photo; where it was taken is said by phones only.
OFFICE_FIELDS = ("request_id", "moment", "answer_id", "taken_at")


class TtcsOrderPhoto(models.Model):
    """A photo of a work order: when and where it was taken, and the SHA-256 of what is kept.

    Only added to.  Photos are drawn anew before they are kept, whether they come from a phone
    or from the office.
    """

    _name = "ttcs.order.photo"
    _description = "Photo of a work order"
    _inherit = ["ttcs.guarded.mixin"]
    # Of a phone, what its photo says; of the office ``_kept`` takes none of it.
    _given_at_creation = frozenset(
        {"taken_by_id", "latitude", "longitude", "accuracy", "has_position", "sha256"}
    )
    _order = "request_id, moment, taken_at, id"

    request_id = fields.Many2one(
        "maintenance.request", string="Work order", required=True, index=True, ondelete="restrict"
    )
    moment = fields.Selection(MOMENTS, required=True, default="after")
    answer_id = fields.Many2one(
        "ttcs.checklist.answer",
        string="Line of the checklist",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('request_id', '=', request_id)]",
    )
    image = fields.Binary(string="Photo", attachment=True, required=True)
    taken_at = fields.Datetime(required=True, default=fields.Datetime.now)
    taken_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    latitude = fields.Float(digits=(9, 6), readonly=True)
    longitude = fields.Float(digits=(9, 6), readonly=True)
    accuracy = fields.Float(string="Accuracy (m)", digits=(8, 1), readonly=True)
    has_position = fields.Boolean(readonly=True, required=True, default=False)
    sha256 = fields.Char(string="SHA-256", readonly=True, required=True)
    is_genuine = fields.Boolean(
        compute="_compute_is_genuine",
        string="Unchanged",
        help="What is kept still has the SHA-256 of the day on which it came.",
    )

    _hash_unique = models.Constraint(
        "UNIQUE (request_id, sha256)", "This photo is in the work order already."
    )
    _has_hash = models.Constraint(
        "CHECK (length(sha256) = 64)", "A photo is kept with its SHA-256."
    )
    _position_possible = models.Constraint(
        "CHECK (NOT has_position OR COALESCE(latitude BETWEEN -90 AND 90"
        " AND longitude BETWEEN -180 AND 180 AND accuracy > 0, false))",
        "A position lies on the earth and says how exact it is.",
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "A photo of a work order stays as it came. Add another photo instead."
        )
    )

    @api.constrains("request_id", "answer_id")
    def _check_answer_is_of_the_order(self):
        for photo in self:
            if photo.answer_id and photo.answer_id.request_id != photo.request_id:
                raise ValidationError(
                    self.env._("The photo and its line belong to different work orders.")
                )

    @api.depends("image", "sha256")
    def _compute_is_genuine(self):
        for photo in self.with_context(bin_size=False):
            content = base64.b64decode(photo.image or b"")
            photo.is_genuine = hashlib.sha256(content).hexdigest() == photo.sha256

    @api.depends("moment", "answer_id", "taken_at")
    def _compute_display_name(self):
        moments = dict(self._fields["moment"]._description_selection(self.env))
        for photo in self:
            photo.display_name = photo.answer_id.name or moments.get(photo.moment)

    @api.model_create_multi
    def create(self, vals_list):
        """Photos of a phone come as ``Photo``, drawn anew and with their place; those of the
        office, as any file, are drawn anew here and say nothing of a place."""
        return super().create([self._kept(vals) for vals in vals_list])

    @api.model
    def _kept(self, vals):
        photo = vals.get("image")
        if not isinstance(photo, Photo):
            photo = self._drawn(photo)
            vals = {name: vals[name] for name in OFFICE_FIELDS if name in vals}
        return {**vals, "image": base64.b64encode(photo.content), "sha256": photo.sha256}

    @api.model
    def _drawn(self, data):
        try:
            return clean_photo(base64.b64decode(data or b""))
        except PhotoError as error:
            texts = {
                "too_large": self.env._("This photo is larger than 8 MB. Choose a smaller one."),
                "too_many_pixels": self.env._("This photo has more than 25 million pixels."),
                "not_photo": self.env._("This file is not a photo (JPEG, PNG or WebP)."),
                "damaged": self.env._("This photo is damaged. Take it again."),
            }
            raise UserError(texts[error.reason]) from error
