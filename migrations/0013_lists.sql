-- What the admin's lists of users and of events are cut by.

-- Users who were taken over from elsewhere joined before their number was handed out here.
create index users_joined on users (date_joined, id);
-- Rare among many, and looked for without a user in mind.
create index events_noticed on events (id) where notice;
