-- What a token carries of its user's password where CHECK_REVOKE_TOKEN is on.

-- Another random text each time the password changes; nothing of the password or of its hash. Empty until the first
-- change. A new hash of the same password is no change.
alter table users add column password_mark text not null default '';
