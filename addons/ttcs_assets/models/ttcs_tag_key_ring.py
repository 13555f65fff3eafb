from pathlib import Path

from odoo import api, models, tools
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.instance_settings import instance_settings

from ..tagging import KeyRing, KeyRingError


class TtcsTagKeyRing(models.AbstractModel):
    """The keys that sign printed codes: a file beside the settings, never in the database.

    ``[ttcs] key_ring`` in the settings names it; without that line it lies in the data folder.
    Keys are kept for ever, so that no printed plate dies with a restore or a rotation.
    """

    _name = "ttcs.tag.key.ring"
    _description = "Keys of printed codes"

    @api.model
    def _path(self):
        named = instance_settings(tools.config["config"]).get("key_ring")
        return Path(named or Path(tools.config["data_dir"]) / "ttcs" / "tag-keys.json")

    @api.model
    @tools.ormcache()
    def _ring(self):
        """The key ring, made at its first use."""
        path = self._path()
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                KeyRing.generate().save(path)
            return KeyRing.load(path)
        except (OSError, KeyRingError) as error:
            raise UserError(
                self.env._(
                    "The keys of the printed codes cannot be read (%(reason)s). No code can be "
                    "made or checked until the administrator restores the file.",
                    reason=error,
                )
            ) from None
