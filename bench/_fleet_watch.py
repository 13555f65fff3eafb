"""The watch of alarms over 20,000 devices; fed to ``odoo shell``, prints JSON last."""

import json
import time

WANTED = 20_000

env = env(context={"tracking_disable": True, "lang": "vi_VN"})  # noqa: F821
known = env["ttcs.device"].search([("state", "=", "enrolled")])
assets = env["maintenance.equipment"].search(
    [
        ("life_state", "=", "in_use"),
        ("commune_id", "!=", False),
        ("id", "not in", known.equipment_id.ids),
    ],
    limit=WANTED - len(known),
)
model = known.model_id[:1]
devices = known | env["ttcs.device"].create(
    [
        {
            "model_id": model.id,
            "agency_id": asset.agency_id.id,
            "unit_id": asset.unit_id.id,
            "equipment_id": asset.id,
            "state": "enrolled",
        }
        for asset in assets
    ]
)
env.flush_all()
env.cr.execute(
    """
    INSERT INTO ttcs_tele.last (device_id, seen_at, online, ts, boot, seq, temperature, mains)
    SELECT id, now() AT TIME ZONE 'UTC', true, now() AT TIME ZONE 'UTC', 1, 1, 35, 220
    FROM ttcs_device WHERE id = ANY(%(ids)s)
    ON CONFLICT (device_id) DO UPDATE SET online = true, faults = '{}';
    ANALYZE
    """,
    {"ids": devices.ids},
)
turns = []


def look(title):
    alarms = env["ttcs.alarm"].search_count([])
    env.flush_all()
    env.invalidate_all()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    env["ttcs.alarm.watch"]._cron_watch()
    env.flush_all()
    turns.append(
        {
            "title": title,
            "devices": len(devices),
            "seconds": time.perf_counter() - started,
            "queries": env.cr.sql_log_count - queries,
            "raised": env["ttcs.alarm"].search_count([]) - alarms,
        }
    )


look("Nothing wrong")
look("Again")
env.cr.execute(
    "UPDATE ttcs_tele.last SET online = false, seen_at = seen_at - interval '1 day'"
    " WHERE device_id % 20 = 0"
)
look("One in twenty silent for a day")
look("The same again")
env.cr.execute("UPDATE ttcs_tele.last SET online = true")
look("All back")
env.cr.rollback()
print(json.dumps({"turns": turns}))
