"""Two communes with assets, tags, orders and technicians, and one whose officer begins today.

Fed to ``odoo shell``.
Prints, as its last line, what the tests need to know as JSON.
"""

import json
from datetime import datetime, timedelta

env = env(context={**env.context, "tracking_disable": True, "no_reset_password": True})  # noqa: F821
PASSWORD = "Vung-chac-2026"
today = env.company._today()


def kind(code):
    return env["ttcs.unit.kind"].search([("code", "=", code)]).id


def unit(name, kind_code, parent=None):
    values = {"name": name, "kind_id": kind(kind_code), "valid_from": "2025-07-01"}
    return env["ttcs.unit"].create({**values, "parent_id": parent.id if parent else False})


def user(login, title, agency, position, *duties):
    made = env["res.users"].create(
        {"name": f"{title} {login}", "login": login, "password": PASSWORD, "lang": "vi_VN"}
    )
    person = env["ttcs.person"].create({"name": made.name, "user_id": made.id})
    env["ttcs.assignment"].create(
        {
            "person_id": person.id,
            "agency_id": agency.id,
            "position_id": env.ref(f"ttcs_base.ttcs_position_{position}").id,
            "duty_ids": [(6, 0, env["ttcs.duty"].search([("code", "in", duties)]).ids)],
            "valid_from": "2025-07-01",
        }
    )
    return made


def technician(login, agency):
    return user(login, "Kỹ thuật viên", agency, "station_operator", "maintenance")


def cluster(number, agency, hamlet):
    return env["maintenance.equipment"].create(
        {
            "name": f"Cụm loa số {number}",
            "category_id": env.ref("ttcs_assets.maintenance_equipment_category_cluster").id,
            "agency_id": agency.id,
            "unit_id": hamlet.id,
            "site_note": "Trụ điện trước nhà văn hóa",
            "latitude": 10.38 + number / 100,
            "longitude": 105.62,
            "position_accuracy": 8,
        }
    )


province = unit("Thử Ngoài Đồng", "province")
commune = unit("Mỹ Thử", "commune", province)
other_commune = unit("Xa Thử", "commune", province)
new_commune = unit("Bình Thử", "commune", province)
hamlet = unit("1", "hamlet", commune)
committee, other_committee, new_committee = (
    env["ttcs.agency"].create(
        {
            "name": f"Ủy ban nhân dân {place.full_name}",
            "unit_id": place.id,
            "kind": "commune_committee",
            "phone": "0277 3851 234",
        }
    )
    for place in (commune, other_commune, new_commune)
)
clusters = [cluster(number, committee, hamlet) for number in range(1, 9)]
elsewhere = cluster(9, other_committee, unit("1", "hamlet", other_commune))
tags = env["ttcs.tag"]._issue([{"agency_id": committee.id}] * 12)
for tag, asset in zip(tags, clusters, strict=False):
    tag._assign(asset, "pole_foot")
blanks = tags[8:]
users = {login: technician(login, committee) for login in ("thu-mot", "thu-hai", "thu-ba")}
(clusters[2] | clusters[3]).custodian_id = users["thu-ba"].ttcs_person_ids
orders = env["maintenance.request"].create(
    [
        {
            "name": f"Phiếu số {number}",
            "equipment_id": asset.id,
            "user_id": users["thu-mot"].id,
            "reported_at": datetime.now() - timedelta(days=3),
            "due_date": today + timedelta(days=number - 2),
            "description": "<p>Loa rè từ chiều qua.</p>",
        }
        for number, asset in enumerate(clusters[:5], start=1)
    ]
)
checklist = env["ttcs.checklist"].create(
    {
        "name": "Kiểm tra thử",
        "line_ids": [
            (0, 0, {"section": "Cột và loa", "name": "Cột đứng thẳng"}),
            (
                0,
                0,
                {
                    "section": "Nguồn",
                    "name": "Điện áp lưới",
                    "kind": "number",
                    "uom": "V",
                    "has_lowest": True,
                    "lowest": 198,
                    "has_highest": True,
                    "highest": 242,
                    "opens_corrective": True,
                    "severity": "major",
                    "days_until_due": 5,
                    "advice": "Báo điện lực.",
                },
            ),
            (0, 0, {"section": "Nguồn", "name": "Ghi nhận khác", "kind": "text"}),
            (0, 0, {"section": "Bằng chứng", "name": "Ảnh cụm loa", "kind": "photo"}),
        ],
    }
)
checked_order = env["maintenance.request"].create(
    {
        "name": "Phiếu kiểm tra",
        "equipment_id": clusters[6].id,
        "user_id": users["thu-hai"].id,
        "checklist_id": checklist.id,
        "due_date": today + timedelta(days=9),
    }
)
env["ttcs.spare.part"].create(
    [
        {"name": name, "code": code, "uom": uom, "unit_price": price}
        for name, code, uom, price in (
            ("Cầu chì ống 5A", "CC5", "cái", 5_000),
            ("Cầu chì ống 10A", "CC10", "cái", 6_000),
            ("Dây loa hai lõi", "DL2", "mét", 12_500),
        )
    ]
)
meter_checklist = env["ttcs.checklist"].create(
    {
        "name": "Kiểm tra có số đo",
        "line_ids": [
            (
                0,
                0,
                {
                    "name": "Số loa không kêu",
                    "kind": "number",
                    "uom": "loa",
                    "has_lowest": True,
                    "has_highest": True,
                },
            ),
            (0, 0, {"name": "Đồng hồ giờ chạy", "kind": "meter"}),
        ],
    }
)
env["ttcs.meter.reading"].create({"equipment_id": clusters[7].id, "hours": 1200})
repair_order = env["maintenance.request"].create(
    {
        "name": "Phiếu thay vật tư",
        "equipment_id": clusters[7].id,
        "user_id": users["thu-hai"].id,
        "checklist_id": meter_checklist.id,
        "due_date": today + timedelta(days=9),
    }
)
user("can-bo-xa", "Công chức", new_committee, "culture_officer", "assets", "people_manager")
department = env["ttcs.agency"].create(
    {"name": "Sở Văn hóa Thử Ngoài Đồng", "unit_id": province.id, "kind": "department"}
)
survey = env["ttcs.survey"].create(
    {
        "name": "Đợt rà soát thử",
        "agency_id": department.id,
        "unit_id": province.id,
        "due_date": today + timedelta(days=10),
    }
)
survey.action_open()
inventory = env["ttcs.inventory"].create(
    {
        "name": "Đợt kiểm kê thử",
        "agency_id": committee.id,
        "unit_id": commune.id,
        "due_date": today + timedelta(days=10),
    }
)
inventory.action_open()
env["ir.config_parameter"].set_param("ttcs.qr_hosts", "ttcs.dongthap.gov.vn")
env.cr.commit()
print(
    json.dumps(
        {
            "password": PASSWORD,
            "clusters": clusters[0].browse(asset.id for asset in clusters).ids,
            "orders": orders.ids,
            "checked_order": checked_order.id,
            "repair_order": repair_order.id,
            "lines": checklist.line_ids.ids,
            "sheet": inventory.sheet_ids.id,
            "codes": tags.mapped("code"),
            "spoken": tags.mapped("spoken_code"),
            "blanks": blanks.mapped("code"),
        }
    )
)
