-- API tokens, as those of Django REST framework: one a user, sent with every request, good until it is reset.
create table api_tokens (
    user_id bigint primary key references users (id) on delete cascade,
    -- 32 hexadecimal digits. The token is made of this, the user's number and the server's signing secret, so that every
    -- login is answered with the same one although it is not stored.
    salt text not null,
    -- SHA-256 of the token, lower-case hexadecimal.
    sha256 text not null unique,
    created_at bigint not null,
    -- The last time it was used, to about a minute; null while it was not.
    last_used_at bigint
);
