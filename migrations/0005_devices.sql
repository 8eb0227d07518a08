-- What sessions are opened on, and from where they are used.

create table devices (
    -- A UUIDv7.
    id text primary key,
    user_id bigint not null references users (id) on delete cascade,
    -- By what it is told from the user's other devices: SHA-256 over browser, operating system, kind and the model its
    -- User-Agent names, without versions, so that an update does not make it a new one. Lower-case hexadecimal.
    mark text not null,
    -- The user's own word for it; empty at first.
    name text not null,
    -- As they were last seen; empty where unknown.
    browser text not null,
    browser_version text not null,
    os text not null,
    os_version text not null,
    model text not null,
    -- desktop, phone, tablet, tv, bot, program or unknown.
    kind text not null,
    first_seen_at bigint not null,
    last_seen_at bigint not null,
    unique (user_id, mark)
);

-- Empty for sessions of before, and when the user was deleted.
alter table sessions add column device_id text references devices (id) on delete set null;
-- The address tokens were last issued to, and its network: /24 of an IPv4 address, /64 of an IPv6 address.
alter table sessions add column ip text not null default '';
alter table sessions add column network text not null default '';
-- When they were. Not last_seen_at, which access tokens move, too, wherever they are used.
alter table sessions add column network_at bigint not null default 0;
-- The present run of moves between networks of one kind: the last refresh before its first, the network the last one
-- left, and how many there were. A, B, A, B are three. Nought and empty until the session moves.
alter table sessions add column moved_at bigint not null default 0;
alter table sessions add column moved_from text not null default '';
alter table sessions add column moves bigint not null default 0;

create index sessions_device on sessions (device_id) where device_id is not null;

-- Where a session was used from, which moves its last_seen_at and its device's, too: one row a network, written a little later than it happened.
create table session_addresses (
    session_id text not null references sessions (id) on delete cascade,
    network text not null,
    -- The latest address in it.
    ip text not null,
    -- Two letters (ISO 3166-1), where a database of countries is configured; else empty.
    country text not null,
    first_seen_at bigint not null,
    last_seen_at bigint not null,
    primary key (session_id, network)
);
