-- A store of version 1, as version 1 made it. Never changed. {s} is the name of its schema.
CREATE SCHEMA {s};
CREATE TABLE {s}.meta (
    only_row boolean DEFAULT true NOT NULL,
    first_sequence bigint NOT NULL,
    last_sequence bigint NOT NULL,
    changes bigint NOT NULL,
    checksum bytea NOT NULL,
    CONSTRAINT meta_only_row_check CHECK (only_row)
);
CREATE TABLE {s}.operation (
    sequence bigint NOT NULL,
    operation_id uuid NOT NULL,
    queue text NOT NULL,
    stage text NOT NULL,
    parked boolean NOT NULL,
    revision bigint NOT NULL,
    changed_unix_ms bigint NOT NULL,
    details text NOT NULL,
    body bytea,
    answer bytea,
    checksum bytea NOT NULL,
    holder uuid,
    lease_until timestamp with time zone
);
CREATE TABLE {s}.version (
    only_row boolean DEFAULT true NOT NULL,
    version integer NOT NULL,
    CONSTRAINT version_only_row_check CHECK (only_row)
);
INSERT INTO {s}.meta VALUES (true, 3, 4, 5, '\x3645d0c5115b53c5feaeb85a8d27b8b833e271d9c7be888bc83ef61929210d95');
INSERT INTO {s}.operation VALUES (3, '00000000-0000-0000-0000-000000000001', 'till', 'final', false, 2, 1700000000000, '{"number":1}', '\x7b2266745265636569707443617365223a317d', '\x00ff', '\xf7a3c7430b1ee7b233a76724bbcec439dfcee886cb6cab5a2f0210758b1390dd', NULL, NULL);
INSERT INTO {s}.operation VALUES (4, '00000000-0000-0000-0000-000000000002', 'till', 'send-started', true, 1, 1700000000000, '{"number":2}', NULL, NULL, '\x197a0356cc5b6b5dbc83cf3d1790fa9c02ded453db64dea82ce742eb381ad306', NULL, NULL);
INSERT INTO {s}.version VALUES (true, 1);
ALTER TABLE ONLY {s}.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY {s}.operation
    ADD CONSTRAINT operation_operation_id_key UNIQUE (operation_id);
ALTER TABLE ONLY {s}.operation
    ADD CONSTRAINT operation_pkey PRIMARY KEY (sequence);
ALTER TABLE ONLY {s}.version
    ADD CONSTRAINT version_pkey PRIMARY KEY (only_row);
CREATE INDEX operation_ended ON {s}.operation USING btree (changed_unix_ms) WHERE (stage = ANY (ARRAY['acknowledged'::text, 'abandoned'::text, 'replaced'::text]));
CREATE INDEX operation_held ON {s}.operation USING btree (holder) WHERE (holder IS NOT NULL);
CREATE INDEX operation_open ON {s}.operation USING btree (queue, sequence) WHERE (stage = ANY (ARRAY['prepared'::text, 'send-started'::text, 'unknown'::text]));
CREATE INDEX operation_untaken ON {s}.operation USING btree (queue, sequence) WHERE (stage = 'final'::text);
