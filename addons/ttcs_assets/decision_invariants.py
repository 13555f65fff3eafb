"""What the database itself guarantees for decisions on assets, custody and hand-overs."""

from odoo.addons.ttcs_base.invariants import (
    Invariant,
    append_only_trigger,
    frozen_trigger,
    frozen_with_parent_trigger,
)

DECISION_CONSTRAINTS = (
    Invariant("ttcs_approval_level", "ttcs_approval_level_values_possible"),
    Invariant("ttcs_approval_level", "ttcs_approval_level_named_has_agency"),
    Invariant("ttcs_approval_level", "ttcs_approval_level_step_possible"),
    Invariant("ttcs_approval_level", "ttcs_approval_level_period_ordered"),
    Invariant("ttcs_asset_decision", "ttcs_asset_decision_receiver_is_another"),
    Invariant("ttcs_asset_decision", "ttcs_asset_decision_amounts_possible"),
    Invariant("ttcs_asset_decision", "ttcs_asset_decision_approver_is_another"),
    Invariant("ttcs_asset_decision", "ttcs_asset_decision_approved_has_decision"),
    Invariant("ttcs_asset_decision", "ttcs_asset_decision_closed_has_reason"),
    Invariant("ttcs_asset_decision_line", "ttcs_asset_decision_line_one_open"),
    Invariant("ttcs_asset_decision_line", "ttcs_asset_decision_line_decision_asset_unique"),
    Invariant("ttcs_asset_decision_line", "ttcs_asset_decision_line_values_possible"),
    Invariant("ttcs_asset_decision_line", "ttcs_asset_decision_line_carried_out_has_date"),
    Invariant("ttcs_asset_decision_approval", "ttcs_asset_decision_approval_not_own"),
    Invariant("ttcs_custody", "ttcs_custody_one_at_a_time"),
    Invariant("ttcs_custody", "ttcs_custody_period_ordered"),
    Invariant("ttcs_handover", "ttcs_handover_uuid_unique"),
    Invariant("ttcs_handover", "ttcs_handover_receiver_is_another"),
    Invariant("ttcs_handover", "ttcs_handover_signed_by_both"),
    Invariant("ttcs_handover_line", "ttcs_handover_line_asset_unique"),
)

DECISION_TRIGGERS = (
    Invariant("ttcs_asset_decision", "ttcs_asset_decision_is_frozen"),
    Invariant("ttcs_asset_decision_line", "ttcs_asset_decision_line_is_frozen"),
    Invariant("ttcs_asset_decision_approval", "ttcs_asset_decision_approval_is_kept"),
    Invariant("maintenance_equipment", "ttcs_custody_begins"),
    Invariant("maintenance_equipment", "ttcs_custody_changes"),
    Invariant("ttcs_custody", "ttcs_custody_is_kept"),
    Invariant("ttcs_handover", "ttcs_handover_is_frozen"),
    Invariant("ttcs_handover_line", "ttcs_handover_line_is_frozen"),
)

DECISION_SQL = """
-- From submission on nothing of what was proposed changes; states go forward only from draft, none
-- is submitted without an asset, and none is approved unless the person named as its approver left
-- that opinion after the last submission.
CREATE OR REPLACE FUNCTION ttcs_asset_decision_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steps text[] := ARRAY['draft submitted', 'draft cancelled', 'returned submitted',
        'returned cancelled', 'submitted returned', 'submitted rejected', 'submitted approved',
        'submitted cancelled', 'approved carried_out', 'approved cancelled'];
    closing text[] := ARRAY['state', 'closing_reason'];
    deciding text[] := closing || ARRAY['level_id', 'approver_agency_id', 'approved_by_id',
        'decision_number', 'decision_date'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'draft' THEN
            RETURN OLD;
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state = 'draft' THEN
            RETURN NEW;
        END IF;
    ELSIF (OLD.state = NEW.state OR OLD.state || ' ' || NEW.state = ANY(steps))
        AND (NEW.state <> 'submitted' OR OLD.state = 'submitted' OR EXISTS (
            SELECT FROM ttcs_asset_decision_line WHERE decision_id = NEW.id))
        AND (NEW.state <> 'approved' OR OLD.state = 'approved' OR EXISTS (
            SELECT FROM ttcs_asset_decision_approval given
            WHERE given.decision_id = NEW.id AND given.act = 'approved'
                AND given.user_id = NEW.approved_by_id
                AND given.id > (SELECT max(id) FROM ttcs_asset_decision_approval
                    WHERE decision_id = NEW.id AND act = 'submitted')))
        AND (OLD.state IN ('draft', 'returned')
            OR (OLD.state = 'submitted'
                AND ttcs_is_untouched(to_jsonb(OLD) - deciding, to_jsonb(NEW) - deciding))
            OR (OLD.state NOT IN ('draft', 'returned', 'submitted')
                AND ttcs_is_untouched(to_jsonb(OLD) - closing, to_jsonb(NEW) - closing)
                AND (OLD.state <> NEW.state
                    OR NEW.closing_reason IS NOT DISTINCT FROM OLD.closing_reason)))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ttcs_asset_decision_is_frozen' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_asset_decision_is_frozen', TABLE = 'ttcs_asset_decision',
        DETAIL = COALESCE(OLD.name, NEW.name);
END $$;
CREATE OR REPLACE TRIGGER ttcs_asset_decision_is_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON ttcs_asset_decision
    FOR EACH ROW EXECUTE FUNCTION ttcs_asset_decision_freeze();

-- Lines follow: after submission only whether and when each was carried out.  The share lock
-- makes who adds an asset and who submits wait for each other.
CREATE OR REPLACE FUNCTION ttcs_asset_decision_line_freeze() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    dossier record;
    passing text[] := ARRAY['state', 'carried_out_on'];
BEGIN
    SELECT name, state, decision_date INTO dossier FROM ttcs_asset_decision
    WHERE id = COALESCE(NEW.decision_id, OLD.decision_id) FOR SHARE;
    IF dossier.state IS NULL OR dossier.state IN ('draft', 'returned') THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'open'
        AND ttcs_is_untouched(to_jsonb(OLD) - passing, to_jsonb(NEW) - passing)
        AND (NEW.state = 'open'
            OR (NEW.state = 'carried_out' AND dossier.state = 'approved'
                AND NEW.carried_out_on >= dossier.decision_date)
            OR (NEW.state = 'closed' AND dossier.state <> 'submitted'))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ttcs_asset_decision_line_is_frozen' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_asset_decision_line_is_frozen', TABLE = 'ttcs_asset_decision_line',
        DETAIL = dossier.name;
END $$;
CREATE OR REPLACE TRIGGER ttcs_asset_decision_line_is_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON ttcs_asset_decision_line
    FOR EACH ROW EXECUTE FUNCTION ttcs_asset_decision_line_freeze();
""" + append_only_trigger("ttcs_asset_decision_approval")

CUSTODY_SQL = """
-- Who held an asset from when to when is written here whenever the holder of an asset changes,
-- or the owner for whom somebody holds it, whatever statement does it.  The day is today unless
-- ttcs.custody_on says another, or ttcs.placed_on for a new owner; a change on or before the first
-- day of a custody rewrites its row, as nobody held it for a day.
CREATE OR REPLACE FUNCTION ttcs_custody_day() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT COALESCE(NULLIF(current_setting('ttcs.custody_on', true), ''),
        NULLIF(current_setting('ttcs.placed_on', true), ''), ttcs_today()::text)::date
$$;
CREATE OR REPLACE FUNCTION ttcs_custody_paper() RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT NULLIF(current_setting('ttcs.custody_paper', true), '')::integer
$$;

CREATE OR REPLACE FUNCTION ttcs_custody_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ttcs_custody (equipment_id, person_id, agency_id, handover_id, valid_from)
    SELECT id, custodian_id, COALESCE(custodian_agency_id, agency_id), ttcs_custody_paper(),
        ttcs_custody_day()
    FROM fresh WHERE custodian_id IS NOT NULL OR custodian_agency_id IS NOT NULL;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ttcs_custody_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    start date := ttcs_custody_day();
    ids integer[];
BEGIN
    SELECT array_agg(fresh.id) INTO ids FROM fresh JOIN stale ON stale.id = fresh.id
    WHERE (fresh.custodian_id, fresh.custodian_agency_id)
            IS DISTINCT FROM (stale.custodian_id, stale.custodian_agency_id)
        OR (fresh.custodian_id IS NOT NULL AND fresh.custodian_agency_id IS NULL
            AND fresh.agency_id <> stale.agency_id);
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE ttcs_custody custody SET valid_to = GREATEST(start - 1, custody.valid_from)
    FROM fresh
    WHERE custody.equipment_id = ANY(ids) AND custody.equipment_id = fresh.id
        AND custody.valid_to IS NULL
        AND (custody.valid_from < start
            OR (fresh.custodian_id IS NULL AND fresh.custodian_agency_id IS NULL));
    UPDATE ttcs_custody custody
    SET person_id = fresh.custodian_id, handover_id = ttcs_custody_paper(), valid_to = NULL,
        agency_id = COALESCE(fresh.custodian_agency_id, fresh.agency_id)
    FROM fresh
    WHERE custody.equipment_id = ANY(ids) AND custody.equipment_id = fresh.id
        AND custody.valid_from >= start
        AND (fresh.custodian_id IS NOT NULL OR fresh.custodian_agency_id IS NOT NULL);
    INSERT INTO ttcs_custody (equipment_id, person_id, agency_id, handover_id, valid_from)
    SELECT fresh.id, fresh.custodian_id,
        COALESCE(fresh.custodian_agency_id, fresh.agency_id), ttcs_custody_paper(), start
    FROM fresh
    WHERE fresh.id = ANY(ids)
        AND (fresh.custodian_id IS NOT NULL OR fresh.custodian_agency_id IS NOT NULL)
        AND NOT EXISTS (
            SELECT FROM ttcs_custody custody
            WHERE custody.equipment_id = fresh.id AND custody.valid_to IS NULL);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_custody_begins
    AFTER INSERT ON maintenance_equipment REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_custody_begin();
CREATE OR REPLACE TRIGGER ttcs_custody_changes
    AFTER UPDATE ON maintenance_equipment REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_custody_change();

-- Written by the two triggers above alone, and gone only with its asset.
CREATE OR REPLACE FUNCTION ttcs_custody_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'ttcs_custody_is_kept' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_custody_is_kept', TABLE = 'ttcs_custody';
END $$;
CREATE OR REPLACE TRIGGER ttcs_custody_is_kept
    BEFORE INSERT OR UPDATE OR DELETE ON ttcs_custody
    FOR EACH ROW EXECUTE FUNCTION ttcs_custody_keep();
""" + "".join(
    [
        # A paper that both signed stays as it was signed.
        frozen_trigger("ttcs_handover", "signed"),
        frozen_with_parent_trigger("ttcs_handover_line", "ttcs_handover", "handover_id", "signed"),
    ]
)
