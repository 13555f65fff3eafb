import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

RECORDING_PATH = "/ttcs/device/recordings"
LARGEST_BYTES = 30_000_000
# What a file begins with, whatever its name says: MP3 with and without a tag, WAV, Ogg, FLAC, MP4.
SIGNATURES = {
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"\xff\xf2": "audio/mpeg",
    b"RIFF": "audio/wav",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
}


class TtcsDeviceRecording(models.Model):
    """A sound that devices play on command or by schedule.

    A device plays only what has the hash of the signed command, so the content of a recording
    never changes: another content is another recording.
    """

    _name = "ttcs.device.recording"
    _description = "Recording"
    _inherit = ["ttcs.named.mixin", "ttcs.guarded.mixin"]
    _order = "name, id"
    # Read of the content at creation, whatever the caller says.
    _given_at_creation = frozenset({"sha256", "mime_type"})

    name = fields.Char(required=True)
    agency_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["ttcs.placed.mixin"]._default_agency_id(),
    )
    content = fields.Binary(required=True, attachment=True, string="Audio file")
    file_name = fields.Char()
    mime_type = fields.Char(readonly=True)
    sha256 = fields.Char(
        required=True, readonly=True, string="Hash of the content (SHA-256)", index=True
    )
    seconds = fields.Integer(
        required=True, string="Length (s)", help="Devices end it after this time at the latest."
    )
    active = fields.Boolean(default=True)

    _seconds_possible = models.Constraint(
        "CHECK (seconds BETWEEN 1 AND 14400)", "A recording lasts between 1 second and 4 hours."
    )
    _has_hash = models.Constraint(
        "CHECK (sha256 ~ '^[0-9a-f]{64}$')", "The recording has no content."
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The recording “%(name)s” keeps its content, because signed commands name it. Add "
            "another recording and archive this one.",
            name=diagnostics.message_detail,
        )
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, **self._read_content(vals)} for vals in vals_list])

    def write(self, vals):
        if "content" in vals:
            raise UserError(
                self.env._(
                    "A recording keeps its content. Add another recording and archive this one."
                )
            )
        return super().write(vals)

    @api.model
    def _read_content(self, vals):
        """Hash and type of the content.

        :raises UserError: for what is empty, too large or no sound
        """
        try:
            data = base64.b64decode(vals.get("content") or b"")
        except ValueError:
            data = b""
        if len(data) > LARGEST_BYTES:
            raise UserError(
                self.env._(
                    "“%(name)s” is larger than %(most)s MB. Save it with a lower bit rate.",
                    name=vals.get("name"),
                    most=LARGEST_BYTES // 1_000_000,
                )
            )
        kinds = [kind for start, kind in SIGNATURES.items() if data.startswith(start)]
        if data[4:8] == b"ftyp":
            kinds.append("audio/mp4")
        if not kinds:
            raise UserError(
                self.env._(
                    "“%(name)s” is no sound that devices play. Use MP3, M4A, WAV, OGG or FLAC.",
                    name=vals.get("name"),
                )
            )
        return {"sha256": hashlib.sha256(data).hexdigest(), "mime_type": kinds[0]}

    def _url(self):
        """Where devices fetch the content; unique to it, so it may be cached for ever."""
        self.ensure_one()
        return f"{self.get_base_url()}{RECORDING_PATH}/{self.sha256}"
