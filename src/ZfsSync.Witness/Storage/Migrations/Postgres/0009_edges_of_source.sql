-- A claim asks what other edges of the same source dataset have as their newest common point.
drop index edges_source;
create index edges_source on edges (source_system_id, source_dataset);
