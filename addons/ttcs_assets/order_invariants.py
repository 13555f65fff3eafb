"""What the database itself guarantees for the costs, downtimes and deadlines of work orders."""

from odoo.addons.ttcs_base.invariants import Invariant, frozen_with_parent_trigger

ORDER_CONSTRAINTS = (
    Invariant("ttcs_spare_part", "ttcs_spare_part_code_unique"),
    Invariant("ttcs_spare_part", "ttcs_spare_part_price_whole"),
    Invariant("ttcs_order_part", "ttcs_order_part_quantity_positive"),
    Invariant("ttcs_order_part", "ttcs_order_part_price_whole"),
    Invariant("ttcs_order_part", "ttcs_order_part_amount_adds_up"),
    Invariant("ttcs_order_labour", "ttcs_order_labour_one_worker"),
    Invariant("ttcs_order_labour", "ttcs_order_labour_minutes_positive"),
    Invariant("ttcs_order_labour", "ttcs_order_labour_rate_whole"),
    Invariant("ttcs_order_labour", "ttcs_order_labour_amount_adds_up"),
    Invariant("maintenance_request", "maintenance_request_other_cost_whole"),
    Invariant("maintenance_request", "maintenance_request_cost_adds_up"),
    Invariant("ttcs_downtime_cause", "ttcs_downtime_cause_code_unique"),
    Invariant("ttcs_downtime", "ttcs_downtime_one_at_a_time"),
    Invariant("ttcs_downtime", "ttcs_downtime_period_ordered"),
    Invariant("ttcs_downtime", "ttcs_downtime_minutes_counted"),
    Invariant("ttcs_service_contract", "ttcs_service_contract_number_unique"),
    Invariant("ttcs_service_contract", "ttcs_service_contract_period_ordered"),
    Invariant("ttcs_service_contract", "ttcs_service_contract_fee_whole"),
    Invariant("ttcs_service_contract", "ttcs_service_contract_contractor_is_another"),
    Invariant("ttcs_service_contract", "ttcs_service_contract_penalty_possible"),
    Invariant("ttcs_service_contract_line", "ttcs_service_contract_line_priority_unique"),
    Invariant("ttcs_service_contract_line", "ttcs_service_contract_line_minutes_positive"),
    Invariant("ttcs_service_contract_line", "ttcs_service_contract_line_minutes_possible"),
    Invariant("ttcs_order_pause", "ttcs_order_pause_one_at_a_time"),
    Invariant("ttcs_order_pause", "ttcs_order_pause_period_ordered"),
)

ORDER_TRIGGERS = (
    Invariant("ttcs_order_part", "ttcs_order_part_is_frozen"),
    Invariant("ttcs_order_labour", "ttcs_order_labour_is_frozen"),
    Invariant("ttcs_order_pause", "ttcs_order_pause_is_frozen"),
    Invariant("maintenance_request", "maintenance_request_closed_stays"),
    Invariant("maintenance_request", "maintenance_request_has_result"),
    Invariant("maintenance_request", "maintenance_request_cost_is_frozen"),
    Invariant("maintenance_request", "maintenance_request_warranty_is_claimed"),
)

# What warranty, deadlines, penalties, downtime and the minutes of a closed order rest on.
STAYS_CLOSED = (
    "equipment_id",
    "unit_id",
    "commune_id",
    "agency_id",
    "maintenance_type",
    "priority",
    "reported_at",
    "closed_by_id",
    "result",
    "resolution",
    "condition_before",
    "task_id",
    "occurrence_id",
    "service_contract_id",
    "response_due",
    "repair_due",
    "responded_at",
    "signature_sha256",
)


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in STAYS_CLOSED)


ORDER_SQL = (
    f"""
CREATE OR REPLACE FUNCTION maintenance_request_keep_closed() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'maintenance_request_closed_stays' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'maintenance_request_closed_stays', TABLE = 'maintenance_request',
        DETAIL = OLD.name;
END $$;
CREATE OR REPLACE TRIGGER maintenance_request_closed_stays
    BEFORE UPDATE ON maintenance_request FOR EACH ROW
    WHEN (
        OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT NULL
        AND (OLD.closed_at, {_columns("OLD")}) IS DISTINCT FROM (NEW.closed_at, {_columns("NEW")})
    )
    EXECUTE FUNCTION maintenance_request_keep_closed();
"""
    + """
-- A repair is closed with its result: downtime, condition and figures follow from it.  Asked when
-- it is closed; orders of other systems may come in closed and without one, and one that is
-- cancelled has none.
CREATE OR REPLACE FUNCTION maintenance_request_ask_result() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'maintenance_request_has_result' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'maintenance_request_has_result', TABLE = 'maintenance_request',
        DETAIL = NEW.name;
END $$;
CREATE OR REPLACE TRIGGER maintenance_request_has_result
    BEFORE UPDATE OF closed_at ON maintenance_request FOR EACH ROW
    WHEN (
        OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL
        AND NEW.maintenance_type = 'corrective' AND NEW.result IS NULL
        AND NOT COALESCE(NEW.archive, FALSE)
    )
    EXECUTE FUNCTION maintenance_request_ask_result();

-- What a closed order cost apart from its lines, and who pays it.
CREATE OR REPLACE FUNCTION maintenance_request_freeze_cost() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'maintenance_request_cost_is_frozen' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'maintenance_request_cost_is_frozen', TABLE = 'maintenance_request',
        DETAIL = OLD.name;
END $$;
CREATE OR REPLACE TRIGGER maintenance_request_cost_is_frozen
    BEFORE UPDATE ON maintenance_request FOR EACH ROW
    WHEN (
        OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT NULL
        AND (OLD.other_cost, OLD.paid_by, COALESCE(OLD.no_claim_reason, ''))
            IS DISTINCT FROM (NEW.other_cost, NEW.paid_by, COALESCE(NEW.no_claim_reason, ''))
    )
    EXECUTE FUNCTION maintenance_request_freeze_cost();

-- A repair that the own budget pays for needs a reason while the asset was under warranty on
-- the day of the report.  Asked when the order is closed; a warranty that is recorded later
-- leaves closed orders alone.
CREATE OR REPLACE FUNCTION maintenance_request_claim_warranty() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    covered text;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.closed_at IS NOT NULL
        AND COALESCE(OLD.cost_total, 0) = NEW.cost_total
    THEN
        RETURN NEW;
    END IF;
    SELECT concat_ws(' ', asset.code, COALESCE(asset.name ->> 'vi_VN', asset.name ->> 'en_US'))
    INTO covered
    FROM maintenance_equipment asset
    WHERE asset.id = NEW.equipment_id AND asset.warranty_date >= ttcs_day_of(NEW.reported_at);
    IF NOT FOUND THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'maintenance_request_warranty_is_claimed' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'maintenance_request_warranty_is_claimed', TABLE = 'maintenance_request',
        DETAIL = covered;
END $$;
CREATE OR REPLACE TRIGGER maintenance_request_warranty_is_claimed
    BEFORE INSERT OR UPDATE ON maintenance_request FOR EACH ROW
    WHEN (
        NEW.closed_at IS NOT NULL AND NEW.cost_total > 0 AND NEW.paid_by = 'own'
        AND trim(COALESCE(NEW.no_claim_reason, '')) = ''
    )
    EXECUTE FUNCTION maintenance_request_claim_warranty();
"""
    + "".join(
        frozen_with_parent_trigger(
            table, "maintenance_request", "request_id", since="closed_at", fill_once=fill_once
        )
        # What a phone names freely has no price until the office knows it.
        for table, fill_once in (
            ("ttcs_order_part", ("unit_price", "amount")),
            ("ttcs_order_labour", None),
            ("ttcs_order_pause", None),
        )
    )
)
