-- Retention: whole partitions go, so that nothing is left to vacuum. The floor is moved first, by a commit of its own;
-- then the partitions below it are detached, which cannot be done inside a function, and dropped.

-- As before, and says how large the partitions are to be that are made from now on; 0: as large as ever.
CREATE FUNCTION event_relay.ensure_partitions(p_ahead int, p_rows bigint, p_size bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
AS $$
BEGIN
  LOCK TABLE event_relay.retention IN SHARE ROW EXCLUSIVE MODE;  -- first: raised after the UPDATE, two would deadlock
  IF p_size > 0 THEN
    UPDATE event_relay.retention r SET partition_rows = p_size WHERE r.partition_rows <> p_size;
  END IF;
  RETURN event_relay.ensure_partitions(p_ahead, p_rows);
END $$;

-- Moves the floor to the end of the newest partition that is too old, or with which the newer ones would be too many
-- events or bytes; 0 and an empty interval: no limit. The partition with the head always stays. Returns the floor.
CREATE FUNCTION event_relay.expire(p_max_age interval, p_max_events bigint, p_max_bytes bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
AS $$
DECLARE
  extent record;
  one record;
  bytes bigint := 0;
BEGIN
  LOCK TABLE event_relay.retention IN SHARE ROW EXCLUSIVE MODE;
  SELECT x.floor, x.head INTO extent FROM event_relay.extent x;
  FOR one IN
    SELECT p.last_position, format('event_relay.%I', 'journal_' || lpad(p.first_position::text, 19, '0')) AS child
      FROM event_relay.partition p
     WHERE p.last_position > extent.floor AND p.first_position <= extent.head ORDER BY p.first_position DESC
  LOOP
    bytes := bytes + pg_total_relation_size(one.child::regclass);
    CONTINUE WHEN one.last_position >= extent.head;
    IF (p_max_events > 0 AND extent.head - one.last_position >= p_max_events)
       OR (p_max_bytes > 0 AND bytes > p_max_bytes)
       OR (p_max_age > interval '0' AND clock_timestamp() - p_max_age >
             (SELECT j.created_at FROM event_relay.journal j WHERE j.position = one.last_position)) THEN
      UPDATE event_relay.retention SET floor = one.last_position;
      RETURN one.last_position;
    END IF;
  END LOOP;
  RETURN extent.floor;
END $$;

-- What is to be detached (attached is true; detaching too, if somebody began it and did not come to the end) and dropped.
CREATE VIEW event_relay.expired_partition AS
  SELECT p.first_position, 'event_relay.' || quote_ident(c.relname) AS child, i.inhrelid IS NOT NULL AS attached,
         coalesce(i.inhdetachpending, false) AS detaching
    FROM event_relay.partition p
    JOIN event_relay.retention r ON p.last_position <= r.floor
    LEFT JOIN pg_class c ON c.relnamespace = 'event_relay'::regnamespace
                        AND c.relname = 'journal_' || lpad(p.first_position::text, 19, '0')
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid;

CREATE FUNCTION event_relay.drop_expired_partition(p_first bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  expired event_relay.expired_partition;
BEGIN
  SELECT * INTO expired FROM event_relay.expired_partition e WHERE e.first_position = p_first;
  IF NOT FOUND OR expired.attached THEN
    RAISE EXCEPTION 'the partition from % on is not to be dropped', p_first;
  END IF;
  IF expired.child IS NOT NULL THEN
    EXECUTE 'DROP TABLE ' || expired.child;
  END IF;
  DELETE FROM event_relay.partition p WHERE p.first_position = p_first;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA event_relay FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA event_relay FROM PUBLIC;
