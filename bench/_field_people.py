"""A technician with 1,000 assets and 200 open orders about him; fed to ``odoo shell``.

Prints, as its last line, what the measuring needs to know as JSON.
"""

import json
from datetime import timedelta

PASSWORD = "Do-toc-do-2026"
ASSETS, ORDERS = 1_000, 200

env = env(  # noqa: F821
    context={"tracking_disable": True, "no_reset_password": True, "lang": "vi_VN"}
)
assets = env["maintenance.equipment"]
[(commune, _count), *_rest] = assets._read_group(
    [("commune_id", "!=", False), ("life_state", "=", "in_use")],
    ["commune_id"],
    ["__count"],
    order="__count desc",
    limit=1,
)
agency = env["ttcs.agency"].search([("unit_id", "=", commune.id)], limit=1)
there = assets.search([("commune_id", "=", commune.id), ("life_state", "=", "in_use")])
sample = there.filtered("latitude")[:1]
more = assets.create(
    [
        {
            "name": f"Cụm loa đo số {number}",
            "category_id": sample.category_id.id,
            "agency_id": agency.id,
            "unit_id": there[number % len(there)].unit_id.id,
            "latitude": sample.latitude + number % 40 / 2_000,
            "longitude": sample.longitude + number // 40 / 2_000,
            "position_accuracy": 8,
        }
        for number in range(ASSETS - len(there))
    ]
)
there |= more
user = env["res.users"].create(
    {
        "name": "Đo tốc độ",
        "login": "do-toc-do@ttcs.example",
        "password": PASSWORD,
        "lang": "vi_VN",
        "tz": "Asia/Ho_Chi_Minh",
    }
)
person = env["ttcs.person"].create({"name": user.name, "user_id": user.id})
env["ttcs.assignment"].create(
    {
        "person_id": person.id,
        "agency_id": agency.id,
        "position_id": env.ref("ttcs_base.ttcs_position_station_operator").id,
        "duty_ids": env["ttcs.duty"].search([("code", "=", "maintenance")]).ids,
        "valid_from": "2025-07-01",
    }
)
today = env.company._today()
placed = there.filtered("latitude")
orders = env["maintenance.request"].create(
    [
        {
            "name": f"Phiếu đo số {number}",
            "equipment_id": placed[number % len(placed)].id,
            "user_id": user.id,
            "due_date": today + timedelta(days=number % 20 - 5),
        }
        for number in range(ORDERS)
    ]
)
env.cr.commit()
print(
    json.dumps(
        {
            "login": user.login,
            "password": PASSWORD,
            "assets": placed.ids,
            "orders": orders.ids,
            "done": env["maintenance.stage"].search([("done", "=", True)], limit=1).id,
        }
    )
)
