-- What the broker and the devices shall be like: credentials, and retained messages.

CREATE TABLE ttcs_tele.credential (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device text NOT NULL,
    act text NOT NULL CHECK (act IN ('set', 'shut_out', 'let_in', 'remove')),
    sealed bytea,
    asked_at timestamp NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC'),
    done_at timestamp,
    error text,
    CHECK ((act = 'set' AND done_at IS NULL) = (sealed IS NOT NULL))
);
COMMENT ON COLUMN ttcs_tele.credential.sealed IS
    'The password for the bridge alone; wiped as soon as the broker has it.';
CREATE INDEX credential_waiting ON ttcs_tele.credential (id) WHERE done_at IS NULL;
CREATE TRIGGER credential_rings AFTER INSERT ON ttcs_tele.credential
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_tele.ring('ttcs_credential');

CREATE TABLE ttcs_tele.desired (
    device_id integer NOT NULL REFERENCES ttcs_tele.device ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('cfg', 'sched')),
    version integer NOT NULL CHECK (version > 0),
    body jsonb NOT NULL,
    published_version integer,
    published_keys text,
    PRIMARY KEY (device_id, kind)
);
COMMENT ON TABLE ttcs_tele.desired IS 'down/cfg and down/sched: signed and retained by the bridge.';
COMMENT ON COLUMN ttcs_tele.desired.published_keys IS
    'The keys told and signed with when it was published: after a rotation it is published anew.';
CREATE TRIGGER desired_rings AFTER INSERT OR UPDATE OF version ON ttcs_tele.desired
    FOR EACH STATEMENT EXECUTE FUNCTION ttcs_tele.ring('ttcs_desired');

GRANT SELECT, UPDATE (sealed, done_at, error) ON ttcs_tele.credential TO ttcs_bridge;
GRANT SELECT, UPDATE (published_version, published_keys) ON ttcs_tele.desired TO ttcs_bridge;
