#!/bin/sh
# Run once by the image of PostgreSQL, when its volume is empty. Each service has a role of its own, and no more rights than
# it needs. The tables of the reservations are in the relay's database, so that one transaction can store and publish; the
# loans are elsewhere, as lending knows the relay by its HTTP alone.
set -eu
psql -X -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres \
  -v relay="$RELAY_PASSWORD" -v reservation="$RESERVATION_PASSWORD" -v lending="$LENDING_PASSWORD" <<'END'
CREATE ROLE relay LOGIN PASSWORD :'relay';
CREATE ROLE reservation LOGIN PASSWORD :'reservation';
CREATE ROLE lending LOGIN PASSWORD :'lending';

CREATE DATABASE lending OWNER lending;
CREATE DATABASE shop;
REVOKE ALL ON DATABASE shop, lending FROM PUBLIC;
GRANT CONNECT ON DATABASE shop TO relay, reservation;
GRANT CREATE ON DATABASE shop TO relay;  -- for the schema event_relay, which the relay makes when it starts
\connect shop
CREATE SCHEMA AUTHORIZATION reservation;
\connect lending
CREATE SCHEMA AUTHORIZATION lending;
END
