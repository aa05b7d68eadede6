-- The transactional outbox: a service with its tables in this database publishes inside its own transaction. The event
-- is rolled back with it, and becomes part of the journal soon after its commit. publish() takes no lock and sends no
-- notification (that would serialise the commits of everybody who publishes), so relays look into the outbox.

CREATE TABLE event_relay.outbox (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- no CACHE: ids go up with the calls of a session
  xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
  topic      text        COLLATE "C" NOT NULL,
  type       text        COLLATE "C",
  key        text        COLLATE "C",
  data       text        COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, toast_tuple_target = 8160);
ALTER TABLE event_relay.outbox ALTER data SET STORAGE EXTERNAL;
CREATE INDEX outbox_xid ON event_relay.outbox (xid, id);

-- What no relay could take, with the reason. Nothing removes it: see republish().
CREATE TABLE event_relay.dead_letter (
  id         bigint      PRIMARY KEY,  -- that it had in the outbox
  reason     text        NOT NULL,     -- unknown_topic, data_too_large, idempotency_key_reused
  topic      text        COLLATE "C" NOT NULL,
  type       text        COLLATE "C",
  key        text        COLLATE "C",
  data       text        COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  died_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Counted up to here: at a backlog that large the exact number does not matter, and counting it would cost.
CREATE VIEW event_relay.outbox_lag AS
  SELECT count(*) AS events, coalesce(extract(epoch FROM clock_timestamp() - min(o.created_at)), 0)::float8 AS seconds
    FROM (SELECT created_at FROM event_relay.outbox ORDER BY id LIMIT 100000) o;

-- For business services. What can never become an event fails here, where the mistake is; what depends on the relays
-- (which topics they have, how large an event may be) is found later and becomes a dead letter.
CREATE FUNCTION event_relay.publish(topic text, type text, data text, key text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
  given bigint;
BEGIN
  IF topic IS NULL OR topic !~ '^[A-Za-z0-9._:-]{1,128}$' THEN
    RAISE EXCEPTION 'topic must be 1 to 128 characters of A-Z a-z 0-9 . _ : -, is %', quote_nullable(topic)
      USING ERRCODE = 'invalid_parameter_value';
  ELSIF octet_length(type) NOT BETWEEN 1 AND 128 OR type ~ '^ | $|[\x01-\x1f\x7f]' THEN
    RAISE EXCEPTION 'type must be 1 to 128 bytes without control characters or surrounding spaces, is %', quote_literal(type)
      USING ERRCODE = 'invalid_parameter_value';
  ELSIF type IN ('open', 'error') OR starts_with(type, 'relay.') THEN
    RAISE EXCEPTION 'the types open, error and relay.* are reserved, type is %', quote_literal(type)
      USING ERRCODE = 'invalid_parameter_value';
  ELSIF key !~ '^[\x20-\x7e]{1,255}$' THEN
    RAISE EXCEPTION 'key must be 1 to 255 printable ASCII characters, is %', quote_literal(key)
      USING ERRCODE = 'invalid_parameter_value';
  ELSIF data IS NULL THEN
    RAISE EXCEPTION 'data must not be NULL' USING ERRCODE = 'null_value_not_allowed';
  END IF;
  INSERT INTO event_relay.outbox (topic, type, key, data) VALUES (topic, type, key, data) RETURNING id INTO given;
  RETURN given;
END $$;

CREATE FUNCTION event_relay.publish(topic text, type text, data json, key text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT event_relay.publish($1, $2, $3::text, $4) $$;

CREATE FUNCTION event_relay.publish(topic text, type text, data jsonb, key text DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT event_relay.publish($1, $2, $3::text, $4) $$;

-- Puts a dead letter back, once what killed it is mended. Returns its new id in the outbox; null if there is none.
CREATE FUNCTION event_relay.republish(p_id bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  WITH taken AS (DELETE FROM event_relay.dead_letter d WHERE d.id = p_id RETURNING d.*)
  INSERT INTO event_relay.outbox (topic, type, key, data)
    SELECT t.topic, t.type, t.key, t.data FROM taken t RETURNING id
$$;

-- Moves what is in the outbox into the journal: at most p_most events, of p_bytes in all but one at least.
--
-- p_hint is what the last call of the same caller returned, null at first and now and then. Everything visible in that
-- snapshot was taken, so only transactions that were unfinished then need to be looked at: dead rows of earlier ones
-- cannot be removed while somebody's old snapshot is open, and reading past them costs more with every call.
CREATE FUNCTION event_relay.drain(
  p_epoch int, p_most int, p_bytes bigint, p_event_bytes bigint, p_hint pg_snapshot,
  OUT stored int, OUT known int, OUT unknown_topic int, OUT data_too_large int, OUT idempotency_key_reused int,
  OUT more boolean, OUT in_use boolean, OUT hint pg_snapshot)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  horizon xid8 := coalesce(pg_snapshot_xmax(p_hint), '0');
  unfinished xid8[] := ARRAY(SELECT x FROM pg_snapshot_xip(p_hint) x);
  candidates bigint[];
  ids bigint[];
  topics int[];
  types text[];
  keys text[];
  data text[];
  dead bigint[];
  reasons text[];
  receipt record;
BEGIN
  stored := 0; known := 0; unknown_topic := 0; data_too_large := 0; idempotency_key_reused := 0;
  more := false;
  hint := pg_current_snapshot();
  SELECT s.is_called INTO in_use FROM event_relay.outbox_id_seq s;
  IF NOT EXISTS (SELECT FROM event_relay.outbox o WHERE o.xid >= horizon)
     AND NOT EXISTS (SELECT FROM event_relay.outbox o WHERE o.xid = ANY (unfinished)) THEN
    RETURN;
  END IF;

  -- First the lock, then the look: or two relays could take two transactions of one aggregate in the wrong order.
  LOCK TABLE event_relay.append_lock IN EXCLUSIVE MODE;
  hint := pg_current_snapshot();  -- older than those of the statements below
  IF p_hint IS NULL THEN
    candidates := ARRAY(SELECT o.id FROM event_relay.outbox o ORDER BY o.id LIMIT p_most);
  ELSE
    candidates := ARRAY(
      SELECT u.id
        FROM (SELECT o.id FROM event_relay.outbox o WHERE o.xid >= horizon
              UNION ALL
              SELECT o.id FROM event_relay.outbox o WHERE o.xid = ANY (unfinished) AND o.xid < horizon) u
       ORDER BY u.id LIMIT p_most);
  END IF;
  -- Of those with one key the first is taken; the others are known when their turn comes.
  SELECT array_agg(c.id ORDER BY c.id) FILTER (WHERE c.reason IS NULL),
         array_agg(c.topic_id ORDER BY c.id) FILTER (WHERE c.reason IS NULL),
         array_agg(c.type ORDER BY c.id) FILTER (WHERE c.reason IS NULL),
         array_agg(c.key ORDER BY c.id) FILTER (WHERE c.reason IS NULL),
         array_agg(c.data ORDER BY c.id) FILTER (WHERE c.reason IS NULL),
         coalesce(array_agg(c.id ORDER BY c.id) FILTER (WHERE c.reason IS NOT NULL), '{}'),
         coalesce(array_agg(c.reason ORDER BY c.id) FILTER (WHERE c.reason IS NOT NULL), '{}')
    INTO ids, topics, types, keys, data, dead, reasons
    FROM (SELECT o.id, t.id AS topic_id, o.type, o.key, o.data,
                 CASE WHEN t.id IS NULL THEN 'unknown_topic'
                      WHEN octet_length(o.data) > p_event_bytes THEN 'data_too_large' END AS reason,
                 sum(octet_length(o.data)) OVER (ORDER BY o.id) - octet_length(o.data) AS bytes_before,
                 row_number() OVER (PARTITION BY o.topic, o.key ORDER BY o.id) AS nth
            FROM unnest(candidates) AS candidate (id)
            JOIN event_relay.outbox o ON o.id = candidate.id
            LEFT JOIN event_relay.topic t ON t.name = o.topic) c
   WHERE c.bytes_before < p_bytes AND (c.key IS NULL OR c.nth = 1);
  more := cardinality(candidates) = p_most
       OR cardinality(candidates) > coalesce(cardinality(ids), 0) + cardinality(dead);
  IF more THEN
    hint := NULL;  -- a backlog is read from its beginning, and not sorted again by every call
  END IF;

  IF ids IS NOT NULL THEN
    SELECT * INTO receipt FROM event_relay.append(p_epoch, gen_random_uuid(), topics, types, keys, data);
    known := coalesce(cardinality(receipt.repeated), 0);
    stored := cardinality(ids) - known;
    SELECT dead || coalesce(array_agg(ids[r.at]), '{}'), reasons || coalesce(array_agg('idempotency_key_reused'::text), '{}')
      INTO dead, reasons
      FROM unnest(receipt.repeated, receipt.same) AS r (at, same) WHERE NOT r.same;
  END IF;
  INSERT INTO event_relay.dead_letter (id, reason, topic, type, key, data, created_at)
    SELECT o.id, d.reason, o.topic, o.type, o.key, o.data, o.created_at
      FROM unnest(dead, reasons) AS d (id, reason) JOIN event_relay.outbox o ON o.id = d.id;
  unknown_topic := coalesce(cardinality(array_positions(reasons, 'unknown_topic')), 0);
  data_too_large := coalesce(cardinality(array_positions(reasons, 'data_too_large')), 0);
  idempotency_key_reused := coalesce(cardinality(array_positions(reasons, 'idempotency_key_reused')), 0);
  known := known - idempotency_key_reused;
  DELETE FROM event_relay.outbox o WHERE o.id = ANY (ids || dead);
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA event_relay FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA event_relay FROM PUBLIC;
