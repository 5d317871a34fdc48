-- document holds the group without its members, which have rows of their own.
create table sync_groups (
    id text primary key,
    name text not null,
    hub_system_id text references systems (id) on delete set null,
    document text not null,
    revision bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index sync_groups_name on sync_groups (lower(name));

create table group_members (
    group_id text not null references sync_groups (id) on delete cascade,
    position integer not null,
    system_id text not null references systems (id) on delete cascade,
    role text not null,
    root text,
    primary key (group_id, position)
);
create index group_members_system on group_members (system_id);

-- One logical dataset from one place to another: the last decision, and what is remembered between decisions.
create table edges (
    id text primary key,
    group_id text not null references sync_groups (id) on delete cascade,
    logical_dataset text not null,
    parent_dataset text,
    source_system_id text not null references systems (id) on delete cascade,
    source_root text not null,
    source_dataset text not null,
    target_system_id text not null references systems (id) on delete cascade,
    target_root text not null,
    target_dataset text not null,
    state text not null,
    decision text not null,
    reason text,
    conflict text,
    document text not null,
    lag_snapshots integer not null,
    lag_seconds bigint,
    proven_guid bigint,
    proven_name text,
    proven_created_at bigint,
    last_in_sync_at bigint,
    matched_by_name boolean not null,
    pinned text,
    failures integer not null,
    last_error text,
    retry_at bigint,
    raw_lineage_broken boolean not null,
    due_at bigint,
    decided_at bigint not null,
    version bigint not null
);
create index edges_unit on edges (group_id, logical_dataset);
create index edges_source on edges (source_system_id);
create index edges_target on edges (target_system_id);
create index edges_due on edges (due_at) where due_at is not null;
create index edges_waiting on edges (group_id, parent_dataset) where reason = 'waits_for_parent';

-- The history of runs outlives edges and groups, so nothing here refers to them by key.
create table instructions (
    id text primary key,
    edge_id text not null,
    group_id text not null,
    executor_system_id text not null,
    target_system_id text not null,
    target_dataset text not null,
    kind text not null,
    state text not null,
    plan_key text not null,
    document text not null,
    lease_id text,
    agent_id text,
    lease_ends_at bigint,
    stop_requested boolean not null default false,
    step integer not null default 0,
    bytes bigint not null default 0,
    proven boolean,
    error_kind text,
    error_text text,
    arrived_guid bigint,
    created_at bigint not null,
    started_at bigint,
    finished_at bigint,
    outcome_at bigint
);
-- Never two at once for one edge, and never two that receive into one dataset.
create unique index instructions_open on instructions (edge_id) where state in ('pending', 'leased');
create unique index instructions_receiving on instructions (target_system_id, target_dataset) where state = 'leased';
create index instructions_executor on instructions (executor_system_id) where state = 'pending';
create index instructions_lease on instructions (lease_ends_at) where state = 'leased';
create index instructions_edge on instructions (edge_id, created_at);
create index instructions_created on instructions (created_at);

create table approvals (
    id text primary key,
    edge_id text not null references edges (id) on delete cascade,
    kind text not null,
    destroys text not null,
    approved_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create index approvals_edge on approvals (edge_id);

create table state_claims (
    edge_id text primary key references edges (id) on delete cascade,
    status text not null,
    error_message text,
    claimed_at bigint not null
);

create table audit (
    id integer primary key autoincrement,
    at bigint not null,
    key_id text not null,
    caller text not null,
    act text not null,
    subject text not null,
    detail text not null
);
create index audit_at on audit (at);
