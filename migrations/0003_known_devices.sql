-- From where users logged in before. Such a device is not throttled for what strangers try on its user's account.
create table known_devices (
    user_id bigint not null references users (id) on delete cascade,
    -- SHA-256 over the network (/24 of an IPv4 address, /64 of an IPv6 address) and the User-Agent, lower-case
    -- hexadecimal.
    mark text not null,
    first_seen_at bigint not null,
    -- The last login; a refresh does not count.
    last_seen_at bigint not null,
    primary key (user_id, mark)
);
