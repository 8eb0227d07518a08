-- What members of staff had revoked in the admin, and how far it is. Few sessions end in the transaction that adds the
-- row; many end in batches, each of which moves the row in its own transaction, so that a server that stops half-way, or
-- another one, goes on where the last batch ended.
create table warrants (
    -- Allotted by the application in order of time.
    id bigint primary key,
    begun_at bigint not null,
    -- The name of who asked for it, and their words for it.
    actor text not null,
    note text not null,
    -- Where they did it.
    ip text not null,
    user_agent text not null,
    -- What was to be revoked, as JSON: a token, a session, a user, a device, a filter or everyone.
    target text not null,
    -- The session they worked in, where it was to live on; else empty.
    spared text not null,
    -- No session with a greater id ends: it was opened later. Empty where that is said by the target.
    last_id text not null,
    -- How many sessions there were to end when it was asked for; where not all were counted, at least so many.
    expected bigint not null,
    is_more_expected boolean not null,
    -- Batches go from later sessions to earlier ones; the place the last one ended at. Empty before the first.
    position text not null,
    -- How many sessions it ended.
    ended bigint not null,
    -- How many users those were of; empty where nobody counted.
    users bigint,
    finished_at bigint,
    -- Until then somebody is at it, and nobody else.
    claimed_until bigint not null
);

create index warrants_unfinished on warrants (id) where finished_at is null;

-- Those that can be ended stand among all that ever were.
create index sessions_open on sessions (id) where ended_at is null;
