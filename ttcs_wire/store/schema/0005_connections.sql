-- Devices that do not speak MQTT with us: their vendor's console, files, or our contract by HTTP.

CREATE TABLE ttcs_tele.connection (
    id integer PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('push', 'poll', 'file', 'heartbeat')),
    active boolean NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    sealed bytea,
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    checked_at timestamp,
    ok_at timestamp,
    error text,
    received bigint NOT NULL DEFAULT 0,
    refused bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE ttcs_tele.connection IS
    'Written by the books; what became of it by the gateway: checked, in order, or why not.';
COMMENT ON COLUMN ttcs_tele.connection.sealed IS
    'The secret of this connection, for the gateway alone.';
CREATE TRIGGER connection_rings AFTER INSERT OR DELETE OR UPDATE OF active, settings, sealed, version
    ON ttcs_tele.connection
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_tele.ring('ttcs_connection');

ALTER TABLE ttcs_tele.device
    ADD COLUMN connection_id integer REFERENCES ttcs_tele.connection,
    ADD COLUMN external_code text,
    ADD CONSTRAINT device_named_there CHECK ((connection_id IS NULL) = (external_code IS NULL));
CREATE UNIQUE INDEX device_external_once ON ttcs_tele.device (connection_id, external_code);
COMMENT ON COLUMN ttcs_tele.device.connection_id IS 'Null: it speaks MQTT with our broker.';

-- A device without a last will is away when it was quiet for three intervals of its connection.
CREATE OR REPLACE FUNCTION ttcs_tele.sweep_silent(quiet interval) RETURNS integer
LANGUAGE sql AS $$
    WITH silent AS (
        UPDATE ttcs_tele.last SET online = false
        WHERE online AND seen_at < (now() AT TIME ZONE 'UTC') - quiet
            AND seen_at < (now() AT TIME ZONE 'UTC') - COALESCE((
                SELECT make_interval(secs => 3 * (settings ->> 'interval')::double precision)
                FROM ttcs_tele.device JOIN ttcs_tele.connection ON connection.id = connection_id
                WHERE device.id = last.device_id), quiet)
        RETURNING 1
    )
    SELECT count(*)::integer FROM silent
$$;

GRANT SELECT, UPDATE (checked_at, ok_at, error, received, refused)
    ON ttcs_tele.connection TO ttcs_bridge;
