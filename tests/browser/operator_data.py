"""Two devices on a commune's clusters, an operator and a leader of that commune.

Fed to ``odoo shell`` after ``network_data.py``.
Prints, as its last line, what the tests need to know as JSON.
"""

import base64
import json

env = env(context={**env.context, "tracking_disable": True, "no_reset_password": True})  # noqa: F821
PASSWORD = "Vung-chac-2026"
committee = env["ttcs.agency"].search([("name", "=", "Ủy ban nhân dân Xã Mỹ Thử")])
clusters = env["maintenance.equipment"].search(
    [("agency_id", "=", committee.id), ("family", "=", "cluster")], order="id", limit=2
)
model = env["ttcs.device.model"].create(
    {
        "name": "IPB-200",
        "vendor_id": env["ttcs.device.vendor"].create({"name": "Hãng Thử"}).id,
    }
)
devices = env["ttcs.device"].create(
    [{"model_id": model.id, "agency_id": committee.id, "state": "enrolled"} for _ in clusters]
)
for device, asset in zip(devices, clusters, strict=True):
    device._fit(asset)
env["ttcs.device.recording"].create(
    {
        "name": "Còi báo bão",
        "agency_id": committee.id,
        "content": base64.b64encode(b"ID3" + bytes(40)),
        "seconds": 20,
    }
)
for login, duties in (("van-hanh", ["devices_manager"]), ("lanh-dao", ["leader"])):
    user = env["res.users"].create(
        {"name": login, "login": login, "password": PASSWORD, "lang": "vi_VN"}
    )
    person = env["ttcs.person"].create({"name": login, "user_id": user.id})
    env["ttcs.assignment"].create(
        {
            "person_id": person.id,
            "agency_id": committee.id,
            "position_id": env.ref("ttcs_base.ttcs_position_station_operator").id,
            "duty_ids": [(6, 0, env["ttcs.duty"].search([("code", "in", duties)]).ids)],
            "valid_from": "2025-07-01",
        }
    )
env.cr.commit()
print(json.dumps({"password": PASSWORD, "devices": devices.ids}))
