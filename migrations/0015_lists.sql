-- Tokens that were revoked stand among all that were ever spent; the list of outstanding tokens walks along them in its order.
create index blacklisted_tokens_revoked_by_token on blacklisted_tokens (token_id) where reason <> 'rotated';
