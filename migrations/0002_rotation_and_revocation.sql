-- What a refresh needs to tell an honest repetition from theft, and how servers learn of revocations in their order.

-- The device whose request began the current generation, as a mark; empty at the first.
alter table sessions add column rotated_by text not null default '';
-- The latest generation of which an access token was seen in use: its holder did receive the answer.
alter table sessions add column received_generation bigint not null default 0;
-- How often a spent refresh token was answered with its successor again.
alter table sessions add column replays bigint not null default 0;
-- The latest expiry among its access tokens. Until then memory must know that the session ended.
alter table sessions add column access_expires_at bigint not null default 0;

update sessions set access_expires_at = tokens_expire_at;

-- Clean-up asks for what is over for good.
create index sessions_expires on sessions (expires_at);

-- Everything that verification must refuse before its time, in the order of commit: who takes a number holds the
-- counter's row until the commit, so a reader that has seen a number has seen all before it.
create table revocations (
    seq bigint primary key,
    -- session, token, user or everyone.
    kind text not null,
    -- The session's id, the token's jti, the user's number, or nothing.
    subject text not null,
    -- session and token: when the last access token concerned expires. user and everyone: tokens issued until then
    -- are refused (user: only those of other issuers, which have no session).
    value bigint not null
);

create index revocations_value on revocations (value);

-- 'tokens_valid_after': every token issued until then is refused, whoever it speaks for.
-- 'tide': raised while anything changes; by it an older copy of the database is told from this one.
-- 'database': a random number, once there is one; by it two databases are told apart.
insert into counters (name, value)
values ('revocations', 0), ('tokens_valid_after', 0), ('tide', 0), ('database', 0);

insert into revocations (seq, kind, subject, value)
select row_number() over (order by ended_at, id), 'session', id, tokens_expire_at
from sessions where ended_at is not null;

insert into revocations (seq, kind, subject, value)
select (select count(*) from sessions where ended_at is not null) + row_number() over (order by t.id),
       'token', t.jti, t.expires_at
from blacklisted_tokens b
join outstanding_tokens t on t.id = b.token_id
join sessions s on s.id = t.session_id
where t.token_type = 'access' and s.ended_at is null and b.reason <> 'rotated';

insert into revocations (seq, kind, subject, value)
select (select count(*) from revocations) + row_number() over (order by id), 'user', cast(id as text),
       tokens_valid_after
from users where tokens_valid_after > 0;

update counters set value = (select count(*) from revocations) where name = 'revocations';

-- Servers no longer ask by time: clocks differ, and go back.
drop index sessions_ended;
drop index blacklisted_tokens_revoked;
