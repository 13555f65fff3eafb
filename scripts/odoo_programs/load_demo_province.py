"""Loads Đồng Tháp with its demo network; fed to ``odoo shell`` by ``make run``.

Prints, as its last line, the demo accounts as JSON.
"""

import json

from odoo.addons.ttcs_assets.demo.province import PROVINCE, build_demo_province
from odoo.addons.ttcs_assets.demo.write_people import renew_passwords

administrator = env.ref("base.user_admin")  # noqa: F821
env["ttcs.province.load"].with_user(administrator)._load(PROVINCE)  # noqa: F821
# A set-up that lost its list of accounts asks a second time and gets new passwords.
accounts = build_demo_province(env) or renew_passwords(env)  # noqa: F821
env.cr.commit()  # noqa: F821
# The first pages are asked for before the server would notice by itself how much there is.
env.cr.execute("ANALYZE")  # noqa: F821
env.cr.commit()  # noqa: F821
print(json.dumps(accounts, ensure_ascii=False))
