"""What the database itself guarantees for checklists, photos and signatures of work orders."""

from odoo.addons.ttcs_base.invariants import (
    Invariant,
    append_only_trigger,
    frozen_with_parent_trigger,
)

CHECKLIST_CONSTRAINTS = (
    Invariant("ttcs_checklist", "ttcs_checklist_code_unique"),
    Invariant("ttcs_checklist_line", "ttcs_checklist_line_limits_ordered"),
    Invariant("ttcs_checklist_line", "ttcs_checklist_line_days_possible"),
    Invariant("ttcs_checklist_answer", "ttcs_checklist_answer_line_once"),
    Invariant("ttcs_checklist_answer", "ttcs_checklist_answer_value_fits"),
    Invariant("ttcs_checklist_answer", "ttcs_checklist_answer_verdict_fits"),
    Invariant("ttcs_order_photo", "ttcs_order_photo_hash_unique"),
    Invariant("ttcs_order_photo", "ttcs_order_photo_has_hash"),
    Invariant("ttcs_order_photo", "ttcs_order_photo_position_possible"),
    Invariant("maintenance_request", "maintenance_request_source_answer_unique"),
    Invariant("maintenance_request", "maintenance_request_signature_has_hash"),
    Invariant("ttcs_meter_reading", "ttcs_meter_reading_answer_once"),
)

CHECKLIST_TRIGGERS = (
    Invariant("ttcs_checklist_answer", "ttcs_checklist_answer_is_frozen"),
    Invariant("ttcs_order_photo", "ttcs_order_photo_is_kept"),
    Invariant("maintenance_request", "maintenance_request_checklist_is_kept"),
    Invariant("maintenance_request", "maintenance_request_signature_is_kept"),
)

CHECKLIST_SQL = (
    """
-- An order keeps its checklist from the first answer on, and a closed one its signature.
CREATE OR REPLACE FUNCTION maintenance_request_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'checklist' AND NOT EXISTS (
        SELECT FROM ttcs_checklist_answer WHERE request_id = NEW.id
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'check_violation',
        CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, DETAIL = OLD.name;
END $$;
CREATE OR REPLACE TRIGGER maintenance_request_checklist_is_kept
    BEFORE UPDATE OF checklist_id ON maintenance_request FOR EACH ROW
    WHEN (OLD.checklist_id IS DISTINCT FROM NEW.checklist_id)
    EXECUTE FUNCTION maintenance_request_keep('checklist');
CREATE OR REPLACE TRIGGER maintenance_request_signature_is_kept
    BEFORE UPDATE ON maintenance_request FOR EACH ROW
    WHEN (
        OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT NULL
        AND (COALESCE(OLD.confirmed_by, ''), COALESCE(OLD.signature_sha256, ''))
            IS DISTINCT FROM (COALESCE(NEW.confirmed_by, ''), COALESCE(NEW.signature_sha256, ''))
    )
    EXECUTE FUNCTION maintenance_request_keep('signature');
"""
    + frozen_with_parent_trigger(
        "ttcs_checklist_answer", "maintenance_request", "request_id", since="closed_at"
    )
    + append_only_trigger("ttcs_order_photo")
)
