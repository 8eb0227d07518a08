-- Access tokens that fell alone are looked up by name while memory can not be trusted.
create index revocations_token on revocations (subject) where kind = 'token';

-- What users see at their sessions stands among all that ever happened to them.
create index events_notices on events (user_id, id) where notice;
