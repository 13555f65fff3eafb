"""A record of each placed model, made in a given agency and place, for the access matrix."""

from __future__ import annotations

import base64
import io
import itertools

from PIL import Image

from odoo import fields

from odoo.addons.ttcs_assets.survey.catalogue import INDICATORS

SERIALS = itertools.count(1)
PDF = base64.b64encode(b"%PDF-1.7").decode()

# Rules, kinds and lists that belong to no place: any record serves.
REFERENCE_MODELS = (
    "ttcs.calendar.day",
    "ttcs.approval.level",
    "ttcs.depreciation.rate",
    "ttcs.depreciation.regime",
    "ttcs.downtime.cause",
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
    due = maintenance_occurrence(case, agency, unit)
    return case.env["maintenance.request"].create(
        {"name": "Loa rè", "equipment_id": due.equipment_id.id, "occurrence_id": due.id}
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


def account(case, agency, unit):
    return case.make_user(agency, "user")


def activation(case, agency, unit):
    user = account(case, agency, unit)
    return case.env["ttcs.activation"].create(
        {
            "person_id": user.ttcs_person_ids.id,
            "user_id": user.id,
            "code_hash": "0" * 64,
            "expires_at": "2030-01-01 00:00:00",
        }
    )


def field_device(case, agency, unit):
    user = account(case, agency, unit)
    return case.env["ttcs.field.device"].create(
        {
            "name": "Điện thoại",
            "user_id": user.id,
            "token_hash": str(user.id).zfill(64),
            "signed_in_at": "2026-01-01 00:00:00",
            "expires_at": "2030-01-01 00:00:00",
        }
    )


def field_action(case, agency, unit):
    user = account(case, agency, unit)
    return case.env["ttcs.field.action"].create(
        {
            "uuid": f"action-{user.id}",
            "user_id": user.id,
            "kind": "set_condition",
            "received_at": "2026-01-01 00:00:00",
            "attempts": 1,
            "equipment_id": asset(case, agency, unit).id,
        }
    )


def import_batch(case, agency, unit):
    return case.env["ttcs.import.batch"].create({"kind": "hamlets", "agency_id": agency.id})


def import_memory(model, **values):
    """A maker of what an agency's imports remember."""

    def make(case, agency, unit):
        number = case.env[model].search_count([])
        distinct = {field: f"{value}{number}" for field, value in values.items()}
        return case.env[model].create({"agency_id": agency.id, "kind": "hamlets", **distinct})

    return make


def import_key(case, agency, unit):
    return case.env["ttcs.import.key"].create(
        {"agency_id": agency.id, "kind": "hamlets", "key": f"k{unit.id}", "res_id": unit.id}
    )


def document_series(case, agency, unit):
    return case.env["ttcs.document.series"].create(
        {"agency_id": agency.id, "year": 2026, "kind": "other"}
    )


def document_number(case, agency, unit):
    return case.env["ttcs.document.series"]._issue(agency, "survey_report", agency, 2026)


def form_file(case, agency, unit):
    order = request(case, agency, unit)
    return case.env["ttcs.form.file"].create(
        {"res_model": order._name, "res_id": order.id, "name": "x.pdf", "data": PDF}
    )


def survey(case, agency, unit):
    place = unit.commune_id or unit
    return case.env["ttcs.survey"].create(
        {
            "name": f"Đợt rà soát {place.full_name}",
            "agency_id": agency.id,
            "unit_id": place.id,
            "due_date": case.tomorrow,
        }
    )


def survey_sheet(case, agency, unit):
    place = unit.commune_id or unit
    return case.env["ttcs.survey.sheet"].create(
        {
            "survey_id": survey(case, agency, unit).id,
            "agency_id": agency.id,
            "unit_id": place.id,
            "due_date": case.tomorrow,
        }
    )


def of_sheet(model, **values):
    """A maker of what a survey's sheet holds."""

    def make(case, agency, unit):
        sheet = survey_sheet(case, agency, unit)
        given = {"sheet_id": sheet.id, "survey_id": sheet.survey_id.id, **values}
        if "unit_id" in case.env[model]._fields:
            given["unit_id"] = sheet.unit_id.id
        return case.env[model].create(given)

    return make


def survey_line(case, agency, unit):
    sheet = survey_sheet(case, agency, unit)
    return case.env["ttcs.survey.line"].create(
        {
            "sheet_id": sheet.id,
            "survey_id": sheet.survey_id.id,
            "station_id": station(case, agency, unit).id,
            "name": "Đài thử",
            "note": "x",
        }
    )


def survey_snapshot(case, agency, unit):
    return case.env["ttcs.survey.snapshot"].create(
        {
            "survey_id": survey(case, agency, unit).id,
            "version": 1,
            "taken_at": "2026-01-01 00:00:00",
            "taken_by": case.env.uid,
            "content": "{}",
            "sha256": "0" * 64,
        }
    )


def inventory(case, agency, unit):
    place = unit.commune_id or unit
    return case.env["ttcs.inventory"].create(
        {
            "name": f"Kiểm kê {place.full_name}",
            "agency_id": agency.id,
            "unit_id": place.id,
            "due_date": case.tomorrow,
        }
    )


def inventory_sheet(case, agency, unit):
    place = unit.commune_id or unit
    return case.env["ttcs.inventory.sheet"].create(
        {
            "inventory_id": inventory(case, agency, unit).id,
            "agency_id": agency.id,
            "unit_id": place.id,
            "due_date": case.tomorrow,
        }
    )


def of_inventory_sheet(model, **makers):
    """A maker of what a sheet of an inventory holds; values may be makers of records."""

    def make(case, agency, unit):
        sheet = inventory_sheet(case, agency, unit)
        given = {"inventory_id": sheet.inventory_id.id, "sheet_id": sheet.id}
        for name, value in makers.items():
            given[name] = value(case, agency, unit).id if callable(value) else value
        if model == "ttcs.inventory.line":
            given |= {"unit_id": sheet.unit_id.id, "agency_id": agency.id}
        if model == "ttcs.inventory.count":
            given |= {"uuid": f"count-{sheet.id}"}
        return case.env[model].create(given)

    return make


def inventory_file(case, agency, unit):
    return case.env["ttcs.inventory.file"].create(
        {
            "inventory_id": inventory(case, agency, unit).id,
            "name": "x.pdf",
            "data": PDF,
            "sha256": "0" * 64,
        }
    )


def asset_decision(case, agency, unit):
    return case.env["ttcs.asset.decision"].create(
        {"kind": "destruction", "agency_id": agency.id, "date": "2026-01-01"}
    )


def asset_decision_line(case, agency, unit):
    return case.env["ttcs.asset.decision.line"].create(
        {
            "decision_id": asset_decision(case, agency, unit).id,
            "equipment_id": asset(case, agency, unit).id,
        }
    )


def asset_decision_approval(case, agency, unit):
    return case.env["ttcs.asset.decision.approval"].create(
        {
            "decision_id": asset_decision(case, agency, unit).id,
            "owner_agency_id": agency.id,
            "act": "returned",
            "user_id": case.env.uid,
            "proposer_id": case.env.uid,
        }
    )


def custody(case, agency, unit):
    held = asset(case, agency, unit)
    held.custodian_id = case.make_person(agency)
    case.env.flush_all()
    held.invalidate_recordset(["custody_ids"])
    return held.custody_ids


def handover(case, agency, unit):
    return case.env["ttcs.handover"].create(
        {"agency_id": agency.id, "receiver_person_id": case.make_person(agency).id}
    )


def handover_line(case, agency, unit):
    return case.env["ttcs.handover.line"].create(
        {
            "handover_id": handover(case, agency, unit).id,
            "equipment_id": asset(case, agency, unit).id,
        }
    )


def reform(case, agency, unit):
    return case.env["ttcs.reform"].create({"name": "Sắp xếp", "date": "2025-07-01"})


def maintenance_task(case, agency=None, unit=None):
    return case.env["ttcs.maintenance.task"].create({"name": "Vệ sinh"})


def checklist(case, agency=None, unit=None):
    lines = [(0, 0, {"name": "Cột đứng thẳng"})]
    return case.env["ttcs.checklist"].create({"name": "Kiểm tra", "line_ids": lines})


def checklist_answer(case, agency, unit):
    order = request(case, agency, unit)
    order.checklist_id = checklist(case)
    order.flush_recordset()
    return case.env["ttcs.checklist.answer"].create(
        {
            "request_id": order.id,
            "line_id": order.checklist_id.line_ids.id,
            "name": "Cột đứng thẳng",
            "kind": "yes_no",
            "value_yes_no": "yes",
            "verdict": "passed",
            "answered_at": "2026-01-01 00:00:00",
            "answered_by_id": case.env.uid,
        }
    )


def order_photo(case, agency, unit):
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "PNG")
    return case.env["ttcs.order.photo"].create(
        {
            "request_id": request(case, agency, unit).id,
            "image": base64.b64encode(stream.getvalue()),
        }
    )


def maintenance_rule(case, agency, unit):
    return case.env["ttcs.maintenance.rule"].create(
        {
            "task_id": maintenance_task(case).id,
            "unit_id": unit.id,
            "target": "asset",
            "equipment_id": asset(case, agency, unit).id,
            # One of a place that ended is kept and holds no more.
            "active": not unit.valid_to,
        }
    )


def maintenance_occurrence(case, agency, unit):
    rule = maintenance_rule(case, agency, unit)
    return case.env["ttcs.maintenance.occurrence"].create(
        {
            "rule_id": rule.id,
            "equipment_id": rule.equipment_id.id,
            "nominal_date": case.today,
            "due_date": case.today,
        }
    )


def maintenance_plan(case, agency, unit):
    plans = case.env["ttcs.maintenance.plan"]
    year = 2050 + plans.search_count([("agency_id", "=", agency.id)])
    return plans.create({"year": year, "agency_id": agency.id})


def maintenance_plan_line(case, agency, unit):
    return case.env["ttcs.maintenance.plan.line"].create(
        {
            "plan_id": maintenance_plan(case, agency, unit).id,
            "task_id": maintenance_task(case).id,
            "family": "cluster",
        }
    )


def order_part(case, agency, unit):
    return case.env["ttcs.order.part"].create(
        {"request_id": request(case, agency, unit).id, "name": "x", "unit_price": 1}
    )


def order_labour(case, agency, unit):
    return case.env["ttcs.order.labour"].create(
        {
            "request_id": request(case, agency, unit).id,
            "person_id": person(case, agency, unit).id,
        }
    )


def downtime(case, agency, unit):
    return case.env["ttcs.downtime"].create(
        {
            "equipment_id": asset(case, agency, unit).id,
            "started_at": "2026-01-01 00:00:00",
            "ended_at": "2026-01-01 01:00:00",
        }
    )


def reliability(case, agency, unit):
    made = downtime(case, agency, unit)
    case.env.flush_all()
    return case.env["ttcs.reliability"].browse(made.equipment_id.id)


def service_contract(case, agency, unit):
    contracts = case.env["ttcs.service.contract"]
    contractor = case.make_agency(
        case.province, f"Nhà thầu {contracts.search_count([])}", kind="contractor"
    )
    return contracts.create(
        {
            "number": f"{contracts.search_count([])}/HĐ",
            "contractor_id": contractor.id,
            "agency_id": agency.id,
            "valid_from": "2026-01-01",
        }
    )


def service_contract_line(case, agency, unit):
    return case.env["ttcs.service.contract.line"].create(
        {"contract_id": service_contract(case, agency, unit).id, "priority": "1"}
    )


def order_pause(case, agency, unit):
    return case.env["ttcs.order.pause"].create(
        {"request_id": request(case, agency, unit).id, "reason": "access"}
    )


def contract_penalty(case, agency, unit):
    line = service_contract_line(case, agency, unit)
    order = case.env["maintenance.request"].create(
        {
            "name": "Loa rè",
            "equipment_id": asset(case, agency, unit).id,
            "priority": "1",
            "service_contract_id": line.contract_id.id,
        }
    )
    order._close("repaired", "Xong")
    case.env.flush_all()
    penalties = case.env["ttcs.contract.penalty"]
    return penalties.search([("contract_id", "=", line.contract_id.id)])


def spare_part(case, agency, unit):
    return case.env["ttcs.spare.part"].create({"code": f"x{unit.id}", "name": "x", "uom": "x"})


def maintenance_day(case, agency, unit):
    occurrence = maintenance_occurrence(case, agency, unit)
    case.env.flush_all()
    return case.env["ttcs.maintenance.day"].browse(occurrence.id)


def of_reform(model, **values):
    """A maker of what a reform leaves about an asset."""

    def make(case, agency, unit):
        moved = asset(case, agency, unit)
        given = {
            "reform_id": reform(case, agency, unit).id,
            "model": moved._name,
            "res_id": moved.id,
            "unit_id": unit.id,
            "agency_id": agency.id,
            **values,
        }
        return case.env[model].create(given)

    return make


def device_model(case):
    models = case.env["ttcs.device.model"]
    vendor = {"name": "Hãng Thử"}
    return models.search([], limit=1) or models.create(
        {"name": "IPB-200", "vendor_id": case.env["ttcs.device.vendor"].create(vendor).id}
    )


def device(case, agency, unit):
    made = case.env["ttcs.device"].create(
        {
            "model_id": device_model(case).id,
            "agency_id": agency.id,
            "serial_no": f"S{next(SERIALS)}",
        }
    )
    made._fit(asset(case, agency, unit))
    return made


def device_fitting(case, agency, unit):
    return device(case, agency, unit).fitting_ids


def enrolled_device(case, agency, unit):
    made = device(case, agency, unit)
    made._enrol()
    case.env.flush_all()
    return made


def device_enrolment(case, agency, unit):
    return case.env["ttcs.device.enrolment"].create(
        {
            "device_id": device(case, agency, unit).id,
            "code_hash": str(agency.id).zfill(64),
            "expires_at": "2030-01-01 00:00:00",
        }
    )


def heard(model, statement):
    """A maker of rows that the bridge writes; the statement takes device id and code."""

    def make(case, agency, unit):
        made = enrolled_device(case, agency, unit)
        case.env.cr.execute(statement, {"id": made.id, "code": made.code})
        return case.env[model].search([("device_id", "=", made.id)])

    return make


def device_recording(case, agency, unit):
    return case.env["ttcs.device.recording"].create(
        {
            "name": "Còi",
            "agency_id": agency.id,
            "content": base64.b64encode(b"ID3" + bytes(9)),
            "seconds": 9,
        }
    )


def device_schedule(case, agency, unit):
    return case.env["ttcs.device.schedule"].create(
        {
            "name": "Lịch",
            "agency_id": agency.id,
            "programme_ids": [(0, 0, {"name": "Thời sự"})],
        }
    )


def device_order(case, agency, unit):
    asked = enrolled_device(case, agency, unit)
    made = case.env["ttcs.device.order"].create(
        {
            "operation": "report",
            "agency_id": agency.id,
            "reason": "Kiểm tra",
            "device_ids": asked.ids,
        }
    )
    made.action_list_targets()
    return made


def alarm_rule(case, agency=None, unit=None):
    return case.env["ttcs.alarm.rule"].create(
        {"name": f"Luật {next(SERIALS)}", "condition": "silent"}
    )


def alarm(case, agency, unit):
    raised = device(case, agency, unit)
    moment = "2026-01-01 00:00:00"
    return case.env["ttcs.alarm"].create(
        {
            "device_id": raised.id,
            "rule_id": alarm_rule(case).id,
            "equipment_id": raised.equipment_id.id,
            "unit_id": unit.id,
            "agency_id": agency.id,
            "severity": "major",
            "began_at": moment,
            "raised_at": moment,
        }
    )


def alarm_watch(case, agency, unit):
    return case.env["ttcs.alarm.watch"].create(
        {
            "device_id": device(case, agency, unit).id,
            "rule_id": alarm_rule(case).id,
            "since": "2026-01-01 00:00:00",
        }
    )


def outage(case, agency, unit):
    return case.env["ttcs.outage"].create(
        {"commune_id": unit.id, "began_at": "2026-01-01 00:00:00"}
    )


def availability(case, agency, unit):
    made = enrolled_device(case, agency, unit)
    watched = made.equipment_id
    # An hour of history, past the guard that keeps it from being written.
    for statement in (
        "ALTER TABLE ttcs_device_fitting DISABLE TRIGGER USER",
        "UPDATE ttcs_device_fitting SET fitted_at = fitted_at - interval '1 hour'",
        "ALTER TABLE ttcs_device_fitting ENABLE TRIGGER USER",
        "UPDATE ttcs_device SET enrolled_at = enrolled_at - interval '1 hour'",
    ):
        case.env.cr.execute(statement)
    return case.env["ttcs.device.availability"].search(
        [("equipment_id", "=", watched.id)], limit=1
    )


def listener(case, agency, unit):
    return case.env["ttcs.listener"].create(
        {
            "name": "Người nghe",
            "phone": f"{next(SERIALS)}",
            "unit_id": unit.id,
            "agency_id": agency.id,
        }
    )


def roll_call_plan(case, agency, unit):
    return case.env["ttcs.roll.call.plan"].create(
        {"name": "Thứ hai", "agency_id": agency.id, "place_ids": unit.ids}
    )


def roll_call(case, agency, unit):
    """One that runs, with a loudspeaker and a listener; the clock of the database decides."""
    asset(case, agency, unit)
    listener(case, agency, unit)
    call = case.env["ttcs.roll.call"].create(
        {
            "agency_id": agency.id,
            "place_ids": unit.ids,
            "begins_at": fields.Datetime.subtract(fields.Datetime.now(), hours=2),
            "minutes": 1_440,
            "plan_id": roll_call_plan(case, agency, unit).id,
        }
    )
    call.action_call()
    return call


def roll_call_line(case, agency, unit):
    # The newest: places below and before this one have their own.
    return roll_call(case, agency, unit).line_ids.filtered(
        lambda line: line.agency_id == agency and line.unit_id == unit
    )[-1:]


def roll_call_answer(case, agency, unit):
    return case.env["ttcs.roll.call.answer"].create(
        {
            "line_id": roll_call_line(case, agency, unit).id,
            "answer": "clear",
            "source": "citizen",
            "visitor": "x",
        }
    )


def roll_call_invitation(case, agency, unit):
    return roll_call(case, agency, unit).invitation_ids.filtered(
        lambda invited: invited.agency_id == agency and invited.unit_id == unit
    )[-1:]


def roll_call_uptime(case, agency, unit):
    line = roll_call_line(case, agency, unit)
    case.env.flush_all()
    return case.env["ttcs.roll.call.uptime"].search(
        [("equipment_id", "=", line.equipment_id.id)], limit=1
    )


def device_connection(case, agency, unit):
    return case.env["ttcs.device.connection"].create(
        {"name": f"Hãng {next(SERIALS)}", "agency_id": agency.id}
    )


def network_state(case, agency, unit):
    watched = asset(case, agency, unit)
    case.env.flush_all()
    return case.env["ttcs.network.state"].browse(watched.id)


def play_log(case, agency, unit):
    played = device(case, agency, unit)
    device_schedule(case, agency, unit)
    return case.env["ttcs.play.log"].create(
        {
            "device_id": played.id,
            "unit_id": unit.id,
            "agency_id": agency.id,
            "day": "2026-01-01",
            "began_at": "2026-01-01 00:00:00",
            "outcome": "unplanned",
            "reference": "FM",
        }
    )


RECORD_MAKERS = {
    "ttcs.play.log": play_log,
    "ttcs.listener": listener,
    "ttcs.network.state": network_state,
    "ttcs.roll.call": roll_call,
    "ttcs.roll.call.answer": roll_call_answer,
    "ttcs.roll.call.invitation": roll_call_invitation,
    "ttcs.roll.call.line": roll_call_line,
    "ttcs.roll.call.plan": roll_call_plan,
    "ttcs.roll.call.uptime": roll_call_uptime,
    "ttcs.alarm": alarm,
    "ttcs.alarm.rule": alarm_rule,
    "ttcs.alarm.watch": alarm_watch,
    "ttcs.outage": outage,
    "ttcs.device.availability": availability,
    "ttcs.device.connection": device_connection,
    "ttcs.device.command": lambda case, agency, unit: device_order(case, agency, unit).command_ids,
    "ttcs.device.order": device_order,
    "ttcs.device.order.target": lambda case, agency, unit: (
        device_order(case, agency, unit).target_ids
    ),
    "ttcs.device.programme": lambda case, agency, unit: (
        device_schedule(case, agency, unit).programme_ids
    ),
    "ttcs.device.recording": device_recording,
    "ttcs.device.schedule": device_schedule,
    "ttcs.device": device,
    "ttcs.device.enrolment": device_enrolment,
    "ttcs.device.event": heard(
        "ttcs.device.event",
        "INSERT INTO ttcs_tele.event (device_id, ts, boot, seq, received_at, kind)"
        " VALUES (%(id)s, now(), 1, 1, now(), 'button')",
    ),
    "ttcs.device.fitting": device_fitting,
    "ttcs.device.hour": heard(
        "ttcs.device.hour",
        "INSERT INTO ttcs_tele.sample_hour (device_id, hour, samples, on_air_samples,"
        " faulty_samples) VALUES (%(id)s, date_trunc('hour', now()), 1, 0, 0)",
    ),
    "ttcs.device.last": heard(
        "ttcs.device.last",
        "INSERT INTO ttcs_tele.last (device_id, seen_at) VALUES (%(id)s, now())",
    ),
    "ttcs.device.model": lambda case, agency, unit: device_model(case),
    "ttcs.device.vendor": lambda case, agency, unit: device_model(case).vendor_id,
    "ttcs.device.quarantine": heard(
        "ttcs.device.quarantine",
        "INSERT INTO ttcs_tele.quarantine VALUES"
        " (current_date, %(code)s, 'future', 1, now(), now(), 't', '')",
    ),
    "ttcs.device.sample": heard(
        "ttcs.device.sample",
        "INSERT INTO ttcs_tele.sample (device_id, ts, boot, seq, received_at)"
        " VALUES (%(id)s, now(), 1, 1, now())",
    ),
    "ttcs.activation": activation,
    "ttcs.activation.try": lambda case, agency, unit: case.env["ttcs.activation.try"].create(
        {"login": f"x{agency.id}", "begun_at": "2026-01-01 00:00:00", "tries": 1}
    ),
    "ttcs.document.number": document_number,
    "ttcs.document.series": document_series,
    "ttcs.form.file": form_file,
    "ttcs.field.action": field_action,
    "ttcs.field.device": field_device,
    "ttcs.import.batch": import_batch,
    "ttcs.import.column": related("ttcs.import.column", "batch_id", import_batch),
    "ttcs.import.key": import_key,
    "ttcs.import.mapping": import_memory("ttcs.import.mapping", heading_key="h"),
    "ttcs.import.question": related(
        "ttcs.import.question", "batch_id", import_batch, topic="hamlet", key="x"
    ),
    "ttcs.import.row": related(
        "ttcs.import.row", "batch_id", import_batch, number=1, verdict="new"
    ),
    "ttcs.maintenance.day": maintenance_day,
    "ttcs.maintenance.occurrence": maintenance_occurrence,
    "ttcs.maintenance.plan": maintenance_plan,
    "ttcs.maintenance.plan.line": maintenance_plan_line,
    "ttcs.maintenance.rule": maintenance_rule,
    "ttcs.maintenance.run": lambda case, agency, unit: case.env["ttcs.maintenance.run"].create({}),
    "ttcs.maintenance.task": maintenance_task,
    "ttcs.checklist": checklist,
    "ttcs.checklist.answer": checklist_answer,
    "ttcs.checklist.line": lambda case, agency, unit: checklist(case).line_ids,
    "ttcs.order.photo": order_photo,
    "ttcs.meter.reading": related("ttcs.meter.reading", "equipment_id", asset, hours=1),
    "ttcs.order.labour": order_labour,
    "ttcs.order.part": order_part,
    "ttcs.order.pause": order_pause,
    "ttcs.contract.penalty": contract_penalty,
    "ttcs.downtime": downtime,
    "ttcs.reliability": reliability,
    "ttcs.service.contract": service_contract,
    "ttcs.service.contract.line": service_contract_line,
    "ttcs.spare.part": spare_part,
    "ttcs.rate.limit": lambda case, agency, unit: case.env["ttcs.rate.limit"].create(
        {"key": f"k{agency.id}", "period_start": "2026-01-01 00:00:00", "requests": 1}
    ),
    "ttcs.reform": reform,
    "ttcs.reform.line": related("ttcs.reform.line", "reform_id", reform, kind="nothing", name="x"),
    "ttcs.reform.move": of_reform("ttcs.reform.move"),
    "ttcs.reform.question": of_reform("ttcs.reform.question", name="x"),
    "ttcs.survey": survey,
    "ttcs.survey.figure": of_sheet(
        "ttcs.survey.figure",
        indicator=INDICATORS[0].key,
        section=INDICATORS[0].section,
        value=0,
        confirmed_value=0,
    ),
    "ttcs.survey.file": of_sheet("ttcs.survey.file", name="x.pdf", data=PDF, sha256="0" * 64),
    "ttcs.survey.line": survey_line,
    "ttcs.survey.snapshot": survey_snapshot,
    "ttcs.survey.sheet": survey_sheet,
    "ttcs.inventory": inventory,
    "ttcs.inventory.count": of_inventory_sheet(
        "ttcs.inventory.count",
        equipment_id=asset,
        outcome="counted",
        counted_at="2026-01-01 00:00:00",
        counted_by=1,
    ),
    "ttcs.inventory.file": inventory_file,
    "ttcs.inventory.line": of_inventory_sheet(
        "ttcs.inventory.line", name="x", equipment_id=asset, quantity=1
    ),
    "ttcs.inventory.member": of_inventory_sheet(
        "ttcs.inventory.member", person_id=person, role="team_member"
    ),
    "ttcs.inventory.phone": of_inventory_sheet(
        "ttcs.inventory.phone", device_id=field_device, carried_at="2026-01-01 00:00:00"
    ),
    "ttcs.inventory.sheet": inventory_sheet,
    "ttcs.inventory.snapshot": of_inventory_sheet(
        "ttcs.inventory.snapshot",
        taken_at="2026-01-01 00:00:00",
        taken_by=1,
        content="{}",
        sha256="0" * 64,
    ),
    "hr.employee": employee,
    "maintenance.equipment": asset,
    "maintenance.request": request,
    "res.partner": lambda case, agency, unit: person(case, agency, unit).partner_id,
    "ttcs.agency": lambda case, agency, unit: agency,
    "ttcs.agency.lineage": agency_lineage,
    "ttcs.asset.cost": asset_cost,
    "ttcs.asset.decision": asset_decision,
    "ttcs.asset.decision.approval": asset_decision_approval,
    "ttcs.asset.decision.line": asset_decision_line,
    "ttcs.custody": custody,
    "ttcs.handover": handover,
    "ttcs.handover.line": handover_line,
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
