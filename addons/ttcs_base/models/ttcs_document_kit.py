import base64

from odoo import api, models
from odoo.tools import config

from ..documents import FontFiles, render_docx, render_pdf
from ..instance_settings import instance_settings

DEFAULT_FONTS = "/usr/share/fonts/truetype/croscore"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIMETYPES = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}


class TtcsDocumentKit(models.AbstractModel):
    """Official documents as files, and files on their way to the browser."""

    _name = "ttcs.document.kit"
    _description = "Document kit"

    @api.model
    def _fonts(self):
        """The fonts that this machine's settings name."""
        return FontFiles.in_folder(instance_settings(config["config"]).get("fonts", DEFAULT_FONTS))

    @api.model
    def _render(self, document, ending):
        """An ``OfficialDocument`` as the bytes of a file.

        :param ending: ``pdf`` or ``docx``
        """
        return render_docx(document) if ending == "docx" else render_pdf(document, self._fonts())

    @api.model
    def _save_file(self, name, content):
        """An action that has the browser save a file; nothing of it is stored.

        :param name: with one of the endings of ``MIMETYPES``
        """
        return {
            "type": "ir.actions.client",
            "tag": "ttcs_base.save_file",
            "params": {
                "name": name,
                "mimetype": MIMETYPES[name.rsplit(".", 1)[-1]],
                "content": base64.b64encode(content).decode(),
            },
        }
