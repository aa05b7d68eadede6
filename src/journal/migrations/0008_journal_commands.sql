-- What `event-relay journal verify, new-epoch, export and import` need.

-- The partitions that hold something, and whether they are part of the journal.
CREATE VIEW event_relay.partition_in_use AS
  SELECT p.first_position, p.last_position, coalesce(NOT i.inhdetachpending, false) AS attached
    FROM event_relay.partition p
    JOIN event_relay.retention r ON p.last_position > r.floor
    LEFT JOIN pg_class c ON c.relnamespace = 'event_relay'::regnamespace
                        AND c.relname = 'journal_' || lpad(p.first_position::text, 19, '0')
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhparent = 'event_relay.journal'::regclass;

-- Looks at the events after p_after up to p_until. p_checksum and p_time are what the piece before this one had in the
-- end. The checksum is made of what readers get and of nothing that differs between servers.
CREATE FUNCTION event_relay.check_events(
  p_after bigint, p_until bigint, p_checksum bytea, p_time timestamptz,
  OUT events bigint, OUT without_topic bigint, OUT older bigint, OUT first_older bigint, OUT newest timestamptz,
  OUT checksum bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  WITH one AS MATERIALIZED (
    SELECT j.position, j.created_at, t.id IS NULL AS without_topic,
           j.created_at < coalesce(lag(j.created_at) OVER (ORDER BY j.position), p_time) AS older,
           -- Neither topics, types nor attributes have line breaks, so that no two events make the same text.
           sha256(convert_to(concat_ws(E'\n', j.position, coalesce(t.name, ''), coalesce(j.type, ''),
                                       coalesce(j.attributes, ''), j.data),
                             'UTF8')) AS digest
      FROM event_relay.journal j LEFT JOIN event_relay.topic t ON t.id = j.topic_id
     WHERE j.position > p_after AND j.position <= p_until
  )
  SELECT count(*), count(*) FILTER (WHERE o.without_topic), count(*) FILTER (WHERE o.older),
         min(o.position) FILTER (WHERE o.older), coalesce(max(o.created_at), p_time),
         sha256(p_checksum || coalesce(string_agg(o.digest, ''::bytea ORDER BY o.position), ''::bytea))
    FROM one o
$$;

-- Opens an epoch although nothing shows that history was set back, e.g. for a backup that was restored in place.
CREATE FUNCTION event_relay.new_epoch(p_reason text, OUT epoch int, OUT first_position bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  LOCK TABLE event_relay.append_lock IN EXCLUSIVE MODE;
  INSERT INTO event_relay.epoch AS e (epoch, first_position, system_identifier, timeline, reason)
    SELECT coalesce((SELECT max(k.epoch) FROM event_relay.epoch k), floor(random() * 9999)::int) + 1, x.head + 1,
           c.system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int, p_reason
      FROM event_relay.extent x, pg_control_system() c
    RETURNING e.epoch, e.first_position INTO epoch, first_position;
END $$;

-- Events as lines of JSON, of p_bytes of data in all but one at least. The data is a text, whatever is in it, so that it
-- comes back byte for byte.
CREATE FUNCTION event_relay.export_events(p_after bigint, p_until bigint, p_bytes bigint)
RETURNS TABLE (at bigint, line text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT j.position,
         format('{"id":"%s-%s","topic":%s,"type":%s,"time":"%s","data":%s%s}',
                (SELECT e.epoch FROM event_relay.epoch e WHERE e.first_position <= j.position
                  ORDER BY e.epoch DESC LIMIT 1),
                j.position, to_json(t.name), coalesce(to_json(j.type)::text, 'null'),
                to_char(j.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), to_json(j.data),
                ',"attributes":' || to_json(j.attributes))
    FROM event_relay.journal j JOIN event_relay.topic t ON t.id = j.topic_id
   WHERE j.position > p_after AND j.position <= p_until
     AND j.position <= (SELECT max(s.position)
                          FROM (SELECT b.position, sum(octet_length(b.data)) OVER (ORDER BY b.position)
                                                   - octet_length(b.data) AS bytes_before
                                  FROM event_relay.journal b
                                 WHERE b.position > p_after AND b.position <= p_until) s
                         WHERE s.bytes_before < p_bytes)
   ORDER BY j.position
$$;

-- Makes an empty journal ready for events from p_floor + 1 on. Returns false, with nothing changed, if it is not empty.
CREATE FUNCTION event_relay.begin_import(p_floor bigint, p_epochs json) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  child text;
BEGIN
  LOCK TABLE event_relay.append_lock IN EXCLUSIVE MODE;
  IF (SELECT x.head > 0 FROM event_relay.extent x) OR EXISTS (SELECT FROM event_relay.journal) THEN
    RETURN false;
  END IF;
  -- The relay's epoch of an empty journal names no event of anybody.
  DELETE FROM event_relay.epoch;
  INSERT INTO event_relay.epoch (epoch, first_position, system_identifier, timeline, reason, started_at)
    SELECT e.* FROM json_to_recordset(p_epochs) AS e (
      epoch int, first_position bigint, system_identifier bigint, timeline int, reason text, started_at timestamptz);
  IF p_floor > 0 THEN
    FOR child IN SELECT 'journal_' || lpad(p.first_position::text, 19, '0') FROM event_relay.partition p LOOP
      EXECUTE format('DROP TABLE event_relay.%I', child);
    END LOOP;
    DELETE FROM event_relay.partition;
    UPDATE event_relay.retention SET floor = p_floor;
  END IF;
  RETURN true;
END $$;

-- Stores events behind those that are there, as append() would have. Only between begin_import() and the commit.
CREATE FUNCTION event_relay.import_events(
  p_partition_events bigint, p_topics text[], p_times text[], p_types text[], p_data text[],
  p_attributes text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  base bigint := (SELECT x.head FROM event_relay.extent x);
BEGIN
  PERFORM event_relay.ensure_partitions(0, cardinality(p_data), p_partition_events);
  PERFORM event_relay.register_topics(p_topics);
  INSERT INTO event_relay.journal (position, topic_id, created_at, type, data, attributes)
    SELECT base + u.at, t.id, u.time::timestamptz, u.type, u.data, u.attributes
      FROM unnest(p_topics, p_times, p_types, p_data, p_attributes) WITH ORDINALITY
             AS u (topic, time, type, data, attributes, at)
      JOIN event_relay.topic t ON t.name = u.topic;
  INSERT INTO event_relay.batch (batch_id, epoch, base, events, created_at)
    SELECT gen_random_uuid(), max(e.epoch), base, cardinality(p_data), clock_timestamp() FROM event_relay.epoch e;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA event_relay FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA event_relay FROM PUBLIC;
