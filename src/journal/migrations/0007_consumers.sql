-- Readers whose place the journal keeps. A row is updated by each acknowledgement, so there is room for the next version
-- of it on its page, and dead ones are removed soon.
CREATE TABLE event_relay.consumer (
  name       text        COLLATE "C" PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9._:-]{1,128}$'),
  epoch      int         NOT NULL,  -- with the position: everything up to here was acknowledged
  position   bigint      NOT NULL,
  reader     bigint      NOT NULL,  -- number of the claim that reads now; those with an older one have been superseded
  created_at timestamptz NOT NULL DEFAULT now(),
  acked_at   timestamptz NOT NULL DEFAULT now()  -- when the cursor was last moved
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Goes on when a consumer is removed and made again, so that no reader of the old one takes itself for the new one's.
CREATE SEQUENCE event_relay.consumer_claim;

CREATE FUNCTION event_relay.claim_consumer(p_name text, p_epoch int, p_position bigint)
RETURNS SETOF event_relay.consumer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO event_relay.consumer (name, epoch, position, reader)
    VALUES (p_name, p_epoch, p_position, nextval('event_relay.consumer_claim'))
    ON CONFLICT (name) DO UPDATE SET reader = excluded.reader
    RETURNING *
$$;

-- Forwards only: an acknowledgement that was overtaken by a later one changes nothing. A later epoch is always ahead,
-- as its ids are given to nobody who has not been told of it.
CREATE FUNCTION event_relay.acknowledge(p_name text, p_epoch int, p_position bigint) RETURNS SETOF event_relay.consumer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE event_relay.consumer c SET epoch = p_epoch, position = p_position, acked_at = clock_timestamp()
   WHERE c.name = p_name AND (c.epoch, c.position) < (p_epoch, p_position);
  SELECT c.* FROM event_relay.consumer c WHERE c.name = p_name
$$;

CREATE FUNCTION event_relay.reset_consumer(p_name text, p_epoch int, p_position bigint)
RETURNS SETOF event_relay.consumer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE event_relay.consumer c
     SET epoch = p_epoch, position = p_position, acked_at = clock_timestamp(), reader = nextval('event_relay.consumer_claim')
   WHERE c.name = p_name
  RETURNING c.*
$$;

CREATE FUNCTION event_relay.remove_consumer(p_name text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  WITH removed AS (DELETE FROM event_relay.consumer c WHERE c.name = p_name RETURNING 1)
  SELECT EXISTS (SELECT FROM removed)
$$;

-- As before, and not past what a consumer has yet to acknowledge, unless p_overtake.
CREATE FUNCTION event_relay.expire(p_max_age interval, p_max_events bigint, p_max_bytes bigint, p_overtake boolean)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
AS $$
DECLARE
  extent record;
  one record;
  bytes bigint := 0;
  slowest bigint;
BEGIN
  LOCK TABLE event_relay.retention IN SHARE ROW EXCLUSIVE MODE;
  -- A claim that is made meanwhile gets a place above the floor that was; it may be told of a gap, as any reader is.
  IF NOT p_overtake THEN
    SELECT min(c.position) INTO slowest FROM event_relay.consumer c;
  END IF;
  SELECT x.floor, x.head INTO extent FROM event_relay.extent x;
  FOR one IN
    SELECT p.last_position, format('event_relay.%I', 'journal_' || lpad(p.first_position::text, 19, '0')) AS child
      FROM event_relay.partition p
     WHERE p.last_position > extent.floor AND p.first_position <= extent.head ORDER BY p.first_position DESC
  LOOP
    bytes := bytes + pg_total_relation_size(one.child::regclass);
    CONTINUE WHEN one.last_position >= extent.head OR one.last_position > slowest;
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

REVOKE ALL ON ALL TABLES IN SCHEMA event_relay FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA event_relay FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA event_relay FROM PUBLIC;
