-- The journal in one file: events numbered 1, 2, 3, ... without holes in the order of their commits. Times are
-- microseconds since 1970.

CREATE TABLE topic (
  id   INTEGER PRIMARY KEY,
  name TEXT    NOT NULL UNIQUE
) STRICT;

-- Every history this journal went through. A position is only meaningful together with its epoch.
CREATE TABLE epoch (
  epoch          INTEGER PRIMARY KEY,
  first_position INTEGER NOT NULL,
  reason         TEXT    NOT NULL,
  started_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE state (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  floor  INTEGER NOT NULL,  -- highest position that retention removed
  claims INTEGER NOT NULL   -- of consumers; goes on when one is removed and made again
) STRICT;
INSERT INTO state VALUES (1, 0, 0);

-- The position is the row's number, so events lie in the file in their order and need no index.
CREATE TABLE journal (
  position   INTEGER PRIMARY KEY,
  topic_id   INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  type       TEXT,
  data       TEXT    NOT NULL,
  attributes TEXT
) STRICT;

-- Keys are forgotten long before events are.
CREATE TABLE dedupe (
  topic_id   INTEGER NOT NULL,
  key        TEXT    NOT NULL,
  position   INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (topic_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX dedupe_age ON dedupe (created_at);

-- The answer given to each recent append, for a caller that did not get it.
CREATE TABLE batch (
  batch_id   BLOB    PRIMARY KEY NOT NULL,
  epoch      INTEGER NOT NULL,
  base       INTEGER NOT NULL,  -- position before the batch's first new event
  events     INTEGER NOT NULL,
  head       INTEGER NOT NULL,  -- position of its last new event; the base when it had none
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_age ON batch (created_at);

-- The events of a batch whose key was known.
CREATE TABLE repetition (
  batch_id BLOB    NOT NULL REFERENCES batch ON DELETE CASCADE,
  at       INTEGER NOT NULL,  -- in the batch, from 0
  original INTEGER NOT NULL,  -- the position that the key stands for,
  same     INTEGER NOT NULL,  -- and whether type and data are those of then
  PRIMARY KEY (batch_id, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE consumer (
  name       TEXT    PRIMARY KEY NOT NULL,
  epoch      INTEGER NOT NULL,  -- with the position: everything up to here was acknowledged
  position   INTEGER NOT NULL,
  reader     INTEGER NOT NULL,  -- number of the claim that reads now
  created_at INTEGER NOT NULL,
  acked_at   INTEGER NOT NULL   -- when the cursor was last moved
) STRICT, WITHOUT ROWID;
