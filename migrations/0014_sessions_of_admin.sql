-- A session of the admin is told by having no access tokens. Those that were adopted with another issuer's refresh token had
-- none either until they were refreshed; theirs count as over when they were opened.
update sessions set access_expires_at = opened_at
where access_expires_at = 0
  and not exists (select 1 from outstanding_tokens t where t.session_id = sessions.id and t.token_type = 'admin');

-- Rare among many.
create index sessions_of_admin on sessions (id) where access_expires_at = 0;
