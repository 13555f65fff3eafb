"""What the database itself guarantees for assets and tags (see ``ttcs_base.invariants``)."""

from odoo.addons.ttcs_base.invariants import (
    Invariant,
    placement_invariants,
    placement_triggers,
)

CONSTRAINTS = (
    Invariant("maintenance_equipment", "maintenance_equipment_serial_no"),
    Invariant("maintenance_equipment", "maintenance_equipment_code_unique"),
    Invariant("maintenance_equipment", "maintenance_equipment_cost_whole"),
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
)

TRIGGERS = (
    Invariant("ttcs_tag", "ttcs_tag_code_is_kept"),
    *placement_invariants("maintenance_equipment"),
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
