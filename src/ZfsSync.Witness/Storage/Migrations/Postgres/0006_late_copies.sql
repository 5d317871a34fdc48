-- A copy is late when what it lacks has waited for longer than the group's interval; summaries count these too.
alter table edges add column late_at bigint;
drop index edges_counts;
create index edges_counts on edges (group_id, state, reason, proven_created_at, decided_at, lag_seconds, late_at);
