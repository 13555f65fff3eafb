"""What the database itself guarantees for assets and tags (see ``ttcs_base.invariants``)."""

from odoo.addons.ttcs_base.invariants import (
    Invariant,
    append_only_trigger,
    frozen_trigger,
    frozen_with_parent_trigger,
    placement_invariants,
    placement_triggers,
)

from .checklist_invariants import CHECKLIST_CONSTRAINTS, CHECKLIST_TRIGGERS
from .decision_invariants import DECISION_CONSTRAINTS, DECISION_TRIGGERS
from .order_invariants import ORDER_CONSTRAINTS, ORDER_TRIGGERS

CONSTRAINTS = (
    Invariant("maintenance_equipment", "maintenance_equipment_serial_no"),
    Invariant("maintenance_equipment", "maintenance_equipment_code_unique"),
    Invariant("maintenance_equipment", "maintenance_equipment_cost_whole"),
    Invariant("maintenance_equipment", "maintenance_equipment_figures_possible"),
    Invariant("maintenance_equipment", "maintenance_equipment_position_possible"),
    Invariant("maintenance_equipment", "maintenance_equipment_not_its_own_part"),
    Invariant("maintenance_equipment_category", "maintenance_equipment_category_code_unique"),
    Invariant("maintenance_request", "maintenance_request_action_uuid_unique"),
    Invariant("ttcs_asset_cost", "ttcs_asset_cost_source_unique"),
    Invariant("ttcs_asset_cost", "ttcs_asset_cost_amount_positive"),
    Invariant("ttcs_depreciation_rate", "ttcs_depreciation_rate_kind_unique"),
    Invariant("ttcs_depreciation_rate", "ttcs_depreciation_rate_rate_possible"),
    Invariant("ttcs_depreciation_regime", "ttcs_depreciation_regime_period"),
    Invariant("ttcs_depreciation_regime", "ttcs_depreciation_regime_period_ordered"),
    Invariant("ttcs_field_action", "ttcs_field_action_uuid_unique"),
    Invariant("ttcs_field_device", "ttcs_field_device_token_unique"),
    Invariant("maintenance_request", "maintenance_request_occurrence_unique"),
    Invariant("ttcs_maintenance_task", "ttcs_maintenance_task_code_unique"),
    Invariant("ttcs_maintenance_task", "ttcs_maintenance_task_duration_possible"),
    Invariant("ttcs_maintenance_task", "ttcs_maintenance_task_costs_whole"),
    Invariant("ttcs_maintenance_rule", "ttcs_maintenance_rule_cadence_possible"),
    Invariant("ttcs_maintenance_rule", "ttcs_maintenance_rule_runtime_possible"),
    Invariant("ttcs_maintenance_rule", "ttcs_maintenance_rule_condition_given"),
    Invariant("ttcs_maintenance_rule", "ttcs_maintenance_rule_target_given"),
    Invariant("ttcs_maintenance_rule", "ttcs_maintenance_rule_season_whole"),
    Invariant("ttcs_maintenance_rule", "ttcs_maintenance_rule_period_ordered"),
    Invariant("ttcs_maintenance_rule", "ttcs_maintenance_rule_lead_possible"),
    Invariant("ttcs_maintenance_occurrence", "ttcs_maintenance_occurrence_asset_rule_date_unique"),
    Invariant("ttcs_maintenance_occurrence", "ttcs_maintenance_occurrence_one_order_open"),
    Invariant("ttcs_maintenance_occurrence", "ttcs_maintenance_occurrence_decision_has_reason"),
    Invariant("ttcs_maintenance_occurrence", "ttcs_maintenance_occurrence_skipped_has_reason"),
    Invariant("ttcs_maintenance_occurrence", "ttcs_maintenance_occurrence_done_has_date"),
    Invariant("ttcs_maintenance_plan", "ttcs_maintenance_plan_agency_year_unique"),
    Invariant("ttcs_maintenance_plan", "ttcs_maintenance_plan_year_possible"),
    Invariant("ttcs_maintenance_plan", "ttcs_maintenance_plan_not_its_own_part"),
    Invariant("ttcs_maintenance_plan", "ttcs_maintenance_plan_approved_by_another"),
    Invariant("ttcs_maintenance_plan", "ttcs_maintenance_plan_returned_has_reason"),
    Invariant("ttcs_maintenance_plan_line", "ttcs_maintenance_plan_line_task_unique"),
    Invariant("ttcs_maintenance_plan_line", "ttcs_maintenance_plan_line_amounts_possible"),
    Invariant("ttcs_maintenance_plan_line", "ttcs_maintenance_plan_line_cost_adds_up"),
    Invariant("ttcs_maintenance_plan_line", "ttcs_maintenance_plan_line_difference_has_note"),
    Invariant("ttcs_meter_reading", "ttcs_meter_reading_hours_possible"),
    Invariant("ttcs_rate_limit", "ttcs_rate_limit_key_period_unique"),
    Invariant("ttcs_station_technology", "ttcs_station_technology_period"),
    Invariant("ttcs_station_technology", "ttcs_station_technology_period_ordered"),
    Invariant("ttcs_label_print", "ttcs_label_print_offset_possible"),
    Invariant("ttcs_label_stock", "ttcs_label_stock_dots_positive"),
    Invariant("ttcs_label_stock", "ttcs_label_stock_name_unique"),
    Invariant("ttcs_tag", "ttcs_tag_identifier_unique"),
    Invariant("ttcs_tag", "ttcs_tag_spoken_code_unique"),
    Invariant("ttcs_tag", "ttcs_tag_roll_number_unique"),
    Invariant("ttcs_tag", "ttcs_tag_asset_by_state"),
    Invariant("ttcs_tag", "ttcs_tag_revoked_has_reason"),
    Invariant("ttcs_tag_alias", "ttcs_tag_alias_name_unique"),
    Invariant("ttcs_tag_roll", "ttcs_tag_roll_size_possible"),
    Invariant("ttcs_tag_roll", "ttcs_tag_roll_name_unique"),
    Invariant("ttcs_survey", "ttcs_survey_target_positive"),
    Invariant("ttcs_survey_sheet", "ttcs_survey_sheet_survey_agency_unique"),
    Invariant("ttcs_survey_sheet", "ttcs_survey_sheet_sent_has_author"),
    Invariant("ttcs_survey_sheet", "ttcs_survey_sheet_returned_has_reason"),
    Invariant("ttcs_survey_figure", "ttcs_survey_figure_sheet_indicator_unique"),
    Invariant("ttcs_survey_figure", "ttcs_survey_figure_difference_has_note"),
    Invariant("ttcs_survey_figure", "ttcs_survey_figure_not_negative"),
    Invariant("ttcs_survey_line", "ttcs_survey_line_sheet_station_unique"),
    Invariant("ttcs_survey_line", "ttcs_survey_line_counts_possible"),
    Invariant("ttcs_survey_line", "ttcs_survey_line_difference_has_note"),
    Invariant("ttcs_survey_snapshot", "ttcs_survey_snapshot_survey_version_unique"),
    Invariant("ttcs_survey_file", "ttcs_survey_file_has_hash"),
    Invariant("ttcs_inventory_sheet", "ttcs_inventory_sheet_inventory_agency_unit_unique"),
    Invariant("ttcs_inventory_sheet", "ttcs_inventory_sheet_closed_has_author"),
    Invariant("ttcs_inventory_sheet", "ttcs_inventory_sheet_reopened_has_reason"),
    Invariant("ttcs_inventory_line", "ttcs_inventory_line_asset_once"),
    Invariant("ttcs_inventory_line", "ttcs_inventory_line_quantities_possible"),
    Invariant("ttcs_inventory_line", "ttcs_inventory_line_extra_is_unexpected"),
    Invariant("ttcs_inventory_count", "ttcs_inventory_count_uuid_unique"),
    Invariant("ttcs_inventory_count", "ttcs_inventory_count_asset_or_name"),
    Invariant("ttcs_inventory_member", "ttcs_inventory_member_person_once"),
    Invariant("ttcs_inventory_member", "ttcs_inventory_member_chairman_once"),
    Invariant("ttcs_inventory_member", "ttcs_inventory_member_leader_once"),
    Invariant("ttcs_inventory_member", "ttcs_inventory_member_role_fits"),
    Invariant("ttcs_inventory_phone", "ttcs_inventory_phone_device_sheet_unique"),
    Invariant("ttcs_inventory_phone", "ttcs_inventory_phone_excuse_has_reason"),
    Invariant("ttcs_inventory_snapshot", "ttcs_inventory_snapshot_inventory_sheet_unique"),
    Invariant("ttcs_inventory_file", "ttcs_inventory_file_has_hash"),
    *DECISION_CONSTRAINTS,
    *ORDER_CONSTRAINTS,
    *CHECKLIST_CONSTRAINTS,
)

TRIGGERS = (
    Invariant("ttcs_tag", "ttcs_tag_code_is_kept"),
    Invariant("ttcs_survey", "ttcs_survey_is_frozen"),
    Invariant("ttcs_survey_sheet", "ttcs_survey_sheet_is_frozen"),
    Invariant("ttcs_survey_figure", "ttcs_survey_figure_is_frozen"),
    Invariant("ttcs_survey_line", "ttcs_survey_line_is_frozen"),
    Invariant("ttcs_survey_snapshot", "ttcs_survey_snapshot_is_kept"),
    Invariant("ttcs_survey_file", "ttcs_survey_file_is_kept"),
    Invariant("ttcs_inventory", "ttcs_inventory_is_frozen"),
    Invariant("ttcs_inventory_sheet", "ttcs_inventory_sheet_is_frozen"),
    Invariant("ttcs_inventory_line", "ttcs_inventory_line_is_frozen"),
    Invariant("ttcs_inventory_count", "ttcs_inventory_count_is_kept"),
    Invariant("ttcs_inventory_member", "ttcs_inventory_member_is_frozen"),
    Invariant("ttcs_inventory_phone", "ttcs_inventory_phone_is_frozen"),
    Invariant("ttcs_inventory_snapshot", "ttcs_inventory_snapshot_is_kept"),
    Invariant("ttcs_inventory_file", "ttcs_inventory_file_is_kept"),
    Invariant("ttcs_maintenance_plan", "ttcs_maintenance_plan_is_frozen"),
    Invariant("ttcs_maintenance_plan_line", "ttcs_maintenance_plan_line_is_frozen"),
    Invariant("ttcs_meter_reading", "ttcs_meter_reading_is_kept"),
    *placement_invariants("maintenance_equipment"),
    *DECISION_TRIGGERS,
    *ORDER_TRIGGERS,
    *CHECKLIST_TRIGGERS,
)

TRIGGER_SQL = """
    -- A printed code never changes, and a revoked tag never comes back.
    CREATE OR REPLACE FUNCTION ttcs_tag_keep_code() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'ttcs_tag_code_is_kept' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ttcs_tag_code_is_kept', TABLE = 'ttcs_tag';
    END $$;
    CREATE OR REPLACE TRIGGER ttcs_tag_code_is_kept
        BEFORE UPDATE ON ttcs_tag FOR EACH ROW
        WHEN (
            (OLD.identifier, OLD.code, OLD.spoken_code)
                IS DISTINCT FROM (NEW.identifier, NEW.code, NEW.spoken_code)
            OR (OLD.state IN ('revoked', 'void') AND NEW.state <> OLD.state)
            OR (OLD.state = 'assigned' AND NEW.state = 'blank')
            OR (OLD.equipment_id IS NOT NULL AND NEW.equipment_id <> OLD.equipment_id)
        )
        EXECUTE FUNCTION ttcs_tag_keep_code();
    """ + placement_triggers("maintenance_equipment", "maintenance.equipment", "in_use_date")

SURVEY_SQL = """
-- The survey itself: frozen only with the snapshot of its version, opened again only as the
-- next version and with a reason, and otherwise unchanged.
CREATE OR REPLACE FUNCTION ttcs_survey_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reopening text[] := ARRAY['state', 'version', 'reopen_reason'];
BEGIN
    IF TG_OP = 'UPDATE' AND (
        (OLD.state <> 'closed' AND NEW.state <> 'closed')
        OR (OLD.state = 'open' AND NEW.state = 'closed' AND EXISTS (
            SELECT FROM ttcs_survey_snapshot
            WHERE survey_id = NEW.id AND version = NEW.version))
        OR (OLD.state = 'closed' AND NEW.state = 'closed'
            AND ttcs_is_untouched(to_jsonb(OLD), to_jsonb(NEW)))
        OR (OLD.state = 'closed' AND NEW.state = 'open' AND NEW.version = OLD.version + 1
            AND trim(NEW.reopen_reason) <> ''
            AND ttcs_is_untouched(to_jsonb(OLD) - reopening, to_jsonb(NEW) - reopening))
    ) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND OLD.state <> 'closed' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'ttcs_survey_is_frozen' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_survey_is_frozen', TABLE = 'ttcs_survey', DETAIL = OLD.name;
END $$;
CREATE OR REPLACE TRIGGER ttcs_survey_is_frozen
    BEFORE UPDATE OR DELETE ON ttcs_survey
    FOR EACH ROW EXECUTE FUNCTION ttcs_survey_freeze();
""" + "".join(
    [
        *(
            frozen_with_parent_trigger(table, "ttcs_survey", "survey_id", "closed")
            for table in ("ttcs_survey_sheet", "ttcs_survey_figure", "ttcs_survey_line")
        ),
        # What was reported, and the files with their hashes, are only added to.
        append_only_trigger("ttcs_survey_snapshot"),
        append_only_trigger("ttcs_survey_file"),
    ]
)

MAINTENANCE_SQL = "".join(
    [
        # An approved plan stays as it was approved, lines and costs included.
        frozen_trigger("ttcs_maintenance_plan", "approved"),
        frozen_with_parent_trigger(
            "ttcs_maintenance_plan_line", "ttcs_maintenance_plan", "plan_id", "approved"
        ),
        append_only_trigger("ttcs_meter_reading"),
    ]
)

INVENTORY_SQL = """
-- A line: nothing after its round, and once its sheet was counted only what explains it.  One
-- exception: what its own team missed may still turn up on another sheet.
CREATE OR REPLACE FUNCTION ttcs_inventory_line_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept record;
    later text[] := ARRAY['explanation', 'proposal'];
    refusal text;
    about text;
BEGIN
    SELECT inventory.name AS inventory, inventory.state AS inventory_state,
        concat_ws(', ', sheet.agency_name, sheet.unit_name) AS title, sheet.state
    INTO kept
    FROM ttcs_inventory_sheet sheet JOIN ttcs_inventory inventory
        ON inventory.id = sheet.inventory_id
    WHERE sheet.id = COALESCE(NEW.sheet_id, OLD.sheet_id)
    FOR SHARE;
    IF kept.inventory_state = 'closed' THEN
        refusal := 'ttcs_inventory_line_is_frozen';
        about := kept.inventory;
    ELSIF kept.state = 'closed' AND NOT (TG_OP = 'UPDATE' AND (
        to_jsonb(OLD) - later = to_jsonb(NEW) - later
        OR (OLD.state, NEW.state) IN (('missing', 'elsewhere'), ('elsewhere', 'missing'))
    )) THEN
        refusal := 'ttcs_inventory_line_sheet_is_closed';
        about := kept.title;
    ELSIF TG_OP = 'UPDATE' AND NEW.sheet_id <> OLD.sheet_id THEN
        refusal := 'ttcs_inventory_line_sheet_is_closed';
        about := kept.title;
    ELSE
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION '%', refusal USING ERRCODE = 'check_violation',
        CONSTRAINT = refusal, TABLE = TG_TABLE_NAME, DETAIL = about;
END $$;
CREATE OR REPLACE TRIGGER ttcs_inventory_line_is_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON ttcs_inventory_line
    FOR EACH ROW EXECUTE FUNCTION ttcs_inventory_line_refuse();

-- Counts are only added, and not to a round that is closed.
CREATE OR REPLACE FUNCTION ttcs_inventory_count_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM ttcs_inventory WHERE id = NEW.inventory_id AND state <> 'closed' FOR SHARE;
        IF FOUND THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'ttcs_inventory_count_is_kept' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_inventory_count_is_kept', TABLE = 'ttcs_inventory_count',
        DETAIL = COALESCE(NEW.uuid, OLD.uuid);
END $$;
CREATE OR REPLACE TRIGGER ttcs_inventory_count_is_kept
    BEFORE INSERT OR UPDATE OR DELETE ON ttcs_inventory_count
    FOR EACH ROW EXECUTE FUNCTION ttcs_inventory_count_keep();

-- The round itself: closed only when every sheet is, and only with its snapshot; then for good.
CREATE OR REPLACE FUNCTION ttcs_inventory_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
        (OLD.state <> 'closed' AND NEW.state <> 'closed')
        OR (OLD.state = 'open' AND NEW.state = 'closed'
            AND EXISTS (SELECT FROM ttcs_inventory_snapshot
                WHERE inventory_id = NEW.id AND sheet_id IS NULL)
            AND NOT EXISTS (SELECT FROM ttcs_inventory_sheet
                WHERE inventory_id = NEW.id AND state <> 'closed'))
        OR (OLD.state = 'closed' AND NEW.state = 'closed'
            AND ttcs_is_untouched(to_jsonb(OLD), to_jsonb(NEW)))
    ) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND OLD.state = 'draft' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'ttcs_inventory_is_frozen' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_inventory_is_frozen', TABLE = 'ttcs_inventory', DETAIL = OLD.name;
END $$;
CREATE OR REPLACE TRIGGER ttcs_inventory_is_frozen
    BEFORE UPDATE OR DELETE ON ttcs_inventory
    FOR EACH ROW EXECUTE FUNCTION ttcs_inventory_freeze();
""" + "".join(
    [
        *(
            frozen_with_parent_trigger(table, "ttcs_inventory", "inventory_id", "closed")
            for table in (
                "ttcs_inventory_sheet",
                "ttcs_inventory_member",
                "ttcs_inventory_phone",
            )
        ),
        append_only_trigger("ttcs_inventory_snapshot"),
        append_only_trigger("ttcs_inventory_file"),
    ]
)
