"""What the database itself guarantees for devices (see ``ttcs_base.invariants``)."""

from odoo.addons.ttcs_base.invariants import (
    Invariant,
    placement_invariants,
    placement_triggers,
)

CONSTRAINTS = (
    Invariant("ttcs_device_vendor", "ttcs_device_vendor_name_unique"),
    Invariant("ttcs_device_model", "ttcs_device_model_name_unique"),
    Invariant("ttcs_device", "ttcs_device_code_unique"),
    Invariant("ttcs_device", "ttcs_device_serial_unique"),
    Invariant("ttcs_device", "ttcs_device_closed_has_reason"),
    Invariant("ttcs_device", "ttcs_device_retired_is_off"),
    Invariant("ttcs_device_fitting", "ttcs_device_fitting_one_open"),
    Invariant("ttcs_device_fitting", "ttcs_device_fitting_period_ordered"),
    Invariant("ttcs_device_enrolment", "ttcs_device_enrolment_code_unique"),
)

TRIGGERS = (
    Invariant("ttcs_device", "ttcs_device_steps"),
    Invariant("ttcs_device", "ttcs_device_is_told"),
    Invariant("ttcs_device", "ttcs_device_fitting_begins"),
    Invariant("ttcs_device", "ttcs_device_fitting_changes"),
    Invariant("ttcs_device_fitting", "ttcs_device_fitting_is_kept"),
    Invariant("maintenance_equipment", "ttcs_device_follows_asset"),
    *placement_invariants("ttcs_device"),
)

DEVICE_SQL = """
-- The code of a device is its name on the wire for life; a retired device stays what it was; and
-- what was ever enrolled is never deleted, because its telemetry names it.
CREATE OR REPLACE FUNCTION ttcs_device_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steps text[] := ARRAY['new enrolled', 'new retired', 'enrolled shut_out', 'enrolled retired',
        'shut_out enrolled', 'shut_out retired'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'new' THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.code = NEW.code
        AND (OLD.state = NEW.state OR OLD.state || ' ' || NEW.state = ANY(steps))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ttcs_device_steps' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_device_steps', TABLE = 'ttcs_device', DETAIL = OLD.code;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_steps
    BEFORE UPDATE OF code, state OR DELETE ON ttcs_device
    FOR EACH ROW EXECUTE FUNCTION ttcs_device_step();

-- The bridge knows of a device what it must: its code, and whether it may speak.
CREATE OR REPLACE FUNCTION ttcs_device_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM ttcs_tele.device WHERE id = OLD.id;
    ELSE
        INSERT INTO ttcs_tele.device (id, code, active)
        VALUES (NEW.id, NEW.code, NEW.state = 'enrolled')
        ON CONFLICT (id) DO UPDATE SET active = excluded.active
        WHERE device.active <> excluded.active;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_is_told
    AFTER INSERT OR UPDATE OF state OR DELETE ON ttcs_device
    FOR EACH ROW EXECUTE FUNCTION ttcs_device_tell();

-- Which device served which asset from when to when is written whatever statement fits it.
CREATE OR REPLACE FUNCTION ttcs_device_fitting_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ttcs_device_fitting (device_id, equipment_id, fitted_at)
    SELECT id, equipment_id, now() AT TIME ZONE 'UTC' FROM fresh WHERE equipment_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_fitting_begins
    AFTER INSERT ON ttcs_device REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_device_fitting_begin();

CREATE OR REPLACE FUNCTION ttcs_device_fitting_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ttcs_device_fitting fitting
    SET taken_off_at = now() AT TIME ZONE 'UTC',
        reason = NULLIF(current_setting('ttcs.device_reason', true), '')
    FROM fresh JOIN stale ON stale.id = fresh.id
    WHERE fitting.device_id = fresh.id AND fitting.taken_off_at IS NULL
        AND fresh.equipment_id IS DISTINCT FROM stale.equipment_id;
    INSERT INTO ttcs_device_fitting (device_id, equipment_id, fitted_at)
    SELECT fresh.id, fresh.equipment_id, now() AT TIME ZONE 'UTC'
    FROM fresh JOIN stale ON stale.id = fresh.id
    WHERE fresh.equipment_id IS NOT NULL
        AND fresh.equipment_id IS DISTINCT FROM stale.equipment_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_fitting_changes
    AFTER UPDATE ON ttcs_device REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_device_fitting_change();

-- A fitting is closed once, by the trigger above, and never rewritten.
CREATE OR REPLACE FUNCTION ttcs_device_fitting_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.taken_off_at IS NULL AND NEW.taken_off_at IS NOT NULL
        AND ttcs_is_untouched(to_jsonb(OLD) - ARRAY['taken_off_at', 'reason'],
            to_jsonb(NEW) - ARRAY['taken_off_at', 'reason'])
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ttcs_device_fitting_is_kept' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_device_fitting_is_kept', TABLE = 'ttcs_device_fitting';
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_fitting_is_kept
    BEFORE UPDATE OR DELETE ON ttcs_device_fitting
    FOR EACH ROW EXECUTE FUNCTION ttcs_device_fitting_keep();

-- A device stands where its asset stands and belongs to whom the asset belongs.
CREATE OR REPLACE FUNCTION ttcs_device_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ttcs_device device
    SET unit_id = fresh.unit_id, agency_id = fresh.agency_id, commune_id = fresh.commune_id
    FROM fresh
    WHERE device.equipment_id = fresh.id
        AND (device.unit_id, device.agency_id, device.commune_id)
            IS DISTINCT FROM (fresh.unit_id, fresh.agency_id, fresh.commune_id);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_follows_asset
    AFTER UPDATE ON maintenance_equipment REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_device_follow();
""" + placement_triggers("ttcs_device", "ttcs.device", "create_date")
