-- What a revocation ended, and what it met.

-- The warrant a session was ended by; empty where it ended otherwise, and in sessions that ended before this was written.
alter table sessions add column warrant_id bigint;
create index sessions_of_warrant on sessions (warrant_id, id) where warrant_id is not null;

-- How many access tokens, and how many others, were alive when it was decided; where not all were counted, at least so many.
-- Empty in warrants of before, and in those of an access token alone.
alter table warrants add column alive_access bigint;
alter table warrants add column is_more_access boolean not null default false;
alter table warrants add column alive_others bigint;
alter table warrants add column is_more_others boolean not null default false;
