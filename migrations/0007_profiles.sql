-- What users say of themselves. Empty where they say nothing.
alter table users add column bio text;
-- The address of a picture, as they wrote it.
alter table users add column image text;
