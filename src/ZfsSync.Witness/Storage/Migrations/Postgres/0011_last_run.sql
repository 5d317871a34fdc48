-- Planning asks for the last run of an edge that was called done, of which an edge may have had thousands.
create index instructions_done on instructions (edge_id, outcome_at) where state = 'done';
