-- What the admin's lists are cut, sorted and filtered by.

-- When whoever works in a session of the admin last gave their password in it; nought in every other session.
alter table sessions add column confirmed_at bigint not null default 0;

-- The number of the network in `network`, in the order of addresses, so that a block of addresses is a range. Null until
-- a row of before is numbered.
alter table session_addresses add column network_number bigint;
alter table events add column network_number bigint;

create index session_addresses_number on session_addresses (network_number, session_id);
create index events_number on events (network_number, id);
create index events_actor on events (actor, id) where actor is not null;

create index sessions_of_user on sessions (user_id, id);
drop index sessions_device;
create index sessions_of_device on sessions (device_id, id) where device_id is not null;
create index sessions_ended on sessions (ended_at, id) where ended_at is not null;
create index sessions_end_reason on sessions (end_reason, id) where end_reason is not null;

-- Rare among many.
create index outstanding_tokens_admin on outstanding_tokens (id) where token_type = 'admin';
create index blacklisted_tokens_revoked on blacklisted_tokens (blacklisted_at, token_id) where reason <> 'rotated';
create index users_staff on users (id) where is_staff;
create index users_shut_out on users (id) where not is_active;

create index devices_last_seen on devices (last_seen_at, id);
