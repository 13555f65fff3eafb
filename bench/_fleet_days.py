"""2,000 devices in service with 30 days of history, and an operator; fed to ``odoo shell``.

A sample a minute on the last two days, one in five minutes before, summed up by hours and days.
Prints, as its last line, what the measuring needs to know as JSON.
"""

import json

PASSWORD = "Do-toc-do-2026"
DEVICES, MORE, DAYS = 2_000, 18_000, 30

env = env(  # noqa: F821
    context={"tracking_disable": True, "no_reset_password": True, "lang": "vi_VN"}
)
vendor = env["ttcs.device.vendor"].create({"name": "Hãng Đo"})
model = env["ttcs.device.model"].create({"vendor_id": vendor.id, "name": "Bộ thu đo"})
assets = env["maintenance.equipment"].search(
    [("life_state", "=", "in_use"), ("commune_id", "!=", False)], limit=DEVICES + MORE
)


def make(wanted):
    """Devices in service on these assets, as enrolling and fitting leave them."""
    devices = env["ttcs.device"].create(
        [
            {
                "model_id": model.id,
                "agency_id": asset.agency_id.id,
                "unit_id": asset.unit_id.id,
                "equipment_id": asset.id,
                "state": "enrolled",
            }
            for asset in wanted
        ]
    )
    env.flush_all()
    return devices


devices = make(assets[:DEVICES])
env.cr.execute(
    """
    SELECT ttcs_tele.make_partitions(current_date - %(days)s - 1, %(days)s + 3);
    INSERT INTO ttcs_tele.sample (device_id, ts, boot, seq, received_at, volume, temperature,
        battery, mains, signal, runtime, on_air, faults)
    SELECT device.id, at, 1, extract(epoch FROM at)::int / 60, at, 50, 30 + seq %% 20, 12.5, 220,
        -70, seq, seq %% 60 < 10, CASE WHEN device.id %% 50 = 0 THEN '{amp}'::text[] ELSE '{}' END
    FROM ttcs_device device, LATERAL (
        SELECT at, extract(epoch FROM at)::int / 60 AS seq FROM (
            SELECT generate_series(current_date - %(days)s, current_date - 2, '5 minutes')
            UNION ALL
            SELECT generate_series(current_date - 2 + interval '1 minute',
                now() AT TIME ZONE 'UTC', '1 minute')
        ) moments (at)
    ) moment
    WHERE device.id = ANY(%(ids)s);
    INSERT INTO ttcs_tele.last (device_id, seen_at, online, ts, boot, seq, volume, temperature,
        battery, mains, signal, playing, faults)
    SELECT id, now() AT TIME ZONE 'UTC', id %% 10 <> 0, now() AT TIME ZONE 'UTC', 1, 1, 50, 35,
        12.5, 220, -70, CASE WHEN id %% 7 = 0 THEN 'P1' END,
        CASE WHEN id %% 50 = 0 THEN '{amp}'::text[] ELSE '{}' END
    FROM ttcs_device WHERE id = ANY(%(ids)s);
    """,
    {"ids": devices.ids, "days": DAYS},
)
env.cr.execute("SELECT ttcs_tele.roll_up(current_date - n) FROM generate_series(0, %s) n", [DAYS])
agency = env["ttcs.agency"].search([("unit_id.level", "=", 1)], limit=1)
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
        "duty_ids": env["ttcs.duty"].search([("code", "=", "devices")]).ids,
        "valid_from": "2025-07-01",
    }
)
env.cr.commit()
env.cr.execute("ANALYZE")
env.cr.execute("SELECT count(*) FROM ttcs_tele.sample")
(rows,) = env.cr.fetchone()
env.cr.commit()
known = {
    "login": user.login,
    "password": PASSWORD,
    "rows": rows,
    "device": devices[DEVICES // 2].id,
    "asset": devices[DEVICES // 2].equipment_id.id,
}
print(json.dumps(known))
