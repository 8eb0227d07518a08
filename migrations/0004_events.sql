-- What happened: the audit trail. Rows are added, in the transaction of what they tell of, and never changed. Nothing in
-- it refers to other tables: it outlives users and sessions. There is never a token or a password in it.
create table events (
    -- Allotted by the application in order of time.
    id bigint primary key,
    at bigint not null,
    -- A name of the OWASP logging vocabulary, such as authn_login_success; where that has none, one in its manner.
    kind text not null,
    -- Whom it concerns. The name is kept because users are deleted; it is empty for a name that nobody has, because
    -- people type passwords into the wrong field.
    user_id bigint,
    username text,
    session_id text,
    -- The name of who did it, where that is not the user.
    actor text,
    -- Where the request came from. The network is the /24 of an IPv4 address, the /64 of an IPv6 address.
    ip text not null,
    network text not null,
    user_agent text not null,
    -- What else is to be known, in words.
    detail text,
    -- The user is to see it at their sessions.
    notice boolean not null
);

create index events_user on events (user_id, id);
create index events_session on events (session_id, id) where session_id is not null;
create index events_kind on events (kind, id);

-- Events that are still to be sent to the webhook. A row is added with its event and removed when it was taken.
create table webhook_deliveries (
    event_id bigint primary key references events (id) on delete cascade,
    -- How often it was tried.
    attempts bigint not null,
    -- When to try next; a node that tries moves it forward first, so that no other does.
    next_at bigint not null,
    -- What went wrong last.
    last_error text
);

create index webhook_deliveries_next on webhook_deliveries (next_at, event_id);
