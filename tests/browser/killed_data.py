"""Six devices and an operator of a commune; fed to ``odoo shell`` after ``network_data.py``.

Prints, as its last line, what the test needs to know as JSON.
"""

import json

env = env(context={**env.context, "tracking_disable": True, "no_reset_password": True})  # noqa: F821
PASSWORD, LOGIN = "Vung-chac-2026", "truc-may"
committee = env["ttcs.agency"].search([("name", "=", "Ủy ban nhân dân Xã Mỹ Thử")])
vendor = env["ttcs.device.vendor"].create({"name": "Hãng Bền"})
model = env["ttcs.device.model"].create({"name": "IPB-300", "vendor_id": vendor.id})
devices = env["ttcs.device"].create(
    [{"model_id": model.id, "agency_id": committee.id, "state": "enrolled"} for _ in range(6)]
)
user = env["res.users"].create(
    {"name": LOGIN, "login": LOGIN, "password": PASSWORD, "lang": "vi_VN"}
)
person = env["ttcs.person"].create({"name": LOGIN, "user_id": user.id})
env["ttcs.assignment"].create(
    {
        "person_id": person.id,
        "agency_id": committee.id,
        "position_id": env.ref("ttcs_base.ttcs_position_station_operator").id,
        "duty_ids": [(6, 0, env["ttcs.duty"].search([("code", "=", "devices")]).ids)],
        "valid_from": "2025-07-01",
    }
)
env.cr.commit()
told = {"login": LOGIN, "password": PASSWORD, "agency": committee.id, "devices": devices.ids}
print(json.dumps(told))
