"""What the database itself guarantees for places, agencies and people.

Each name here must be in PostgreSQL's catalogue: Odoo only logs a warning when it cannot add
a constraint, so start-up, a nightly job and a test compare this list with what is there
(``ttcs.invariant``).  Trigger functions are installed from here after the tables exist.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """A constraint, unique index or trigger of a table, by its name in the catalogue."""

    table: str
    name: str


CONSTRAINTS = (
    Invariant("ttcs_calendar_day", "ttcs_calendar_day_date_unique"),
    Invariant("ttcs_unit_kind", "ttcs_unit_kind_code_unique"),
    Invariant("ttcs_unit_kind", "ttcs_unit_kind_level_known"),
    Invariant("ttcs_unit", "ttcs_unit_code_period"),
    Invariant("ttcs_unit", "ttcs_unit_name_period"),
    Invariant("ttcs_unit", "ttcs_unit_period_ordered"),
    Invariant("ttcs_unit", "ttcs_unit_position_possible"),
    Invariant("ttcs_unit_lineage", "ttcs_unit_lineage_edge_unique"),
    Invariant("ttcs_unit_lineage", "ttcs_unit_lineage_not_itself"),
    Invariant("ttcs_unit_reach", "ttcs_unit_reach_pkey"),
    Invariant("ttcs_unit_reach_turn", "ttcs_unit_reach_turn_pkey"),
    Invariant("ttcs_agency", "ttcs_agency_period_ordered"),
    Invariant("ttcs_agency", "ttcs_agency_budget_relation_code_unique"),
    Invariant("ttcs_agency", "ttcs_agency_name_unique"),
    Invariant("ttcs_agency_lineage", "ttcs_agency_lineage_edge_unique"),
    Invariant("ttcs_agency_lineage", "ttcs_agency_lineage_not_itself"),
    Invariant("ttcs_duty", "ttcs_duty_code_unique"),
    Invariant("ttcs_duty", "ttcs_duty_group_unique"),
    Invariant("ttcs_person", "ttcs_person_user_unique"),
    Invariant("ttcs_person", "ttcs_person_partner_unique"),
    Invariant("ttcs_person", "ttcs_person_employee_unique"),
    Invariant("ttcs_assignment", "ttcs_assignment_period_ordered"),
    Invariant("ttcs_assignment", "ttcs_assignment_no_overlap"),
    Invariant("ttcs_legal_document", "ttcs_legal_document_number_unique"),
    Invariant("ttcs_legal_document", "ttcs_legal_document_period_ordered"),
    Invariant("ttcs_placement", "ttcs_placement_period"),
    Invariant("ttcs_reform_move", "ttcs_reform_move_once"),
    Invariant("ttcs_reform_question", "ttcs_reform_question_one_open"),
    Invariant("ttcs_form_file", "ttcs_form_file_has_hash"),
    Invariant("ttcs_document_series", "ttcs_document_series_agency_year_kind_unique"),
    Invariant("ttcs_document_series", "ttcs_document_series_number_possible"),
    Invariant("ttcs_document_number", "ttcs_document_number_series_number_unique"),
    Invariant("ttcs_document_number", "ttcs_document_number_void_has_reason"),
    Invariant("ttcs_import_mapping", "ttcs_import_mapping_heading_unique"),
    Invariant("ttcs_import_key", "ttcs_import_key_key_unique"),
    Invariant("ttcs_import_question", "ttcs_import_question_question_unique"),
    Invariant("ttcs_import_row", "ttcs_import_row_number_unique"),
    Invariant("ttcs_activation", "ttcs_activation_one_open"),
    Invariant("ttcs_activation_try", "ttcs_activation_try_login_unique"),
)

TRIGGERS = (
    Invariant("ttcs_unit", "ttcs_unit_parent_is_kept"),
    Invariant("ttcs_unit", "ttcs_unit_parent_fits"),
    Invariant("ttcs_unit", "ttcs_unit_extends_reach"),
    Invariant("ttcs_unit", "ttcs_unit_shrinks_reach"),
    Invariant("ttcs_unit_lineage", "ttcs_unit_lineage_extends_reach"),
    Invariant("ttcs_unit_lineage", "ttcs_unit_lineage_shrinks_reach"),
    Invariant("ttcs_unit_lineage", "ttcs_unit_lineage_moves_reach"),
    Invariant("ttcs_document_series", "ttcs_document_series_steps_by_one"),
    Invariant("ttcs_document_number", "ttcs_document_number_is_kept"),
    Invariant("ttcs_form_file", "ttcs_form_file_is_kept"),
    Invariant("ttcs_document_number", "ttcs_document_number_is_last"),
)

TRIGGER_SQL = """
-- A place has one parent for its whole life: a new parent is a new row with a lineage.
CREATE OR REPLACE FUNCTION ttcs_unit_keep_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ttcs_unit_parent_is_kept' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_unit_parent_is_kept', TABLE = 'ttcs_unit', DETAIL = OLD.full_name;
END $$;
CREATE OR REPLACE TRIGGER ttcs_unit_parent_is_kept
    BEFORE UPDATE OF parent_id ON ttcs_unit FOR EACH ROW
    WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id)
    EXECUTE FUNCTION ttcs_unit_keep_parent();

-- A part lies inside its whole: lower level, and a period within the parent's.
-- Planned anew for each call: a plan made while the table was small reads all of it for every
-- row of a province that is loaded in the same session, minutes in place of seconds.
CREATE OR REPLACE FUNCTION ttcs_unit_fit_parent() RETURNS trigger LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    misfit text;
BEGIN
    SELECT format('%s (%s)', child.name, parent.full_name) INTO misfit
    FROM (
        SELECT id, parent_id FROM ttcs_unit WHERE id = NEW.id AND parent_id IS NOT NULL
        UNION ALL
        SELECT id, parent_id FROM ttcs_unit WHERE parent_id = NEW.id
    ) edge
    JOIN ttcs_unit parent ON parent.id = edge.parent_id
    JOIN ttcs_unit child ON child.id = edge.id
    JOIN ttcs_unit_kind parent_kind ON parent_kind.id = parent.kind_id
    JOIN ttcs_unit_kind child_kind ON child_kind.id = child.kind_id
    WHERE child_kind.level <= parent_kind.level
        OR child.valid_from < parent.valid_from
        OR (
            parent.valid_to IS NOT NULL
            AND (child.valid_to IS NULL OR child.valid_to > parent.valid_to)
        )
    LIMIT 1;
    IF misfit IS NOT NULL THEN
        RAISE EXCEPTION 'ttcs_unit_parent_fits' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ttcs_unit_parent_fits', TABLE = 'ttcs_unit', DETAIL = misfit;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS ttcs_unit_parent_fits ON ttcs_unit;
CREATE CONSTRAINT TRIGGER ttcs_unit_parent_fits
    AFTER INSERT OR UPDATE OF kind_id, valid_from, valid_to ON ttcs_unit
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION ttcs_unit_fit_parent();

-- Two transactions that each add an edge see the closure without the other's, and would both
-- leave out the paths over both edges.  One row that each of them writes makes the second wait
-- and then, at Odoo's isolation level, fail as a conflict, which Odoo tries again.
CREATE OR REPLACE FUNCTION ttcs_take_reach_turn() RETURNS void LANGUAGE sql AS $$
    INSERT INTO ttcs_unit_reach_turn AS turn (only_row, taken) VALUES (true, 1)
    ON CONFLICT (only_row) DO UPDATE SET taken = turn.taken + 1;
$$;

-- The closure: new edges are joined with what their ends reach, until nothing is new.
CREATE OR REPLACE FUNCTION ttcs_extend_reach(upper_ids integer[], lower_ids integer[])
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    added integer;
    total integer := 0;
BEGIN
    PERFORM ttcs_take_reach_turn();
    LOOP
        INSERT INTO ttcs_unit_reach (from_unit_id, to_unit_id)
        SELECT DISTINCT above.from_unit_id, below.to_unit_id
        FROM unnest(upper_ids, lower_ids) AS edge(upper_id, lower_id)
        JOIN ttcs_unit_reach above ON above.to_unit_id = edge.upper_id
        JOIN ttcs_unit_reach below ON below.from_unit_id = edge.lower_id
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS added = ROW_COUNT;
        EXIT WHEN added = 0;
        total := total + added;
    END LOOP;
    -- Every record rule joins these two tables.  Until the planner knows that they grew, it
    -- reads the whole closure once for every row that a rule looks at.
    IF total > 100 THEN
        ANALYZE ttcs_unit_reach;
        ANALYZE ttcs_unit;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION ttcs_rebuild_reach() RETURNS void LANGUAGE sql AS $$
    SELECT ttcs_take_reach_turn();
    DELETE FROM ttcs_unit_reach;
    INSERT INTO ttcs_unit_reach (from_unit_id, to_unit_id)
    WITH RECURSIVE edge AS (
        SELECT parent_id AS upper_id, id AS lower_id FROM ttcs_unit WHERE parent_id IS NOT NULL
        UNION
        SELECT successor_id, predecessor_id FROM ttcs_unit_lineage
    ), walk AS (
        SELECT id AS from_unit_id, id AS to_unit_id FROM ttcs_unit
        UNION
        SELECT walk.from_unit_id, edge.lower_id
        FROM walk JOIN edge ON edge.upper_id = walk.to_unit_id
    )
    SELECT from_unit_id, to_unit_id FROM walk;
$$;

CREATE OR REPLACE FUNCTION ttcs_unit_extend_reach() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ttcs_unit_reach (from_unit_id, to_unit_id)
    SELECT id, id FROM fresh ON CONFLICT DO NOTHING;
    PERFORM ttcs_extend_reach(array_agg(parent_id), array_agg(id))
    FROM fresh WHERE parent_id IS NOT NULL HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_unit_extends_reach
    AFTER INSERT ON ttcs_unit REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_unit_extend_reach();

CREATE OR REPLACE FUNCTION ttcs_unit_lineage_extend_reach() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ttcs_extend_reach(array_agg(successor_id), array_agg(predecessor_id))
    FROM fresh HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_unit_lineage_extends_reach
    AFTER INSERT ON ttcs_unit_lineage REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_unit_lineage_extend_reach();

CREATE OR REPLACE FUNCTION ttcs_shrink_reach() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ttcs_rebuild_reach();
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_unit_shrinks_reach
    AFTER DELETE ON ttcs_unit FOR EACH STATEMENT EXECUTE FUNCTION ttcs_shrink_reach();
CREATE OR REPLACE TRIGGER ttcs_unit_lineage_moves_reach
    AFTER UPDATE OF predecessor_id, successor_id ON ttcs_unit_lineage
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_shrink_reach();

-- The foreign keys send two statements here for each deleted place, nearly all of them without
-- a row: those cost no rebuilding.
CREATE OR REPLACE FUNCTION ttcs_unit_lineage_shrink_reach() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone) THEN
        PERFORM ttcs_rebuild_reach();
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ttcs_unit_lineage_shrinks_reach
    AFTER DELETE ON ttcs_unit_lineage REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_unit_lineage_shrink_reach();
"""

KEEPING_SQL = """
-- What is only ever added to.  The refusal names the row by its name, or by its id.
CREATE OR REPLACE FUNCTION ttcs_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'check_violation',
        CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME,
        DETAIL = COALESCE(to_jsonb(OLD) ->> 'name', to_jsonb(OLD) ->> 'version',
            to_jsonb(OLD) ->> 'id');
END $$;

-- Whether an update leaves a row as it is, but for who touched it last.
CREATE OR REPLACE FUNCTION ttcs_is_untouched(old_row jsonb, new_row jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT old_row - ARRAY['write_uid', 'write_date', 'message_main_attachment_id']
        = new_row - ARRAY['write_uid', 'write_date', 'message_main_attachment_id']
$$;

-- What is over, in the state that its trigger names: it stays as it is.
CREATE OR REPLACE FUNCTION ttcs_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ttcs_is_untouched(to_jsonb(OLD), to_jsonb(NEW)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'check_violation',
        CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME,
        DETAIL = COALESCE(to_jsonb(OLD) ->> 'name', to_jsonb(OLD) ->> 'year');
END $$;

-- What belongs to a record that is over: it stays as it is.  The trigger's arguments are the
-- table of that record, the column that names it, and the state in which it is over; or, as a
-- fourth, that record's column that tells since when it is over.  A fifth and sixth name a
-- column that may still be filled in once while it is nought, and the one that follows from it.
-- The share lock lets a closing wait for whoever is writing, and makes a writer see a closing
-- that came first.
CREATE OR REPLACE FUNCTION ttcs_frozen_with_parent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent record;
BEGIN
    IF TG_OP = 'UPDATE' AND ttcs_is_untouched(to_jsonb(OLD), to_jsonb(NEW)) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_NARGS > 4 AND (to_jsonb(OLD) ->> TG_ARGV[4])::numeric = 0
        AND ttcs_is_untouched(
            to_jsonb(OLD) - TG_ARGV[4] - TG_ARGV[5], to_jsonb(NEW) - TG_ARGV[4] - TG_ARGV[5])
    THEN
        RETURN NEW;
    END IF;
    FOR parent IN EXECUTE format(
        'SELECT to_jsonb(parent) AS told FROM %I parent WHERE id IN ($1, $2) FOR SHARE',
        TG_ARGV[0])
    USING (to_jsonb(OLD) ->> TG_ARGV[1])::integer, (to_jsonb(NEW) ->> TG_ARGV[1])::integer
    LOOP
        IF parent.told ->> 'state' = TG_ARGV[2] OR parent.told ->> TG_ARGV[3] IS NOT NULL THEN
            RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'check_violation',
                CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME,
                DETAIL = COALESCE(parent.told ->> 'name', parent.told ->> 'year');
        END IF;
    END LOOP;
    RETURN COALESCE(NEW, OLD);
END $$;
"""

DOCUMENT_NUMBER_SQL = """
-- A series gives its numbers one after the other, and no number given is taken back: so the
-- numbers of a series have no gap, whatever writes to the tables.
CREATE OR REPLACE FUNCTION ttcs_document_series_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ttcs_document_series_steps_by_one' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_document_series_steps_by_one', TABLE = 'ttcs_document_series',
        DETAIL = format('%s/%s', OLD.kind, OLD.year);
END $$;
CREATE OR REPLACE TRIGGER ttcs_document_series_steps_by_one
    BEFORE UPDATE ON ttcs_document_series FOR EACH ROW
    WHEN (
        (OLD.agency_id, OLD.year, OLD.kind) IS DISTINCT FROM (NEW.agency_id, NEW.year, NEW.kind)
        OR NEW.last_number NOT IN (OLD.last_number, OLD.last_number + 1)
    )
    EXECUTE FUNCTION ttcs_document_series_step();

CREATE OR REPLACE FUNCTION ttcs_document_number_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.series_id, OLD.number, OLD.res_model, OLD.res_id, OLD.issued_at)
        IS NOT DISTINCT FROM (NEW.series_id, NEW.number, NEW.res_model, NEW.res_id, NEW.issued_at)
        AND (OLD.state = 'issued'
            OR (OLD.state, OLD.void_reason) IS NOT DISTINCT FROM (NEW.state, NEW.void_reason))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ttcs_document_number_is_kept' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_document_number_is_kept', TABLE = 'ttcs_document_number',
        DETAIL = OLD.number;
END $$;
CREATE OR REPLACE TRIGGER ttcs_document_number_is_kept
    BEFORE UPDATE OR DELETE ON ttcs_document_number FOR EACH ROW
    EXECUTE FUNCTION ttcs_document_number_keep();

CREATE OR REPLACE FUNCTION ttcs_document_number_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ttcs_document_series WHERE id = NEW.series_id AND last_number = NEW.number
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ttcs_document_number_is_kept' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ttcs_document_number_is_kept', TABLE = 'ttcs_document_number',
        DETAIL = NEW.number;
END $$;
CREATE OR REPLACE TRIGGER ttcs_document_number_is_last
    BEFORE INSERT ON ttcs_document_number FOR EACH ROW
    EXECUTE FUNCTION ttcs_document_number_follow();
"""

PLACEMENT_SQL = """
-- The history of places, for any table with unit_id and agency_id.  The trigger's arguments
-- are the model's name and the column with the date from which a new record counts; a
-- correction on the day of the placement itself rewrites that day's row.
CREATE OR REPLACE FUNCTION ttcs_placement_date(fallback date) RETURNS date LANGUAGE sql STABLE
AS $$ SELECT COALESCE(NULLIF(current_setting('ttcs.placed_on', true), '')::date, fallback) $$;

CREATE OR REPLACE FUNCTION ttcs_placement_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO ttcs_placement (model, res_id, unit_id, agency_id, valid_from)
        SELECT $1, fresh.id, fresh.unit_id, fresh.agency_id,
            ttcs_placement_date(CASE
                WHEN fresh.%1$I IS NULL THEN ttcs_today()
                ELSE LEAST(GREATEST(fresh.%1$I::date, unit.valid_from), ttcs_today()) END)
        FROM fresh
        LEFT JOIN ttcs_unit unit ON unit.id = fresh.unit_id
        WHERE fresh.unit_id IS NOT NULL OR fresh.agency_id IS NOT NULL', TG_ARGV[1])
    USING TG_ARGV[0];
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ttcs_placement_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    start date := ttcs_placement_date(ttcs_today());
BEGIN
    IF NOT EXISTS (
        SELECT FROM fresh JOIN stale ON stale.id = fresh.id
        WHERE (fresh.unit_id, fresh.agency_id) IS DISTINCT FROM (stale.unit_id, stale.agency_id)
    ) THEN
        RETURN NULL;
    END IF;
    UPDATE ttcs_placement placement
    SET unit_id = fresh.unit_id, agency_id = fresh.agency_id
    FROM fresh
    WHERE placement.model = TG_ARGV[0] AND placement.res_id = fresh.id
        AND placement.valid_to IS NULL AND placement.valid_from >= start
        AND (placement.unit_id, placement.agency_id)
            IS DISTINCT FROM (fresh.unit_id, fresh.agency_id);
    UPDATE ttcs_placement placement
    SET valid_to = start - 1
    FROM fresh
    WHERE placement.model = TG_ARGV[0] AND placement.res_id = fresh.id
        AND placement.valid_to IS NULL AND placement.valid_from < start
        AND (placement.unit_id, placement.agency_id)
            IS DISTINCT FROM (fresh.unit_id, fresh.agency_id);
    INSERT INTO ttcs_placement (model, res_id, unit_id, agency_id, valid_from)
    SELECT TG_ARGV[0], fresh.id, fresh.unit_id, fresh.agency_id, start
    FROM fresh
    WHERE (fresh.unit_id IS NOT NULL OR fresh.agency_id IS NOT NULL)
        AND NOT EXISTS (
            SELECT FROM ttcs_placement placement
            WHERE placement.model = TG_ARGV[0] AND placement.res_id = fresh.id
                AND placement.valid_to IS NULL);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ttcs_placement_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ttcs_placement placement USING stale
    WHERE placement.model = TG_ARGV[0] AND placement.res_id = stale.id;
    RETURN NULL;
END $$;
"""


def placement_triggers(table: str, model: str, start_column: str) -> str:
    """Statements that keep ``ttcs_placement`` for a placed table.

    :param start_column: date or timestamp column from which a new record counts in its place
    """
    return f"""
    CREATE OR REPLACE TRIGGER ttcs_placement_begins
        AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION ttcs_placement_begin('{model}', '{start_column}');
    CREATE OR REPLACE TRIGGER ttcs_placement_changes
        AFTER UPDATE ON {table} REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
        FOR EACH STATEMENT EXECUTE FUNCTION ttcs_placement_change('{model}');
    CREATE OR REPLACE TRIGGER ttcs_placement_ends
        AFTER DELETE ON {table} REFERENCING OLD TABLE AS stale
        FOR EACH STATEMENT EXECUTE FUNCTION ttcs_placement_end('{model}');
    """


def placement_invariants(table: str) -> tuple[Invariant, ...]:
    """The triggers of ``placement_triggers`` as the catalogue names them."""
    names = ("ttcs_placement_begins", "ttcs_placement_changes", "ttcs_placement_ends")
    return tuple(Invariant(table, name) for name in names)


def append_only_trigger(table: str) -> str:
    """The statement that lets a table only be added to; refused as ``<table>_is_kept``."""
    return f"""
    CREATE OR REPLACE TRIGGER {table}_is_kept
        BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION ttcs_append_only();
    """


def frozen_trigger(table: str, state: str) -> str:
    """The statement that freezes a row once it is in ``state``; refused as
    ``<table>_is_frozen``.
    """
    return f"""
    CREATE OR REPLACE TRIGGER {table}_is_frozen
        BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW
        WHEN (OLD.state = '{state}') EXECUTE FUNCTION ttcs_frozen();
    """


def frozen_with_parent_trigger(
    table: str,
    parent: str,
    column: str,
    state: str = "",
    since: str = "",
    fill_once: tuple[str, str] | None = None,
) -> str:
    """The statement that freezes rows once their parent is over; refused as
    ``<table>_is_frozen``.

    :param column: of ``table``, naming the row of ``parent``
    :param state: the state in which the parent is over
    :param since: instead, the parent's column that is filled once it is over
    :param fill_once: a column of ``table`` that may be filled in later while it is nought, and
        the column that is computed from it
    """
    arguments = ", ".join(
        f"'{argument}'" for argument in (parent, column, state, since, *(fill_once or ()))
    )
    return f"""
    CREATE OR REPLACE TRIGGER {table}_is_frozen
        BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW
        EXECUTE FUNCTION ttcs_frozen_with_parent({arguments});
    """
