-- What a service needs to publish in its own transactions. Given by the relay's role, which owns the schema, as soon as the
-- relay has made it; and again after each start, as a new version of the relay may have replaced the functions.
GRANT USAGE ON SCHEMA event_relay TO reservation;
GRANT EXECUTE ON FUNCTION event_relay.publish(text, text, text, text), event_relay.publish(text, text, json, text),
                          event_relay.publish(text, text, jsonb, text) TO reservation;
