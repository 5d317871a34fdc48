-- What only grows is pruned by age.
create index vanished_snapshots_at on vanished_snapshots (vanished_at);
