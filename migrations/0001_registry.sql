-- The registry: users, their sessions and every token that was issued.
-- One text for SQLite and PostgreSQL. Times are unix seconds; booleans are booleans; ids of sessions are UUIDv7
-- texts. A row of a session is the lock under which everything that changes the session happens.

-- Numbers that are handed out once and never again, even after the row that carried one was deleted:
-- a token may outlive its user, and must not come to speak for the next one.
create table counters (
    name text primary key,
    value bigint not null
);

insert into counters (name, value) values ('users', 0);

create table users (
    id bigint primary key,
    username text not null unique,
    -- The name in lower case: "Alice" and "alice" are not two people.
    username_folded text not null unique,
    -- Empty where unknown.
    email text not null,
    email_folded text not null,
    -- A PHC string; it names its own parameters, so they can change over time.
    password text not null,
    -- False: may not log in, and has no live session.
    is_active boolean not null,
    -- May see the admin and revoke there.
    is_staff boolean not null,
    -- May do everything; implies is_staff.
    is_superuser boolean not null,
    date_joined bigint not null,
    last_login bigint,
    -- Tokens of another issuer, which carry no session to end, count only when they were issued after this:
    -- the last time all sessions of the user were ended.
    tokens_valid_after bigint not null
);

create unique index users_email on users (email_folded) where email_folded <> '';

-- One login and all tokens that descend from it.
create table sessions (
    id text primary key,
    -- Empty when the user was deleted, or when the token that opened the session names nobody known here.
    user_id bigint references users (id) on delete set null,
    opened_at bigint not null,
    -- The last time tokens were issued in it.
    last_seen_at bigint not null,
    -- How often the refresh token was rotated; the current refresh token carries this number.
    generation bigint not null,
    -- When the current generation began: the commit of the rotation.
    rotated_at bigint not null,
    -- Absolute end. Never moved.
    expires_at bigint not null,
    -- The latest expiry among its tokens. Until then an ended session must be remembered.
    tokens_expire_at bigint not null,
    -- Set once, never cleared. A session is live while this is empty.
    ended_at bigint,
    -- logout, admin, reuse, password, user_disabled, expired or anomaly.
    end_reason text,
    -- The name of who ended it, and their words for it.
    ended_by text,
    end_note text
);

create index sessions_user on sessions (user_id, ended_at);
-- Servers ask again and again what ended lately.
create index sessions_ended on sessions (ended_at) where ended_at is not null;

-- Every token that was issued or taken over. The token itself is never stored.
create table outstanding_tokens (
    -- Allotted by the application in order of issue.
    id bigint primary key,
    jti text not null unique,
    -- SHA-256 of the compact form, lower-case hexadecimal.
    sha256 text not null,
    -- access, refresh or admin.
    token_type text not null,
    user_id bigint references users (id) on delete set null,
    session_id text not null references sessions (id),
    -- The refresh token it was issued for; empty for the first tokens of a session.
    parent_id bigint,
    generation bigint not null,
    created_at bigint not null,
    expires_at bigint not null,
    -- Where the request that issued it came from.
    ip text not null,
    user_agent text not null
);

create index outstanding_tokens_session on outstanding_tokens (session_id, id);
create index outstanding_tokens_user on outstanding_tokens (user_id, id);
create index outstanding_tokens_expires on outstanding_tokens (expires_at);

-- Tokens that must not be used again before their time. There is no way back out of this table but expiry.
create table blacklisted_tokens (
    token_id bigint primary key references outstanding_tokens (id),
    blacklisted_at bigint not null,
    -- rotated, or one of the reasons a session ends for.
    reason text not null,
    -- Empty where the server acted by itself.
    actor text,
    note text
);

create index blacklisted_tokens_at on blacklisted_tokens (blacklisted_at, token_id);
-- Servers ask for these only: spent refresh tokens are many, and known by their generation.
create index blacklisted_tokens_revoked on blacklisted_tokens (blacklisted_at) where reason <> 'rotated';
