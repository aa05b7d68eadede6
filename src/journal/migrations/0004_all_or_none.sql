-- For a batch that one publisher sent whole, each event with a key: repeated as it was it gets its first answer, and
-- nothing of it is stored if any key stands for another event or only some are known.
CREATE FUNCTION event_relay.append_all_or_none(
  p_epoch int, p_batch uuid, p_topics int[], p_types text[], p_keys text[], p_data text[],
  OUT epoch int, OUT base bigint, OUT repeated int[], OUT original bigint[], OUT same boolean[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  SELECT a.* INTO epoch, base, repeated, original, same
    FROM event_relay.append(p_epoch, p_batch, p_topics, p_types, p_keys, p_data) a;
  IF cardinality(repeated) < cardinality(p_data) OR false = ANY (same) THEN
    RAISE EXCEPTION 'a key of the batch stands for another event' USING ERRCODE = 'RJ002';
  END IF;
END $$;

REVOKE ALL ON FUNCTION event_relay.append_all_or_none FROM PUBLIC;
