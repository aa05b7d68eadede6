-- What an event that came as a CloudEvent had beyond type and data: its id, source, subject, time and so on, as a JSON
-- object. Null for all others, which costs them a bit.

LOCK TABLE event_relay.append_lock IN EXCLUSIVE MODE;

ALTER TABLE event_relay.journal ADD attributes text COLLATE "C";

-- Microseconds since 1970: what a program can compute with, however the session writes times.
CREATE FUNCTION event_relay.micros(timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT (extract(epoch FROM $1) * 1000000)::bigint $$;

-- A relay of the version before this one goes on calling it, with six arguments.
DROP FUNCTION event_relay.append(int, uuid, int[], text[], text[], text[]);

-- As before, with attributes (null: none of the events has any), and says when it was: readers get the time of an event
-- from the relay that stored it without reading it back.
CREATE FUNCTION event_relay.append(
  p_epoch int, p_batch uuid, p_topics int[], p_types text[], p_keys text[], p_data text[],
  p_attributes text[] DEFAULT NULL,
  OUT epoch int, OUT base bigint, OUT repeated int[], OUT original bigint[], OUT same boolean[], OUT stored_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- Plans are made while the tables are small and kept. Forbidding seqscan makes plans look dear enough to be compiled,
-- hence jit = off: compiling each call costs a hundred times the call.
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  n int := cardinality(p_data);
  keyed boolean := n > coalesce(cardinality(array_positions(p_keys, NULL)), 0);
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
    SELECT earlier.epoch, earlier.base, earlier.repeated, earlier.original, earlier.same, earlier.created_at
      INTO epoch, base, repeated, original, same, stored_at;
    RETURN;
  END IF;

  epoch := p_epoch;
  stored_at := clock_timestamp();  -- read under the lock, so that times go up with positions
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
    INSERT INTO event_relay.journal (position, topic_id, created_at, type, data, attributes)
      SELECT base + u.at, u.topic_id, stored_at, u.type, u.data, u.attributes
        FROM unnest(p_topics, p_types, p_data, p_attributes) WITH ORDINALITY AS u (topic_id, type, data, attributes, at);
    IF keyed THEN
      INSERT INTO event_relay.dedupe (topic_id, key, position, created_at)
        SELECT u.topic_id, u.key, base + u.at, stored_at
          FROM unnest(p_topics, p_keys) WITH ORDINALITY AS u (topic_id, key, at) WHERE u.key IS NOT NULL;
    END IF;
  ELSE
    WITH fresh AS (
      SELECT base + row_number() OVER (ORDER BY u.at) AS position, u.topic_id, u.type, u.key, u.data, u.attributes
        FROM unnest(p_topics, p_types, p_keys, p_data, p_attributes) WITH ORDINALITY
               AS u (topic_id, type, key, data, attributes, at)
       WHERE u.at <> ALL (repeated)
    ), stored AS (
      INSERT INTO event_relay.journal (position, topic_id, created_at, type, data, attributes)
        SELECT f.position, f.topic_id, stored_at, f.type, f.data, f.attributes FROM fresh f
    )
    INSERT INTO event_relay.dedupe (topic_id, key, position, created_at)
      SELECT f.topic_id, f.key, f.position, stored_at FROM fresh f WHERE f.key IS NOT NULL;
    n := n - cardinality(repeated);
  END IF;

  INSERT INTO event_relay.batch (batch_id, epoch, base, events, repeated, original, same, created_at)
    VALUES (p_batch, epoch, base, cardinality(p_data), repeated, original, same, stored_at);
  IF n > 0 THEN
    PERFORM pg_notify('event_relay_journal', (base + n)::text);  -- costs 6 % of an append, and only here: it serialises
  END IF;
END $$;

-- For what one publisher sent as a whole. With p_all_known, the batch has one key: repeated as it was it gets its first
-- answer, and nothing of it is stored if only some of it is known. Without, each event has a key of its own, and those
-- known are passed over. A key that stands for another event refuses the batch in both cases.
DROP FUNCTION event_relay.append_all_or_none;
CREATE FUNCTION event_relay.append_all_or_none(
  p_epoch int, p_batch uuid, p_topics int[], p_types text[], p_keys text[], p_data text[],
  p_attributes text[] DEFAULT NULL, p_all_known boolean DEFAULT true,
  OUT epoch int, OUT base bigint, OUT repeated int[], OUT original bigint[], OUT same boolean[], OUT stored_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  SELECT a.* INTO epoch, base, repeated, original, same, stored_at
    FROM event_relay.append(p_epoch, p_batch, p_topics, p_types, p_keys, p_data, p_attributes) a;
  IF (p_all_known AND cardinality(repeated) < cardinality(p_data)) OR false = ANY (same) THEN
    RAISE EXCEPTION 'a key of the batch stands for another event' USING ERRCODE = 'RJ002';
  END IF;
END $$;

REVOKE ALL ON FUNCTION event_relay.micros FROM PUBLIC;
REVOKE ALL ON FUNCTION event_relay.append FROM PUBLIC;
REVOKE ALL ON FUNCTION event_relay.append_all_or_none FROM PUBLIC;
