-- What a snapshot differs by from the one before it: the expected size of an increment.
alter table snapshots add column written bigint;
