-- What devices say.  Instants are timestamps without zone in UTC, as Odoo keeps them.

CREATE TABLE ttcs_tele.device (
    id integer PRIMARY KEY,
    code text NOT NULL UNIQUE,
    active boolean NOT NULL
);
COMMENT ON TABLE ttcs_tele.device IS 'Who may speak: kept by the books, read by the bridge.';

CREATE TABLE ttcs_tele.boot (
    device_id integer NOT NULL,
    boot integer NOT NULL,
    started_at timestamp,
    kept int4multirange NOT NULL DEFAULT '{[0,1)}',
    touched_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
    PRIMARY KEY (device_id, boot)
);
COMMENT ON COLUMN ttcs_tele.boot.started_at IS
    'The moment for which "0 ms since the start" stands, for a device without a clock.';
COMMENT ON COLUMN ttcs_tele.boot.kept IS
    'Numbers of the samples and events that are kept: the device may forget the first run of them.';

CREATE TABLE ttcs_tele.sample (
    device_id integer NOT NULL,
    ts timestamp NOT NULL,
    boot integer NOT NULL,
    seq integer NOT NULL,
    received_at timestamp NOT NULL,
    volume smallint,
    temperature real,
    battery real,
    mains real,
    power real,
    signal smallint,
    runtime integer,
    on_air boolean,
    faults text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (device_id, ts, boot, seq)
) PARTITION BY RANGE (ts);
CREATE TABLE ttcs_tele.sample_default PARTITION OF ttcs_tele.sample DEFAULT;

CREATE TABLE ttcs_tele.event (
    device_id integer NOT NULL,
    ts timestamp NOT NULL,
    boot integer NOT NULL,
    seq integer NOT NULL,
    received_at timestamp NOT NULL,
    kind text NOT NULL,
    code text,
    reference text,
    detail text,
    PRIMARY KEY (device_id, ts, boot, seq)
) PARTITION BY RANGE (ts);
CREATE TABLE ttcs_tele.event_default PARTITION OF ttcs_tele.event DEFAULT;
CREATE INDEX event_reference ON ttcs_tele.event (reference) WHERE reference IS NOT NULL;

CREATE TABLE ttcs_tele.last (
    device_id integer PRIMARY KEY,
    seen_at timestamp NOT NULL,
    -- From up/state; ordered by boot, link and number, the will being the last of its link.
    online boolean NOT NULL DEFAULT false,
    state_boot integer,
    state_link integer,
    state_seq integer,
    state_at timestamp,
    firmware text,
    configuration integer,
    schedule integer,
    test_mode boolean NOT NULL DEFAULT false,
    playing text,
    source text,
    -- From the newest sample.
    ts timestamp,
    boot integer,
    seq integer,
    drift real,
    volume smallint,
    temperature real,
    battery real,
    mains real,
    power real,
    signal smallint,
    runtime integer,
    on_air boolean,
    faults text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX last_silent ON ttcs_tele.last (seen_at) WHERE online;
COMMENT ON COLUMN ttcs_tele.last.drift IS
    'Seconds by which the device''s clock is ahead of ours, at its newest live sample.';

CREATE TABLE ttcs_tele.quarantine (
    day date NOT NULL,
    device text NOT NULL,
    reason text NOT NULL,
    messages bigint NOT NULL,
    first_at timestamp NOT NULL,
    last_at timestamp NOT NULL,
    topic text NOT NULL,
    specimen bytea NOT NULL,
    PRIMARY KEY (day, device, reason)
);
COMMENT ON TABLE ttcs_tele.quarantine IS
    'What could not be kept: counted by day, device and reason, with the newest specimen.';

CREATE TABLE ttcs_tele.sample_hour (
    device_id integer NOT NULL,
    hour timestamp NOT NULL,
    samples integer NOT NULL,
    on_air_samples integer NOT NULL,
    faulty_samples integer NOT NULL,
    volume_average real,
    temperature_average real,
    temperature_highest real,
    battery_lowest real,
    mains_lowest real,
    signal_average real,
    runtime_last integer,
    PRIMARY KEY (device_id, hour)
);
CREATE INDEX sample_hour_hour ON ttcs_tele.sample_hour (hour);

CREATE TABLE ttcs_tele.sample_day (
    LIKE ttcs_tele.sample_hour INCLUDING COMMENTS
);
ALTER TABLE ttcs_tele.sample_day RENAME COLUMN hour TO day;
ALTER TABLE ttcs_tele.sample_day ADD PRIMARY KEY (device_id, day);
CREATE INDEX sample_day_day ON ttcs_tele.sample_day (day);

-- Partitions: samples by day, events by month; made ahead, dropped whole.
CREATE FUNCTION ttcs_tele.make_partitions(first date, days integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    made integer := 0;
    day date;
    month date;
BEGIN
    FOR day IN SELECT first + n FROM generate_series(0, days - 1) n LOOP
        IF to_regclass(format('ttcs_tele.sample_%s', to_char(day, 'YYYYMMDD'))) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE ttcs_tele.sample_%s PARTITION OF ttcs_tele.sample'
                ' FOR VALUES FROM (%L) TO (%L)', to_char(day, 'YYYYMMDD'), day, day + 1);
            made := made + 1;
        END IF;
        month := date_trunc('month', day);
        IF to_regclass(format('ttcs_tele.event_%s', to_char(month, 'YYYYMM'))) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE ttcs_tele.event_%s PARTITION OF ttcs_tele.event'
                ' FOR VALUES FROM (%L) TO (%L)',
                to_char(month, 'YYYYMM'), month, (month + interval '1 month')::date);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;

CREATE FUNCTION ttcs_tele.drop_partitions(samples_before date, events_before date)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    part record;
    dropped integer := 0;
BEGIN
    FOR part IN
        SELECT relname, relname ~ '^sample_\d{8}$' AS is_sample
        FROM pg_class WHERE relnamespace = 'ttcs_tele'::regnamespace AND relkind = 'r'
            AND relname ~ '^(sample_\d{8}|event_\d{6})$'
    LOOP
        IF part.is_sample THEN
            CONTINUE WHEN to_date(right(part.relname, 8), 'YYYYMMDD') >= samples_before;
        ELSE
            CONTINUE WHEN to_date(right(part.relname, 6), 'YYYYMM') + interval '1 month'
                > events_before;
        END IF;
        EXECUTE format('DROP TABLE ttcs_tele.%I', part.relname);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;

-- Rollups: a day of samples into its 24 hours and itself; repeatable.
CREATE FUNCTION ttcs_tele.roll_up(of_day date) RETURNS void LANGUAGE sql AS $$
    INSERT INTO ttcs_tele.sample_hour
    SELECT device_id, date_trunc('hour', ts), count(*), count(*) FILTER (WHERE on_air),
        count(*) FILTER (WHERE faults <> '{}'), avg(volume), avg(temperature),
        max(temperature), min(battery), min(mains), avg(signal), max(runtime)
    FROM ttcs_tele.sample WHERE ts >= of_day AND ts < of_day + 1
    GROUP BY 1, 2
    ON CONFLICT (device_id, hour) DO UPDATE SET
        samples = excluded.samples, on_air_samples = excluded.on_air_samples,
        faulty_samples = excluded.faulty_samples, volume_average = excluded.volume_average,
        temperature_average = excluded.temperature_average,
        temperature_highest = excluded.temperature_highest,
        battery_lowest = excluded.battery_lowest, mains_lowest = excluded.mains_lowest,
        signal_average = excluded.signal_average, runtime_last = excluded.runtime_last
    WHERE (sample_hour.*) IS DISTINCT FROM (excluded.*);

    INSERT INTO ttcs_tele.sample_day
    SELECT device_id, of_day, sum(samples), sum(on_air_samples), sum(faulty_samples),
        sum(volume_average * samples) / sum(samples) FILTER (WHERE volume_average IS NOT NULL),
        sum(temperature_average * samples) / sum(samples)
            FILTER (WHERE temperature_average IS NOT NULL),
        max(temperature_highest), min(battery_lowest), min(mains_lowest),
        sum(signal_average * samples) / sum(samples) FILTER (WHERE signal_average IS NOT NULL),
        max(runtime_last)
    FROM ttcs_tele.sample_hour WHERE hour >= of_day AND hour < of_day + 1
    GROUP BY 1
    ON CONFLICT (device_id, day) DO UPDATE SET
        samples = excluded.samples, on_air_samples = excluded.on_air_samples,
        faulty_samples = excluded.faulty_samples, volume_average = excluded.volume_average,
        temperature_average = excluded.temperature_average,
        temperature_highest = excluded.temperature_highest,
        battery_lowest = excluded.battery_lowest, mains_lowest = excluded.mains_lowest,
        signal_average = excluded.signal_average, runtime_last = excluded.runtime_last
    WHERE (sample_day.*) IS DISTINCT FROM (excluded.*);
$$;

-- A device that the broker still thinks connected but that has been quiet.
CREATE FUNCTION ttcs_tele.sweep_silent(quiet interval) RETURNS integer LANGUAGE sql AS $$
    WITH silent AS (
        UPDATE ttcs_tele.last SET online = false
        WHERE online AND seen_at < (now() AT TIME ZONE 'UTC') - quiet
        RETURNING 1
    )
    SELECT count(*)::integer FROM silent
$$;

GRANT USAGE ON SCHEMA ttcs_tele TO ttcs_bridge;
GRANT SELECT ON ttcs_tele.device TO ttcs_bridge;
GRANT SELECT, INSERT ON ttcs_tele.sample, ttcs_tele.event TO ttcs_bridge;
GRANT SELECT, INSERT, UPDATE ON ttcs_tele.boot, ttcs_tele.last, ttcs_tele.quarantine
    TO ttcs_bridge;
GRANT EXECUTE ON FUNCTION ttcs_tele.sweep_silent(interval) TO ttcs_bridge;
