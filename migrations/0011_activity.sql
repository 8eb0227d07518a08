-- How much happened, an hour at a time: what the admin's overview draws. Statistics, not the audit trail: servers count in
-- memory and add to this every few seconds, and a crash loses what was counted since.

create table activity (
    -- Whole hours since 1970-01-01T00:00Z.
    hour bigint not null,
    -- logins, failed_logins, refreshes or reuse. A row of nought says that somebody counted in that hour.
    what text not null,
    count bigint not null,
    primary key (hour, what)
);
