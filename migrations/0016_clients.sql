-- What the client that opened a session calls itself, such as "The lab"; empty where it said nothing. It says so itself: for
-- people to read, and no proof of anything.
alter table sessions add column client text not null default '';
