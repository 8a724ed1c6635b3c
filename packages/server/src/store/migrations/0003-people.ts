/**
 * Sign-ins, passkeys and what is begun and not finished yet. All of it can be lost without a trace in
 * what was decided: keys, people and decisions are entries of the log.
 * Frozen: see migrate.ts.
 */
import type { Migration } from '../migrate.ts'

export const people: Migration = {
  name: '0003-people',
  statements: [
    `drop table session`,
    `create table session (
      digest text primary key,
      person text not null,
      method text not null,
      started_at bigint not null,
      seen_at bigint not null,
      expires_at bigint not null,
      agent text not null
    )`,
    `create index session_by_person on session (person)`,
    `create table ceremony (
      nonce text primary key,
      purpose text not null,
      person text,
      statement text not null,
      answer text,
      expires_at bigint not null
    )`,
    `create table credential (
      key text primary key,
      credential text not null unique,
      person text not null,
      transports text not null,
      label text not null,
      added_at bigint not null,
      used_at bigint
    )`,
    `create table invite (
      invite_key text primary key,
      person text not null,
      signed text not null,
      key text not null,
      expires_at bigint not null
    )`,
    `create table device_login (
      device_digest text primary key,
      user_code text not null unique,
      name text not null,
      person text,
      state text not null,
      polled_at bigint,
      expires_at bigint not null
    )`,
    `create table directory_user (
      id text primary key,
      external_id text not null unique,
      user_name text not null unique,
      name text not null,
      person text not null
    )`,
    `create table directory_group (
      id text primary key,
      external_id text unique,
      name text not null,
      members text not null
    )`,
    `create table first_link (
      digest text primary key,
      expires_at bigint not null
    )`,
  ],
}
