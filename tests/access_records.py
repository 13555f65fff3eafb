"""A record of each placed model, made in a given agency and place, for the access matrix."""

from __future__ import annotations

# Rules, kinds and lists that belong to no place: any record serves.
REFERENCE_MODELS = (
    "ttcs.depreciation.rate",
    "ttcs.depreciation.regime",
    "ttcs.duty",
    "ttcs.funding.programme",
    "ttcs.funding.source",
    "ttcs.label.stock",
    "ttcs.legal.document",
    "ttcs.position",
    "ttcs.unit.kind",
    "ttcs.unit.lineage",
    "ttcs.unit.reach",
    "ttcs.unit.reader",
)


def asset(case, agency, unit):
    return case.make_asset("cluster", agency, unit, original_cost=10_000_000)


def station(case, agency, unit):
    return case.make_asset("station", agency, unit)


def request(case, agency, unit):
    return case.env["maintenance.request"].create(
        {"name": "Loa rè", "equipment_id": asset(case, agency, unit).id}
    )


def person(case, agency, unit):
    return case.make_person(agency)


def employee(case, agency, unit):
    made = person(case, agency, unit)
    made.employee_id = case.env["hr.employee"].create({"name": made.name})
    return made.employee_id


def tag(case, agency, unit):
    made = case.env["ttcs.tag"]._issue([{"agency_id": agency.id}])
    made._assign(asset(case, agency, unit))
    return made


def roll(case, agency, unit):
    return case.env["ttcs.tag.roll"].create({"agency_id": agency.id, "size": 1})


def agency_lineage(case, agency, unit):
    heir = case.make_agency(unit, f"Kế tiếp {agency.name}", kind="other")
    return case.env["ttcs.agency.lineage"].create(
        {"predecessor_id": agency.id, "successor_id": heir.id, "date": "2025-07-01"}
    )


def related(model, field, maker, **values):
    """A maker of records that hang on another one."""

    def make(case, agency, unit):
        return case.env[model].create({field: maker(case, agency, unit).id, **values})

    return make


def asset_cost(case, agency, unit):
    return case.env["ttcs.asset.cost"].create(
        {
            "equipment_id": asset(case, agency, unit).id,
            "funding_source_id": case.env.ref("ttcs_budget.ttcs_funding_source_tinh_dt").id,
            "amount": 10_000_000,
        }
    )


def tag_alias(case, agency, unit):
    made = asset(case, agency, unit)
    return case.env["ttcs.tag.alias"].create({"name": f"CU-{made.id}", "equipment_id": made.id})


def placement(case, agency, unit):
    made = asset(case, agency, unit)
    case.env.flush_all()
    made.invalidate_recordset(["placement_ids"])
    return made.placement_ids


def label_print(case, agency, unit):
    return case.env["ttcs.label.print"].create({"tag_ids": [(6, 0, tag(case, agency, unit).ids)]})


RECORD_MAKERS = {
    "hr.employee": employee,
    "maintenance.equipment": asset,
    "maintenance.request": request,
    "res.partner": lambda case, agency, unit: person(case, agency, unit).partner_id,
    "ttcs.agency": lambda case, agency, unit: agency,
    "ttcs.agency.lineage": agency_lineage,
    "ttcs.asset.cost": asset_cost,
    "ttcs.assignment": lambda case, agency, unit: person(case, agency, unit).assignment_ids,
    "ttcs.label.print": label_print,
    "ttcs.person": person,
    "ttcs.placement": placement,
    "ttcs.station.technology": related(
        "ttcs.station.technology",
        "station_id",
        station,
        technology="ip",
        valid_from="2025-07-01",
    ),
    "ttcs.tag": tag,
    "ttcs.tag.alias": tag_alias,
    "ttcs.tag.roll": roll,
    "ttcs.tag.scan": related(
        "ttcs.tag.scan", "tag_id", tag, scanned_at="2026-01-01 00:00:00", face="citizen"
    ),
    "ttcs.unit": lambda case, agency, unit: unit,
}
