"""Closes the counting of the sheet that ``network_data.py`` opened; fed to ``odoo shell``.

Prints, as its last line, how the sheet stands and whom it waits for, as JSON.
"""

import json

sheet = env["ttcs.inventory.sheet"].search([], order="id desc", limit=1)  # noqa: F821
sheet.action_close_counting()
env.cr.commit()  # noqa: F821
print(json.dumps({"state": sheet.state, "awaited": sheet.awaited_text or ""}))
