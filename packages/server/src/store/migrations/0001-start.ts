/**
 * The first tables. Entries are append-only by trigger; a run-time role that owns no table keeps
 * them so even from the server itself: migrate as the owner, then grant that role SELECT and INSERT
 * on `entry`, everything on the other tables and on the schema of the queue, and nothing else.
 * Frozen: see migrate.ts.
 */
import type { Migration } from '../migrate.ts'

export const start: Migration = {
  name: '0001-start',
  statements: [
    `create table head (
      id integer primary key check (id = 1),
      size bigint not null check (size >= 0),
      last_at bigint not null,
      access_seq bigint not null,
      policy_revision bigint not null,
      policy_document text
    )`,
    `insert into head (id, size, last_at, access_seq, policy_revision) values (1, 0, 0, -1, 0)`,
    `create table entry (
      seq bigint primary key check (seq >= 0),
      stream text not null,
      type text not null,
      at bigint not null,
      data bytea not null,
      leaf_hash bytea not null,
      mac bytea not null
    )`,
    `create index entry_by_stream on entry (stream, seq)`,
    `create function entry_is_append_only() returns trigger language plpgsql as $$
      begin raise exception 'entries are append-only'; end $$`,
    `create trigger entry_append_only before update or delete on entry
      for each row execute function entry_is_append_only()`,
    `create trigger entry_not_truncated before truncate on entry
      for each statement execute function entry_is_append_only()`,
    `create table change (
      id text primary key,
      workspace text not null,
      status text not null,
      requester_id text not null,
      artifact text not null,
      opened_seq bigint not null,
      last_seq bigint not null,
      due_at bigint,
      state json not null
    )`,
    `create index change_by_workspace on change (workspace, status)`,
    `create index change_by_status on change (status, opened_seq)`,
    `create index change_by_opening on change (opened_seq)`,
    `create index change_by_requester on change (requester_id, opened_seq)`,
    `create index change_by_artifact on change (workspace, artifact)`,
    `create table evidence (
      workspace text not null,
      digest text not null,
      size bigint not null,
      added_at bigint not null,
      primary key (workspace, digest)
    )`,
    `create table evidence_chunk (
      workspace text not null,
      digest text not null,
      part integer not null,
      bytes bytea not null,
      primary key (workspace, digest, part)
    )`,
    `create table text (digest text primary key, salt bytea, text bytea)`,
    `create table person_profile (
      person text primary key,
      digest text not null,
      salt bytea,
      handle text unique,
      profile bytea
    )`,
    `create table reservation (
      change text primary key,
      workspace text not null,
      actor text not null,
      at bigint not null
    )`,
    `create table heartbeat (change text primary key, beat bigint not null, at bigint not null)`,
    `create table checkpoint (
      origin text not null,
      size bigint not null,
      root bytea not null,
      note text not null,
      at bigint not null,
      primary key (origin, size)
    )`,
    `create table session (
      digest text primary key,
      person text not null,
      expires_at bigint not null
    )`,
  ],
}
