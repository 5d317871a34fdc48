-- Summaries count without reading rows, and the first page finds the worst edges at once.
create index edges_counts on edges (group_id, state, reason, proven_created_at, decided_at, lag_seconds);
create index edges_worst on edges (state, lag_seconds);
