"""What the database itself guarantees for devices (see ``ttcs_base.invariants``)."""

from odoo.addons.ttcs_base.invariants import (
    Invariant,
    append_only_trigger,
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
    Invariant("ttcs_device", "ttcs_device_named_there"),
    Invariant("ttcs_device", "ttcs_device_external_once"),
    Invariant("ttcs_device_connection", "ttcs_device_connection_name_unique"),
    Invariant("ttcs_device_fitting", "ttcs_device_fitting_one_open"),
    Invariant("ttcs_device_fitting", "ttcs_device_fitting_period_ordered"),
    Invariant("ttcs_device_enrolment", "ttcs_device_enrolment_code_unique"),
    Invariant("ttcs_device", "ttcs_device_settings_possible"),
    Invariant("ttcs_device_recording", "ttcs_device_recording_seconds_possible"),
    Invariant("ttcs_device_recording", "ttcs_device_recording_has_hash"),
    Invariant("ttcs_device_programme", "ttcs_device_programme_time_possible"),
    Invariant("ttcs_device_programme", "ttcs_device_programme_minutes_possible"),
    Invariant("ttcs_device_programme", "ttcs_device_programme_has_days"),
    Invariant("ttcs_device_order", "ttcs_device_order_emergency_warns"),
    Invariant("ttcs_device_order", "ttcs_device_order_cancelled_once"),
    Invariant("ttcs_device_order", "ttcs_device_order_mode_fits"),
    Invariant("ttcs_device_order", "ttcs_device_order_volume_possible"),
    Invariant("ttcs_device_order", "ttcs_device_order_valid_minutes_possible"),
    Invariant("ttcs_device_order", "ttcs_device_order_seconds_possible"),
    Invariant("ttcs_device_order", "ttcs_device_order_hours_possible"),
    Invariant("ttcs_device_order", "ttcs_device_order_second_is_another"),
    Invariant("ttcs_device_order", "ttcs_device_order_released_is_dated"),
    Invariant("ttcs_device_order_target", "ttcs_device_order_target_device_once"),
    Invariant("ttcs_device_order_target", "ttcs_device_order_target_left_out_has_reason"),
    Invariant("ttcs_alarm_rule", "ttcs_alarm_rule_name_unique"),
    Invariant("ttcs_alarm_rule", "ttcs_alarm_rule_condition_complete"),
    Invariant("ttcs_alarm_rule", "ttcs_alarm_rule_limits_ordered"),
    Invariant("ttcs_alarm_rule", "ttcs_alarm_rule_times_possible"),
    Invariant("ttcs_alarm_rule", "ttcs_alarm_rule_minutes_possible"),
    Invariant("ttcs_alarm_watch", "ttcs_alarm_watch_once"),
    Invariant("ttcs_alarm", "ttcs_alarm_one_open"),
    Invariant("ttcs_alarm", "ttcs_alarm_period_ordered"),
    Invariant("ttcs_alarm", "ttcs_alarm_cleared_has_reason"),
    Invariant("ttcs_alarm", "ttcs_alarm_acknowledged_by_somebody"),
    Invariant("ttcs_outage", "ttcs_outage_one_open"),
    Invariant("ttcs_outage", "ttcs_outage_period_ordered"),
    Invariant("ttcs_play_log", "ttcs_play_log_programme_once"),
    Invariant("ttcs_play_log", "ttcs_play_log_unplanned_once"),
    Invariant("ttcs_play_log", "ttcs_play_log_planned_has_time"),
    Invariant("ttcs_play_log", "ttcs_play_log_file_once"),
    Invariant("ttcs_play_log", "ttcs_play_log_played_in_order"),
    Invariant("ttcs_play_log", "ttcs_play_log_told_of_something"),
    Invariant("ttcs_listener", "ttcs_listener_code_unique"),
    Invariant("ttcs_listener", "ttcs_listener_code_complete"),
    Invariant("ttcs_listener", "ttcs_listener_one_for_phone"),
    Invariant("ttcs_roll_call_plan", "ttcs_roll_call_plan_time_possible"),
    Invariant("ttcs_roll_call_plan", "ttcs_roll_call_plan_minutes_possible"),
    Invariant("ttcs_roll_call_plan", "ttcs_roll_call_plan_has_days"),
    Invariant("ttcs_roll_call", "ttcs_roll_call_minutes_possible"),
    Invariant("ttcs_roll_call", "ttcs_roll_call_called_is_dated"),
    Invariant("ttcs_roll_call", "ttcs_roll_call_planned_once"),
    Invariant("ttcs_roll_call_line", "ttcs_roll_call_line_code_unique"),
    Invariant("ttcs_roll_call_line", "ttcs_roll_call_line_one_call_at_a_time"),
    Invariant("ttcs_roll_call_line", "ttcs_roll_call_line_told_by_somebody"),
    Invariant("ttcs_roll_call_answer", "ttcs_roll_call_answer_key_once"),
    Invariant("ttcs_roll_call_answer", "ttcs_roll_call_answer_said_by_somebody"),
    Invariant("ttcs_roll_call_invitation", "ttcs_roll_call_invitation_once"),
)

TRIGGERS = (
    Invariant("ttcs_device", "ttcs_device_steps"),
    Invariant("ttcs_device", "ttcs_device_is_told"),
    Invariant("ttcs_device_connection", "ttcs_device_connection_is_told"),
    Invariant("ttcs_device", "ttcs_device_fitting_begins"),
    Invariant("ttcs_device", "ttcs_device_fitting_changes"),
    Invariant("ttcs_device_fitting", "ttcs_device_fitting_is_kept"),
    Invariant("maintenance_equipment", "ttcs_device_follows_asset"),
    Invariant("ttcs_device_recording", "ttcs_device_recording_is_kept"),
    Invariant("ttcs_device_schedule", "ttcs_device_schedule_is_kept"),
    Invariant("ttcs_device_programme", "ttcs_device_programme_is_kept"),
    Invariant("ttcs_device_order", "ttcs_device_order_steps"),
    Invariant("ttcs_device_order", "ttcs_device_order_is_sent"),
    Invariant("ttcs_device_order_target", "ttcs_device_order_target_is_frozen"),
    Invariant("ttcs_tele.command", "ttcs_device_order_has_command"),
    Invariant("ttcs_alarm", "ttcs_alarm_is_kept"),
    Invariant("ttcs_roll_call", "ttcs_roll_call_steps"),
    Invariant("ttcs_roll_call_line", "ttcs_roll_call_line_is_kept"),
    Invariant("ttcs_roll_call_answer", "ttcs_roll_call_answer_is_kept"),
    Invariant("ttcs_roll_call_answer", "ttcs_roll_call_answer_in_time"),
    Invariant("ttcs_roll_call_answer", "ttcs_roll_call_answer_counts"),
    *placement_invariants("ttcs_device"),
    *placement_invariants("ttcs_listener"),
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

-- The bridge knows of a device what it must: its code, whether it may speak, how it shall be set.
CREATE OR REPLACE FUNCTION ttcs_device_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM ttcs_tele.device WHERE id = OLD.id;
    ELSE
        INSERT INTO ttcs_tele.device (id, code, active, connection_id, external_code)
        VALUES (NEW.id, NEW.code, NEW.state = 'enrolled', NEW.connection_id,
            CASE WHEN NEW.connection_id IS NOT NULL THEN NEW.external_code END)
        ON CONFLICT (id) DO UPDATE SET active = excluded.active,
            connection_id = excluded.connection_id, external_code = excluded.external_code
        WHERE (device.active, device.connection_id, device.external_code)
            IS DISTINCT FROM (excluded.active, excluded.connection_id, excluded.external_code);
        INSERT INTO ttcs_tele.desired (device_id, kind, version, body)
        VALUES (NEW.id, 'cfg', 1, jsonb_build_object('test', COALESCE(NEW.test_mode, false),
            'interval', NEW.sample_seconds, 'max_volume', NEW.max_volume))
        ON CONFLICT (device_id, kind) DO UPDATE
        SET version = desired.version + 1, body = excluded.body
        WHERE desired.body <> excluded.body;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_is_told
    AFTER INSERT OR DELETE OR UPDATE OF state, test_mode, sample_seconds, max_volume,
        connection_id, external_code ON ttcs_device
    FOR EACH ROW EXECUTE FUNCTION ttcs_device_tell();

-- The gateway knows of a connection what it must.
CREATE OR REPLACE FUNCTION ttcs_device_connection_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM ttcs_tele.connection WHERE id = OLD.id;
    ELSE
        INSERT INTO ttcs_tele.connection (id, kind, active, settings)
        VALUES (NEW.id, NEW.kind, NEW.active IS TRUE, NEW.settings::jsonb)
        ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, active = excluded.active,
            settings = excluded.settings, version = connection.version + 1, error = NULL
        WHERE (connection.kind, connection.active, connection.settings)
            IS DISTINCT FROM (excluded.kind, excluded.active, excluded.settings);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_connection_is_told
    AFTER INSERT OR DELETE OR UPDATE OF kind, active, settings ON ttcs_device_connection
    FOR EACH ROW EXECUTE FUNCTION ttcs_device_connection_tell();

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

ORDER_SQL = """
-- Signed commands name the hash of a recording: its content stays.
CREATE OR REPLACE FUNCTION ttcs_device_recording_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ttcs_device_recording_is_kept' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_device_recording_is_kept', TABLE = 'ttcs_device_recording',
        DETAIL = OLD.name;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_recording_is_kept
    BEFORE UPDATE OF sha256 ON ttcs_device_recording
    FOR EACH ROW WHEN (OLD.sha256 <> NEW.sha256) EXECUTE FUNCTION ttcs_device_recording_keep();

-- A schedule that was ordered says for ever what was planned; it may be renamed and archived.
CREATE OR REPLACE FUNCTION ttcs_device_schedule_is_ordered(schedule integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM ttcs_device_order
        WHERE schedule_id = schedule AND released_at IS NOT NULL)
$$;
CREATE OR REPLACE FUNCTION ttcs_device_schedule_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ttcs_device_schedule_is_ordered(OLD.id) THEN
        RAISE EXCEPTION 'ttcs_device_schedule_is_kept' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ttcs_device_schedule_is_kept', TABLE = 'ttcs_device_schedule',
            DETAIL = OLD.name;
    END IF;
    RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_schedule_is_kept
    BEFORE DELETE ON ttcs_device_schedule
    FOR EACH ROW EXECUTE FUNCTION ttcs_device_schedule_keep();

CREATE OR REPLACE FUNCTION ttcs_device_programme_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    schedule integer := CASE WHEN TG_OP = 'INSERT' THEN NEW.schedule_id ELSE OLD.schedule_id END;
BEGIN
    -- Waits for an order that is just being released, and is waited for by it.
    PERFORM FROM ttcs_device_schedule WHERE id = schedule FOR SHARE;
    IF ttcs_device_schedule_is_ordered(schedule) THEN
        RAISE EXCEPTION 'ttcs_device_schedule_is_kept' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ttcs_device_schedule_is_kept', TABLE = 'ttcs_device_schedule',
            DETAIL = (SELECT name FROM ttcs_device_schedule WHERE id = schedule);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_programme_is_kept
    BEFORE INSERT OR UPDATE OR DELETE ON ttcs_device_programme
    FOR EACH ROW EXECUTE FUNCTION ttcs_device_programme_keep();

-- Who must agree: another person for a set of devices in earnest, and for an emergency beyond one
-- commune, drills of one included.  Stopping, asking and cancelling need nobody.
CREATE OR REPLACE FUNCTION ttcs_device_order_needs_second(asked ttcs_device_order)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT asked.cancels_id IS NULL AND asked.operation NOT IN ('stop', 'report')
        AND CASE
            WHEN asked.is_emergency THEN count(DISTINCT COALESCE(commune_id, -device_id)) > 1
            ELSE asked.mode = 'actual' AND count(*) > 1
        END
    FROM ttcs_device_order_target WHERE order_id = asked.id AND NOT is_left_out
$$;

CREATE OR REPLACE FUNCTION ttcs_device_order_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steps text[] := ARRAY['draft waiting', 'draft released', 'draft cancelled', 'waiting draft',
        'waiting released', 'waiting cancelled', 'released finished'];
    -- What the steps note; the rest is what the order is, fixed when it is submitted.
    noted text[] := ARRAY['state', 'return_reason', 'finished_at', 'cancelled_by_id',
        'cancelled_at', 'write_uid', 'write_date'];
    -- What also is noted, by its author until it waits, and by who agrees until it is out.
    asked text[] := ARRAY['arguments', 'submitted_by_id', 'submitted_at'];
    agreed text[] := ARRAY['approved_by_id', 'alone_reason', 'released_at'];
    moment timestamp := date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC');
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'draft' AND OLD.submitted_at IS NULL THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.state = NEW.state OR OLD.state || ' ' || NEW.state = ANY(steps) THEN
        IF OLD.state = 'draft' AND NEW.state IN ('waiting', 'released') THEN
            NEW.submitted_at := moment;
        END IF;
        IF NEW.state = 'released' AND OLD.released_at IS NULL THEN
            NEW.released_at := moment;
        END IF;
        IF OLD.released_at IS NULL THEN
            noted := noted || agreed;
        END IF;
        IF NEW.state = 'draft' THEN
            noted := noted || asked;
        END IF;
        IF OLD.state = 'draft' OR ttcs_is_untouched(to_jsonb(OLD) - noted, to_jsonb(NEW) - noted)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'ttcs_device_order_steps' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_device_order_steps', TABLE = 'ttcs_device_order', DETAIL = OLD.id;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_order_steps
    BEFORE UPDATE OR DELETE ON ttcs_device_order
    FOR EACH ROW EXECUTE FUNCTION ttcs_device_order_step();

-- Releasing an order writes its commands: all of them, once, and only with a second person where
-- one is needed.  An emergency goes out on one person's word a minute after its submission.
CREATE OR REPLACE FUNCTION ttcs_device_order_send() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begins timestamp := GREATEST(NEW.not_before, NEW.released_at);
BEGIN
    IF ttcs_device_order_needs_second(NEW) AND NEW.approved_by_id IS NULL AND NOT (
        NEW.is_emergency AND COALESCE(NEW.alone_reason, '') <> ''
        AND NEW.released_at >= NEW.submitted_at + interval '60 seconds')
    THEN
        RAISE EXCEPTION 'ttcs_device_order_is_sent' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ttcs_device_order_is_sent', TABLE = 'ttcs_device_order',
            DETAIL = NEW.id, HINT = 'second';
    END IF;
    IF NEW.schedule_id IS NOT NULL THEN
        PERFORM FROM ttcs_device_schedule WHERE id = NEW.schedule_id FOR UPDATE;
    END IF;
    IF NEW.operation = 'apply_schedule' THEN
        INSERT INTO ttcs_tele.desired (device_id, kind, version, body)
        SELECT device_id, 'sched', 1, NEW.arguments FROM ttcs_device_order_target
        WHERE order_id = NEW.id AND NOT is_left_out ORDER BY device_id
        ON CONFLICT (device_id, kind) DO UPDATE
        SET version = desired.version + 1, body = excluded.body;
    END IF;
    -- A later setting makes an earlier one that no device has yet pointless.
    IF NEW.operation IN ('volume', 'screen_hours', 'apply_schedule') THEN
        UPDATE ttcs_tele.command SET state = 'superseded'
        WHERE operation = NEW.operation AND mode = NEW.mode AND state IN ('queued', 'sent')
            AND device_id IN (SELECT device_id FROM ttcs_device_order_target
                WHERE order_id = NEW.id AND NOT is_left_out);
    END IF;
    -- Five minutes back, so that a device whose clock is behind does not find it too early.
    INSERT INTO ttcs_tele.command (id, order_id, device_id, lane, operation, arguments, mode,
        not_before, expires_at, next_at)
    SELECT gen_random_uuid(), NEW.id, target.device_id,
        CASE WHEN NEW.is_emergency THEN 0 WHEN NEW.operation = 'stop' THEN 1 ELSE 5 END,
        NEW.operation,
        CASE
            WHEN NEW.operation = 'apply_schedule'
                THEN jsonb_build_object('version', desired.version)
            WHEN NEW.operation = 'stop'
                THEN jsonb_strip_nulls(jsonb_build_object('cancels', cancelled.id))
            ELSE COALESCE(NEW.arguments, '{}')
        END,
        NEW.mode,
        CASE WHEN NEW.not_before IS NULL THEN begins - interval '5 minutes' ELSE begins END,
        begins + make_interval(mins => NEW.valid_minutes), begins
    FROM ttcs_device_order_target target
    LEFT JOIN ttcs_tele.desired
        ON desired.device_id = target.device_id AND desired.kind = 'sched'
    LEFT JOIN ttcs_tele.command cancelled
        ON cancelled.order_id = NEW.cancels_id AND cancelled.device_id = target.device_id
    WHERE target.order_id = NEW.id AND NOT target.is_left_out
    ORDER BY target.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ttcs_device_order_is_sent' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ttcs_device_order_is_sent', TABLE = 'ttcs_device_order',
            DETAIL = NEW.id, HINT = 'nobody';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_order_is_sent
    AFTER UPDATE OF state ON ttcs_device_order
    FOR EACH ROW WHEN (NEW.state = 'released' AND OLD.state <> 'released')
    EXECUTE FUNCTION ttcs_device_order_send();

-- The devices of an order are those that were shown when it was submitted.
CREATE OR REPLACE FUNCTION ttcs_device_order_target_freeze() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    asked record;
BEGIN
    SELECT id, state INTO asked FROM ttcs_device_order
    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.order_id ELSE OLD.order_id END FOR SHARE;
    IF asked.state IS NULL OR asked.state = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'ttcs_device_order_target_is_frozen' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_device_order_target_is_frozen',
        TABLE = 'ttcs_device_order_target', DETAIL = asked.id;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_order_target_is_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON ttcs_device_order_target
    FOR EACH ROW EXECUTE FUNCTION ttcs_device_order_target_freeze();

-- No command without an order that was released to that very device.
CREATE OR REPLACE FUNCTION ttcs_device_order_command() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh
        LEFT JOIN ttcs_device_order_target target ON target.order_id = fresh.order_id
            AND target.device_id = fresh.device_id AND NOT target.is_left_out
        LEFT JOIN ttcs_device_order asked ON asked.id = target.order_id
        WHERE asked.state IS DISTINCT FROM 'released'
            OR asked.operation <> fresh.operation OR asked.mode <> fresh.mode
    ) THEN
        RAISE EXCEPTION 'ttcs_device_order_has_command' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ttcs_device_order_has_command', TABLE = 'command';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_device_order_has_command
    AFTER INSERT ON ttcs_tele.command REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_device_order_command();
"""

ALARM_SQL = """
-- An alarm keeps what raised it; what is over stays over; who saw it first stays noted.
CREATE OR REPLACE FUNCTION ttcs_alarm_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    handled text[] := ARRAY['user_id', 'request_id', 'outage_id', 'write_uid', 'write_date'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.cleared_at IS NULL THEN
            handled := handled || ARRAY['cleared_at', 'cleared_because'];
        END IF;
        IF OLD.acknowledged_at IS NULL THEN
            handled := handled || ARRAY['acknowledged_at', 'acknowledged_by_id'];
        END IF;
        IF ttcs_is_untouched(to_jsonb(OLD) - handled, to_jsonb(NEW) - handled) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'ttcs_alarm_is_kept' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_alarm_is_kept', TABLE = 'ttcs_alarm', DETAIL = OLD.id;
END $$;
CREATE OR REPLACE TRIGGER ttcs_alarm_is_kept BEFORE UPDATE OR DELETE ON ttcs_alarm
    FOR EACH ROW EXECUTE FUNCTION ttcs_alarm_keep();
"""

ROLL_CALL_SQL = (
    """
-- Whether somebody at a place hears what stands at another: there, below it, or where it was.
CREATE OR REPLACE FUNCTION ttcs_listens(listener integer, loudspeaker integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM ttcs_unit_reach
        WHERE from_unit_id = listener AND to_unit_id = loudspeaker)
$$;

-- A roll call is what was called: prepared, called, closed; and its lines are those listed then.
CREATE OR REPLACE FUNCTION ttcs_roll_call_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steps text[] := ARRAY['draft called', 'draft cancelled', 'called closed', 'called cancelled'];
    noted text[] := ARRAY['state', 'closed_at', 'plan_id', 'write_uid', 'write_date'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.called_at IS NULL THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.state = NEW.state OR OLD.state || ' ' || NEW.state = ANY(steps) THEN
        IF OLD.state = 'draft'
            OR ttcs_is_untouched(to_jsonb(OLD) - noted, to_jsonb(NEW) - noted)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'ttcs_roll_call_steps' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_roll_call_steps', TABLE = 'ttcs_roll_call', DETAIL = OLD.id;
END $$;
CREATE OR REPLACE TRIGGER ttcs_roll_call_steps BEFORE UPDATE OR DELETE ON ttcs_roll_call
    FOR EACH ROW EXECUTE FUNCTION ttcs_roll_call_step();

CREATE OR REPLACE FUNCTION ttcs_roll_call_line_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text[] := ARRAY['verdict', 'told_by', 'is_disputed', 'answers', 'telemetry',
        'is_contradicted', 'is_void', 'request_id', 'write_uid', 'write_date'];
BEGIN
    IF TG_OP = 'UPDATE' AND ttcs_is_untouched(to_jsonb(OLD) - noted, to_jsonb(NEW) - noted)
        AND NOT (OLD.is_void AND NOT NEW.is_void)
    THEN
        NEW.is_contradicted := COALESCE((NEW.verdict = 'silent' AND NEW.telemetry = 'playing')
            OR (NEW.verdict <> 'silent' AND NEW.telemetry <> 'playing'), false);
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ttcs_roll_call_line_is_kept' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_roll_call_line_is_kept', TABLE = 'ttcs_roll_call_line',
        DETAIL = OLD.id;
END $$;
CREATE OR REPLACE TRIGGER ttcs_roll_call_line_is_kept
    BEFORE UPDATE OR DELETE ON ttcs_roll_call_line
    FOR EACH ROW EXECUTE FUNCTION ttcs_roll_call_line_keep();

-- Nobody tells of a broadcast before it begins or after the roll call is over.
CREATE OR REPLACE FUNCTION ttcs_roll_call_answer_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Waits for a closing that is under way, and is waited for by it.
    PERFORM FROM ttcs_roll_call_line line
    JOIN ttcs_roll_call asked ON asked.id = line.roll_call_id
    WHERE line.id = NEW.line_id AND asked.state = 'called' AND NOT line.is_void
        AND clock_timestamp() AT TIME ZONE 'UTC' BETWEEN line.begins_at AND line.ends_at
    FOR SHARE OF asked;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ttcs_roll_call_answer_in_time' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_roll_call_answer_in_time', TABLE = 'ttcs_roll_call_answer';
END $$;
CREATE OR REPLACE TRIGGER ttcs_roll_call_answer_in_time BEFORE INSERT ON ttcs_roll_call_answer
    FOR EACH ROW EXECUTE FUNCTION ttcs_roll_call_answer_time();

-- The verdict on a loudspeaker: of the last word of each, listeners and officers before
-- passers-by, the majority; at a tie the worse.
CREATE OR REPLACE FUNCTION ttcs_roll_call_answer_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ttcs_roll_call_line line
    SET verdict = told.verdict, told_by = told.told_by, is_disputed = told.is_disputed,
        answers = told.answers
    FROM (
        SELECT line_id, (array_agg(answer ORDER BY is_known DESC, votes DESC, rank DESC))[1]
                AS verdict,
            CASE WHEN bool_or(is_known) THEN 'known' ELSE 'citizen' END AS told_by,
            count(DISTINCT answer) > 1 AS is_disputed, sum(votes) AS answers
        FROM (
            SELECT line_id, answer, is_known, count(*) AS votes,
                array_position(ARRAY['clear', 'noisy', 'silent'], answer) AS rank
            FROM (
                SELECT DISTINCT ON (line_id, who) line_id, answer, source <> 'citizen' AS is_known
                FROM (
                    SELECT answer.*, source || COALESCE(
                        listener_id::text, user_id::text, visitor) AS who
                    FROM ttcs_roll_call_answer answer
                    WHERE line_id IN (SELECT line_id FROM fresh)
                ) said
                ORDER BY line_id, who, id DESC
            ) latest
            GROUP BY 1, 2, 3
        ) voted
        GROUP BY 1
    ) told
    WHERE line.id = told.line_id;
    UPDATE ttcs_roll_call_invitation invited SET answered_at = now() AT TIME ZONE 'UTC'
    FROM (
        SELECT DISTINCT line.roll_call_id, fresh.listener_id
        FROM fresh JOIN ttcs_roll_call_line line ON line.id = fresh.line_id
        WHERE fresh.listener_id IS NOT NULL
    ) told
    WHERE invited.roll_call_id = told.roll_call_id AND invited.listener_id = told.listener_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_roll_call_answer_counts
    AFTER INSERT ON ttcs_roll_call_answer REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_roll_call_answer_count();
"""
    + append_only_trigger("ttcs_roll_call_answer")
    + placement_triggers("ttcs_listener", "ttcs.listener", "create_date")
)
