create table systems (
    id text primary key,
    hostname text not null,
    platform text not null,
    ssh_hostname text,
    ssh_user text,
    ssh_port integer not null,
    labels text not null,
    extra_metadata text,
    zfs_version text,
    agent_version text,
    pools text not null default '[]',
    simulated boolean not null default false,
    frozen_reason text,
    clock_skew_us bigint,
    agent_id text,
    agent_seen_at bigint,
    last_seen bigint,
    last_report bigint,
    last_sequence bigint not null default 0,
    report_scope text,
    report_digest text,
    report_complete boolean not null default false,
    report_in_full boolean not null default false,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index systems_hostname on systems (lower(hostname));

create table keys (
    id text primary key,
    prefix text not null unique,
    hash blob not null,
    kind text not null,
    name text not null,
    system_id text references systems (id) on delete cascade,
    expires_at bigint,
    revoked_at bigint,
    last_used_at bigint,
    uses integer not null default 0,
    max_uses integer,
    created_at bigint not null
);
create index keys_system on keys (system_id);

create table datasets (
    id integer primary key autoincrement,
    system_id text not null references systems (id) on delete cascade,
    name text not null,
    digest text,
    kind text not null,
    dataset_guid bigint,
    encryption_root text,
    key_loaded boolean,
    origin text,
    resume_token text,
    written bigint,
    used bigint,
    referenced bigint,
    available bigint,
    placeholder boolean not null default false,
    receiving boolean not null default false,
    reported_at bigint not null,
    unique (system_id, name)
);

-- (dataset_id, guid) is the id that the API shows. Without a guid from the host, guid is a hash of name and second.
create table snapshots (
    dataset_id bigint not null references datasets (id) on delete cascade,
    guid bigint not null,
    guid_known boolean not null,
    name text not null,
    createtxg bigint,
    created_at bigint,
    size bigint,
    used bigint,
    referenced bigint,
    holds bigint,
    extra_metadata text,
    first_seen bigint not null,
    changed_at bigint not null,
    primary key (dataset_id, guid)
) without rowid;

create table bookmarks (
    dataset_id bigint not null references datasets (id) on delete cascade,
    name text not null,
    guid bigint not null,
    createtxg bigint not null,
    primary key (dataset_id, name)
) without rowid;

-- What was there and is not any more: the last sight of it.
create table vanished_snapshots (
    system_id text not null references systems (id) on delete cascade,
    dataset text not null,
    guid bigint not null,
    guid_known boolean not null,
    name text not null,
    createtxg bigint,
    created_at bigint,
    vanished_at bigint not null,
    primary key (system_id, dataset, guid)
) without rowid;

create table report_parts (
    system_id text not null references systems (id) on delete cascade,
    sequence bigint not null,
    part_index integer not null,
    part_count integer not null,
    head text not null,
    body text not null,
    received_at bigint not null,
    primary key (system_id, sequence, part_index)
);
