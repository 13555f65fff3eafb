"""Loads Đồng Tháp with its demo network; fed to ``odoo shell`` by ``make run``.

Prints, as its last line, the demo accounts as JSON.
"""

import json
import secrets


