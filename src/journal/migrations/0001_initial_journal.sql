-- The journal: one append-only list of events, numbered 1, 2, 3, ... without holes in the order of their commits.
-- Whoever sees position p sees every position before it, so a reader needs to remember one number and nothing else.
-- All writing goes through functions that run with their owner's rights: a role that may only EXECUTE them and SELECT
-- cannot break the numbering.

DO $$
BEGIN
  -- Events are handed out byte for byte as they came; another encoding would convert them or refuse half of Unicode.
  IF getdatabaseencoding() <> 'UTF8' THEN
    RAISE EXCEPTION 'the journal needs a database of encoding UTF8, this one is %', getdatabaseencoding();
  END IF;
END $$;

CREATE SCHEMA event_relay;

CREATE TABLE event_relay.schema_version (
  version     int         PRIMARY KEY,
  description text        NOT NULL,
  applied_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Appends queue on this empty table. It costs what an advisory lock costs, but nobody without rights can take it.
CREATE TABLE event_relay.append_lock ();

CREATE TABLE event_relay.topic (
  id         int         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text        COLLATE "C" NOT NULL UNIQUE CHECK (name ~ '^[A-Za-z0-9._:-]{1,128}$'),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Every history this journal went through. A position is only meaningful together with its epoch.
CREATE TABLE event_relay.epoch (
  epoch             int         PRIMARY KEY,
  first_position    bigint      NOT NULL,
  system_identifier bigint      NOT NULL,
  timeline          int         NOT NULL,
  reason            text        NOT NULL,
  started_at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE event_relay.retention (
  one            boolean PRIMARY KEY DEFAULT true CHECK (one),
  floor          bigint  NOT NULL DEFAULT 0 CHECK (floor >= 0),  -- highest position ever removed
  partition_rows bigint  NOT NULL DEFAULT 1000000 CHECK (partition_rows > 0)  -- size of partitions made from now on
);
INSERT INTO event_relay.retention DEFAULT VALUES;

-- No foreign key to topic: topics are never deleted, and the check would cost a lookup for each event.
-- "C" because equality and order of bytes is all that is asked, and ICU or libc comparison is slower.
CREATE TABLE event_relay.journal (
  position   bigint      NOT NULL PRIMARY KEY,
  topic_id   int         NOT NULL,
  created_at timestamptz NOT NULL,
  type       text        COLLATE "C",
  data       text        COLLATE "C" NOT NULL
) PARTITION BY RANGE (position);
-- Compressing events of 2 KB halves the append rate.
ALTER TABLE event_relay.journal ALTER data SET STORAGE EXTERNAL;

-- What ranges the partitions have, so that partition_rows can be changed at any time.
CREATE TABLE event_relay.partition (
  first_position bigint PRIMARY KEY,
  last_position  bigint NOT NULL
);

-- A table of its own: a unique index on the partitioned journal would have to contain the position, and keys are
-- forgotten long before events are.
CREATE TABLE event_relay.dedupe (
  topic_id   int         NOT NULL,
  key        text        COLLATE "C" NOT NULL,
  position   bigint      NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (topic_id, key)
);
CREATE INDEX dedupe_age ON event_relay.dedupe (created_at);

-- The answer given to each recent append, for the caller that lost it together with its connection.
CREATE TABLE event_relay.batch (
  batch_id   uuid        PRIMARY KEY,
  epoch      int         NOT NULL,
  base       bigint      NOT NULL,  -- position before the batch's first new event
  events     int         NOT NULL,
  repeated   int[],                 -- which events (from 1) had a known key,
  original   bigint[],              -- the position that key stands for,
  same       boolean[],             -- and whether type and data are those of then
  created_at timestamptz NOT NULL
);
CREATE INDEX batch_age ON event_relay.batch (created_at);

-- The floor counts too: when retention has emptied the journal, numbering goes on and does not start again.
CREATE VIEW event_relay.extent AS
  SELECT r.floor,
         greatest(r.floor, (SELECT j.position FROM event_relay.journal j ORDER BY j.position DESC LIMIT 1)) AS head
    FROM event_relay.retention r;

CREATE FUNCTION event_relay.register_topics(p_names text[]) RETURNS TABLE (id int, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  -- Looked up first because ON CONFLICT burns an identity value each time. Sorted, so that two relays that register
  -- the same names wait for each other in one direction.
  INSERT INTO event_relay.topic (name)
    SELECT DISTINCT u.wanted FROM unnest(p_names) AS u (wanted)
     WHERE NOT EXISTS (SELECT FROM event_relay.topic t WHERE t.name = u.wanted)
     ORDER BY u.wanted
    ON CONFLICT DO NOTHING;
  RETURN QUERY
    SELECT t.id, t.name
      FROM unnest(p_names) WITH ORDINALITY AS u (wanted, at) JOIN event_relay.topic t ON t.name = u.wanted
     ORDER BY u.at;
END $$;

CREATE FUNCTION event_relay.add_partition(p_first bigint, p_last bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  child text := 'journal_' || lpad(p_first::text, 19, '0');
BEGIN
  -- CREATE TABLE ... PARTITION OF would lock out every reader and writer behind one open transaction; attaching does
  -- not. The CHECK proves the range, which spares the scan. Values above 8 KB go out of line, smaller ones stay in.
  EXECUTE format('CREATE TABLE event_relay.%I (LIKE event_relay.journal INCLUDING ALL,'
                 ' CHECK (position BETWEEN %s AND %s)) WITH (toast_tuple_target = 8160)', child, p_first, p_last);
  EXECUTE format('REVOKE ALL ON event_relay.%I FROM PUBLIC', child);
  EXECUTE format('ALTER TABLE event_relay.journal ATTACH PARTITION event_relay.%I FOR VALUES FROM (%s) TO (%s)',
                 child, p_first, p_last + 1);
  INSERT INTO event_relay.partition VALUES (p_first, p_last);
END $$;

-- Makes room for p_rows more events and p_ahead whole partitions in front of the head. Returns the position at which to
-- call it again. Gives up soon when it has to wait: appends must not suffer from a table that is being detached.
CREATE FUNCTION event_relay.ensure_partitions(p_ahead int, p_rows bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
AS $$
DECLARE
  head bigint;
  size bigint;
  covered bigint;
BEGIN
  LOCK TABLE event_relay.retention IN SHARE ROW EXCLUSIVE MODE;  -- one caller at a time; append only reads it
  SELECT x.head, r.partition_rows INTO head, size FROM event_relay.extent x, event_relay.retention r;
  LOOP
    SELECT coalesce(max(p.last_position), head) INTO covered FROM event_relay.partition p;
    EXIT WHEN covered >= head + p_rows
          AND (SELECT count(*) FROM event_relay.partition p WHERE p.first_position > head) >= p_ahead;
    PERFORM event_relay.add_partition(covered + 1, covered + size);
  END LOOP;
  RETURN (SELECT min(p.first_position) FROM event_relay.partition p WHERE p.first_position > head);
END $$;

-- Called by each new connection that is going to write, with the history its process has served until now (or nulls).
-- Opens a new epoch when positions may be given out a second time.
CREATE FUNCTION event_relay.open_epoch(p_known_epoch int, p_known_head bigint) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  head bigint;
  reason text;
  newest event_relay.epoch;
  -- The control file still names the old timeline for a while after a promotion, the WAL position does not.
  timeline int := ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int;
  identifier bigint := (SELECT c.system_identifier FROM pg_control_system() c);
BEGIN
  LOCK TABLE event_relay.append_lock IN EXCLUSIVE MODE;
  SELECT * INTO newest FROM event_relay.epoch e ORDER BY e.epoch DESC LIMIT 1;
  SELECT x.head INTO head FROM event_relay.extent x;
  reason := CASE
    WHEN newest.epoch IS NULL THEN 'new journal'
    WHEN newest.system_identifier <> identifier THEN 'restored into another cluster'
    WHEN newest.timeline <> timeline THEN format('timeline %s after %s', timeline, newest.timeline)
    WHEN p_known_epoch > newest.epoch THEN format('set back to before epoch %s', p_known_epoch)
    WHEN p_known_epoch = newest.epoch AND p_known_head > head THEN format('set back from %s to %s', p_known_head, head)
  END;
  IF reason IS NULL THEN
    RETURN newest.epoch;
  END IF;
  -- The first epoch is random, so that ids of another database are not taken for ids of this one.
  newest.epoch := coalesce(greatest(newest.epoch, p_known_epoch), floor(random() * 9999)::int) + 1;
  INSERT INTO event_relay.epoch (epoch, first_position, system_identifier, timeline, reason)
    VALUES (newest.epoch, head + 1, identifier, timeline, reason);
  RETURN newest.epoch;
END $$;

-- Stores a batch at consecutive positions and says which of its events were there already. One call, one commit.
CREATE FUNCTION event_relay.append(
  p_epoch int, p_batch uuid, p_topics int[], p_types text[], p_keys text[], p_data text[],
  OUT epoch int, OUT base bigint, OUT repeated int[], OUT original bigint[], OUT same boolean[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- Plans are made while the tables are small and kept. Forbidding seqscan makes plans look dear enough to be compiled,
-- hence jit = off: compiling each call costs a hundred times the call.
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  n int := cardinality(p_data);
  keyed boolean := n > coalesce(cardinality(array_positions(p_keys, NULL)), 0);
  moment timestamptz;
  earlier event_relay.batch;
BEGIN
  -- An older snapshot than the lock would not see the latest head.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'append needs READ COMMITTED';
  END IF;
  -- Readers must not see what a crash could take back. Not as a SET of the function: that ends before the commit.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;

  -- Held until the commit is durable and visible; each statement below sees all that the previous holder did.
  LOCK TABLE event_relay.append_lock IN EXCLUSIVE MODE;

  IF p_epoch IS DISTINCT FROM (SELECT max(e.epoch) FROM event_relay.epoch e) THEN
    RAISE EXCEPTION 'epoch % is over', p_epoch USING ERRCODE = 'RJ001';
  END IF;
  SELECT * INTO earlier FROM event_relay.batch b WHERE b.batch_id = p_batch;
  IF FOUND THEN
    IF earlier.events <> n THEN
      RAISE EXCEPTION 'batch % had % events, not %', p_batch, earlier.events, n;
    END IF;
    SELECT earlier.epoch, earlier.base, earlier.repeated, earlier.original, earlier.same
      INTO epoch, base, repeated, original, same;
    RETURN;
  END IF;

  epoch := p_epoch;
  moment := clock_timestamp();  -- read under the lock, so that times go up with positions
  SELECT x.head INTO base FROM event_relay.extent x;
  IF keyed THEN
    -- Nobody can add a key meanwhile. What retention has removed cannot be compared and gets the benefit of the doubt.
    SELECT array_agg(u.at ORDER BY u.at), array_agg(d.position ORDER BY u.at),
           array_agg(j.position IS NULL OR (j.data = u.data AND j.type IS NOT DISTINCT FROM u.type) ORDER BY u.at)
      INTO repeated, original, same
      FROM unnest(p_topics, p_types, p_keys, p_data) WITH ORDINALITY AS u (topic_id, type, key, data, at)
      JOIN event_relay.dedupe d ON d.topic_id = u.topic_id AND d.key = u.key
      LEFT JOIN event_relay.journal j ON j.position = d.position;
  END IF;

  IF repeated IS NULL THEN
    INSERT INTO event_relay.journal (position, topic_id, created_at, type, data)
      SELECT base + u.at, u.topic_id, moment, u.type, u.data
        FROM unnest(p_topics, p_types, p_data) WITH ORDINALITY AS u (topic_id, type, data, at);
    IF keyed THEN
      INSERT INTO event_relay.dedupe (topic_id, key, position, created_at)
        SELECT u.topic_id, u.key, base + u.at, moment
          FROM unnest(p_topics, p_keys) WITH ORDINALITY AS u (topic_id, key, at) WHERE u.key IS NOT NULL;
    END IF;
  ELSE
    WITH fresh AS (
      SELECT base + row_number() OVER (ORDER BY u.at) AS position, u.topic_id, u.type, u.key, u.data
        FROM unnest(p_topics, p_types, p_keys, p_data) WITH ORDINALITY AS u (topic_id, type, key, data, at)
       WHERE u.at <> ALL (repeated)
    ), stored AS (
      INSERT INTO event_relay.journal (position, topic_id, created_at, type, data)
        SELECT f.position, f.topic_id, moment, f.type, f.data FROM fresh f
    )
    INSERT INTO event_relay.dedupe (topic_id, key, position, created_at)
      SELECT f.topic_id, f.key, f.position, moment FROM fresh f WHERE f.key IS NOT NULL;
    n := n - cardinality(repeated);
  END IF;

  INSERT INTO event_relay.batch (batch_id, epoch, base, events, repeated, original, same, created_at)
    VALUES (p_batch, epoch, base, cardinality(p_data), repeated, original, same, moment);
  IF n > 0 THEN
    PERFORM pg_notify('event_relay_journal', (base + n)::text);  -- costs 6 % of an append, and only here: it serialises
  END IF;
END $$;

-- Removes at most p_most of the oldest rows of each kind, returns how many of the more numerous one.
CREATE FUNCTION event_relay.forget_expired(p_window interval, p_most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  keys int;
  batches int;
BEGIN
  DELETE FROM event_relay.dedupe WHERE ctid = ANY (ARRAY(
    SELECT d.ctid FROM event_relay.dedupe d WHERE d.created_at < clock_timestamp() - p_window
     ORDER BY d.created_at LIMIT p_most));
  GET DIAGNOSTICS keys = ROW_COUNT;
  -- An hour is far longer than anybody waits for the answer of an append.
  DELETE FROM event_relay.batch WHERE ctid = ANY (ARRAY(
    SELECT b.ctid FROM event_relay.batch b WHERE b.created_at < clock_timestamp() - interval '1 hour'
     ORDER BY b.created_at LIMIT p_most));
  GET DIAGNOSTICS batches = ROW_COUNT;
  RETURN greatest(keys, batches);
END $$;

REVOKE ALL ON SCHEMA event_relay FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA event_relay FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA event_relay FROM PUBLIC;
