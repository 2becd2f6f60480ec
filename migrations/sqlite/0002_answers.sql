-- A program's repeat of a request: what the first one sent, and what it was answered.
-- Both stay empty for form tokens; the answer also where it is lost, large or secret.
alter table once_keys add column fingerprint text;
alter table once_keys add column answer text;
