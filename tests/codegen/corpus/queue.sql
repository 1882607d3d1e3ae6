-- A job queue: json, intervals, partial indexes, generated columns, application times.
CREATE TYPE job_state AS ENUM ('waiting', 'running', 'done', 'failed');
CREATE TABLE jobs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, queue text NOT NULL DEFAULT 'default', payload json NOT NULL, result jsonb, state job_state NOT NULL DEFAULT 'waiting',
  run_at timestamptz NOT NULL DEFAULT now(), timeout interval NOT NULL DEFAULT '5 minutes', attempts smallint NOT NULL DEFAULT 0, errors text[] NOT NULL DEFAULT '{}',
  deadline timestamptz, is_final bool GENERATED ALWAYS AS (state IN ('done', 'failed')) STORED
);
CREATE UNIQUE INDEX one_running ON jobs (queue) WHERE state = 'running';
CREATE TABLE job_dependencies (job_id bigint REFERENCES jobs, needs_job_id bigint REFERENCES jobs, PRIMARY KEY (job_id, needs_job_id));
