-- The command outbox: written by the books in the user's transaction, carried by the bridge.

CREATE FUNCTION ttcs_tele.command_rank(state text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE state
        WHEN 'queued' THEN 2 WHEN 'sent' THEN 3 WHEN 'received' THEN 4 WHEN 'running' THEN 5
        WHEN 'done' THEN 9 WHEN 'failed' THEN 9 WHEN 'refused' THEN 9
        WHEN 'expired' THEN 9 WHEN 'cancelled' THEN 9 WHEN 'superseded' THEN 9
    END
$$;

CREATE TABLE ttcs_tele.command (
    id uuid PRIMARY KEY,
    order_id integer,
    device_id integer NOT NULL REFERENCES ttcs_tele.device,
    lane smallint NOT NULL CHECK (lane BETWEEN 0 AND 9),
    operation text NOT NULL,
    arguments jsonb NOT NULL DEFAULT '{}',
    mode text NOT NULL DEFAULT 'actual' CHECK (mode IN ('actual', 'exercise', 'test')),
    not_before timestamp NOT NULL,
    expires_at timestamp NOT NULL CHECK (expires_at > not_before),
    queued_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
    state text NOT NULL DEFAULT 'queued'
        CHECK (ttcs_tele.command_rank(state) IS NOT NULL),
    code text,
    answer text,
    sent_at timestamp,
    ended_at timestamp,
    tries integer NOT NULL DEFAULT 0,
    next_at timestamp NOT NULL
);
COMMENT ON COLUMN ttcs_tele.command.answer IS
    'The device''s last word, also when it came after the command had ended otherwise.';
COMMENT ON COLUMN ttcs_tele.command.lane IS '0: emergency, before everything else.';
CREATE INDEX command_due ON ttcs_tele.command (lane, next_at)
    WHERE state IN ('queued', 'sent');
CREATE INDEX command_expiring ON ttcs_tele.command (expires_at)
    WHERE state IN ('queued', 'sent', 'received', 'running');
CREATE INDEX command_device ON ttcs_tele.command (device_id, queued_at);
CREATE INDEX command_order ON ttcs_tele.command (order_id);

CREATE TABLE ttcs_tele.command_move (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command_id uuid NOT NULL REFERENCES ttcs_tele.command ON DELETE CASCADE,
    state text NOT NULL,
    at timestamp NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC'),
    code text
);
CREATE INDEX command_move_command ON ttcs_tele.command_move (command_id);

CREATE FUNCTION ttcs_tele.command_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ttcs_tele, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.order_id, NEW.device_id, NEW.lane, NEW.operation, NEW.arguments,
            NEW.mode, NEW.not_before, NEW.expires_at, NEW.queued_at)
            IS DISTINCT FROM
           (OLD.id, OLD.order_id, OLD.device_id, OLD.lane, OLD.operation, OLD.arguments,
            OLD.mode, OLD.not_before, OLD.expires_at, OLD.queued_at)
        THEN
            RAISE EXCEPTION 'A queued command is never changed: %', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'command_unchanged';
        END IF;
        IF NEW.state = OLD.state THEN
            RETURN NEW;
        END IF;
        IF command_rank(NEW.state) <= command_rank(OLD.state) THEN
            RAISE EXCEPTION 'Command % cannot go from % to %', OLD.id, OLD.state, NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'command_forward';
        END IF;
        IF command_rank(NEW.state) = 9 THEN
            NEW.ended_at := clock_timestamp() AT TIME ZONE 'UTC';
        END IF;
    END IF;
    INSERT INTO command_move (command_id, state, code) VALUES (NEW.id, NEW.state, NEW.code);
    RETURN NEW;
END $$;
-- The move of a new row refers to it, so it is written after the row; that of a change before,
-- because the change may be refused and gets its end stamped.
CREATE TRIGGER command_born AFTER INSERT ON ttcs_tele.command
    FOR EACH ROW EXECUTE FUNCTION ttcs_tele.command_moves();
CREATE TRIGGER command_forward BEFORE UPDATE ON ttcs_tele.command
    FOR EACH ROW EXECUTE FUNCTION ttcs_tele.command_moves();

-- The bell: data are in the table, the notification only wakes the bridge.
CREATE FUNCTION ttcs_tele.ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], '');
    RETURN NULL;
END $$;
CREATE TRIGGER command_rings AFTER INSERT ON ttcs_tele.command
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_tele.ring('ttcs_out');
CREATE TRIGGER device_rings AFTER INSERT OR UPDATE OR DELETE ON ttcs_tele.device
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_tele.ring('ttcs_device');

-- Whatever nobody answered in time has expired, also what was on its way.  A device that began and
-- fell silent is given a day to tell how it ended.
CREATE FUNCTION ttcs_tele.expire_commands() RETURNS integer LANGUAGE sql AS $$
    WITH expired AS (
        UPDATE ttcs_tele.command SET state = 'expired'
        WHERE state IN ('queued', 'sent', 'received')
            AND expires_at < (now() AT TIME ZONE 'UTC')
        RETURNING 1
    )
    , unfinished AS (
        UPDATE ttcs_tele.command SET state = 'failed', code = 'no-answer'
        WHERE state = 'running'
            AND expires_at < (now() AT TIME ZONE 'UTC') - interval '1 day'
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM expired)::integer + (SELECT count(*) FROM unfinished)::integer
$$;

GRANT SELECT, UPDATE (state, code, answer, sent_at, tries, next_at) ON ttcs_tele.command TO ttcs_bridge;
GRANT SELECT ON ttcs_tele.command_move TO ttcs_bridge;
