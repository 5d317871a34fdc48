-- An agent found files in a target that its size says is empty.
alter table edges add column target_has_files boolean not null default false;
