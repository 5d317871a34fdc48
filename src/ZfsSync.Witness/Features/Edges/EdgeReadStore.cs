using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Edges;

/// <summary>Edges as they are shown: with names, and with what waits or runs for them.</summary>
internal sealed class EdgeReadStore(InstructionStore instructions)
{
    private static readonly string Columns = string.Join(", ", EdgeColumns.Names.Select(n => "e." + n));

    private static readonly EdgeState[] WorstFirst =
    [
        EdgeState.Syncing,
        EdgeState.Conflict,
        EdgeState.Error,
        EdgeState.Stale,
        EdgeState.Unproven,
        EdgeState.OutOfSync,
        EdgeState.InSync,
    ];

    private const string Filter = """
        where (cast(@group as text) is null or e.group_id = @group)
        and (cast(@system as text) is null or e.source_system_id = @system or e.target_system_id = @system)
        """;

    /// <param name="session">Where.</param>
    /// <param name="groupId">Only of this group.</param>
    /// <param name="systemId">Only those that this host is a side of.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="offset">After so many.</param>
    public async Task<IReadOnlyList<EdgeResource>> ListAsync(
        Session session,
        Guid? groupId,
        Guid? systemId,
        int limit,
        int offset
    ) => await ToResourcesAsync(session, await RowsAsync(session, groupId, systemId, limit, offset));

    /// <summary>What a person should see first: some that run, then those in trouble, then those behind, each with the largest lag first.</summary>
    public async Task<IReadOnlyList<EdgeResource>> WorstAsync(Session session, int limit)
    {
        var rows = new List<Row>();
        foreach (var state in WorstFirst)
        {
            var left = state == EdgeState.Syncing ? limit / 4 : limit - rows.Count;
            if (left <= 0)
                break;
            rows.AddRange(
                await session.QueryAsync<Row>(
                    $"""
                    select {Columns}, g.name as group_name, s.hostname as source_hostname, t.hostname as target_hostname
                    from (select id from edges where state = @state order by lag_seconds desc limit @left) worst
                    join edges e on e.id = worst.id join sync_groups g on g.id = e.group_id
                    join systems s on s.id = e.source_system_id join systems t on t.id = e.target_system_id
                    """,
                    new { state = EnumText<EdgeState>.Of(state), left }
                )
            );
        }
        return await ToResourcesAsync(session, rows);
    }

    /// <summary>Edges of a group whose target lacks something, with the ends of their histories.</summary>
    public async Task<IReadOnlyList<EdgeSnapshot>> BehindAsync(
        Session session,
        Guid groupId,
        Guid? systemId,
        int limit,
        int offset
    ) =>
        await ToSnapshotsAsync(
            session,
            await RowsAsync(session, groupId, systemId, limit, offset, "and e.lag_snapshots > 0")
        );

    public Task<long> CountBehindAsync(Session session, Guid groupId, Guid? systemId) =>
        session.ScalarAsync<long>(
            $"select count(*) from edges e {Filter} and e.lag_snapshots > 0",
            new { group = Text(groupId), system = Text(systemId) }
        );

    /// <summary>The logical datasets of a group's edges.</summary>
    public Task<IReadOnlyList<string>> DatasetsAsync(
        Session session,
        Guid groupId,
        Guid? systemId,
        int limit,
        int offset
    ) =>
        session.QueryAsync<string>(
            $"""
            select distinct e.logical_dataset from edges e {Filter}
            order by e.logical_dataset limit @limit offset @offset
            """,
            new
            {
                group = Text(groupId),
                system = Text(systemId),
                limit,
                offset,
            }
        );

    public Task<long> CountDatasetsAsync(Session session, Guid groupId, Guid? systemId) =>
        session.ScalarAsync<long>(
            $"select count(distinct e.logical_dataset) from edges e {Filter}",
            new { group = Text(groupId), system = Text(systemId) }
        );

    /// <summary>All edges of some logical datasets, with the ends of their histories.</summary>
    public async Task<IReadOnlyList<EdgeSnapshot>> OfDatasetsAsync(
        Session session,
        Guid groupId,
        Guid? systemId,
        IReadOnlyList<string> datasets
    ) =>
        await ToSnapshotsAsync(
            session,
            await RowsAsync(session, groupId, systemId, int.MaxValue, 0, "and e.logical_dataset in @datasets", datasets)
        );

    public Task<long> CountAsync(Session session, Guid? groupId, Guid? systemId) =>
        session.ScalarAsync<long>(
            $"select count(*) from edges e {Filter}",
            new { group = Text(groupId), system = Text(systemId) }
        );

    public async Task<EdgeResource?> FindAsync(Session session, string id) =>
        (
            await ToResourcesAsync(
                session,
                await session.QueryAsync<Row>(
                    $"""
                    select {Columns}, g.name as group_name, s.hostname as source_hostname, t.hostname as target_hostname
                    from edges e join sync_groups g on g.id = e.group_id
                    join systems s on s.id = e.source_system_id join systems t on t.id = e.target_system_id
                    where e.id = @id
                    """,
                    new { id }
                )
            )
        )
            is [var edge]
            ? edge
            : null;

    private static Task<IReadOnlyList<Row>> RowsAsync(
        Session session,
        Guid? groupId,
        Guid? systemId,
        int limit,
        int offset,
        string condition = "",
        IReadOnlyList<string>? datasets = null
    ) =>
        session.QueryAsync<Row>(
            $"""
            select {Columns}, g.name as group_name, s.hostname as source_hostname, t.hostname as target_hostname
            from edges e join sync_groups g on g.id = e.group_id
            join systems s on s.id = e.source_system_id join systems t on t.id = e.target_system_id
            {Filter} {condition}
            order by g.name, e.logical_dataset, s.hostname, t.hostname, e.id limit @limit offset @offset
            """,
            new
            {
                group = Text(groupId),
                system = Text(systemId),
                datasets = datasets ?? [],
                limit,
                offset,
            }
        );

    private async Task<IReadOnlyList<EdgeSnapshot>> ToSnapshotsAsync(Session session, IReadOnlyList<Row> rows)
    {
        var views = rows.ToDictionary(r => r.Id, r => r.ToRow().View, StringComparer.Ordinal);
        return
        [
            .. (await ToResourcesAsync(session, rows)).Select(e => new EdgeSnapshot(
                e,
                views[e.EdgeId].Source,
                views[e.EdgeId].Target
            )),
        ];
    }

    private async Task<IReadOnlyList<EdgeResource>> ToResourcesAsync(Session session, IReadOnlyList<Row> rows)
    {
        var runs = new Dictionary<string, InstructionRow>(StringComparer.Ordinal);
        foreach (var chunk in rows.Select(r => r.Id).Chunk(500))
        {
            foreach (var run in await instructions.OpenAsync(session, chunk))
                runs[run.EdgeId] = run;
        }
        return [.. rows.Select(r => r.ToResource(runs.GetValueOrDefault(r.Id)?.ToRun()))];
    }

    private static string? Text(Guid? id) => id is { } value ? ColumnMapping.ToColumn(value) : null;

    private sealed record Row : EdgeColumns
    {
        public string GroupName { get; init; } = "";
        public string SourceHostname { get; init; } = "";
        public string TargetHostname { get; init; } = "";

        public EdgeResource ToResource(RunResource? run)
        {
            var row = ToRow();
            return new EdgeResource
            {
                EdgeId = row.Id,
                SyncGroupId = row.GroupId,
                GroupName = GroupName,
                LogicalDataset = row.LogicalDataset,
                Source = new EdgeSide(row.SourceSystemId, SourceHostname, row.SourceDataset),
                Target = new EdgeSide(row.TargetSystemId, TargetHostname, row.TargetDataset),
                State = row.State,
                Decision = row.Decision,
                Reason = row.Reason,
                Conflict = row.Conflict,
                Text = row.View.Text,
                Evidence = row.View.Evidence,
                Repairs = row.View.Repairs,
                Steps = row.View.Steps,
                EstimatedBytes = row.View.EstimatedBytes,
                LagSnapshots = row.LagSnapshots,
                LagSeconds = row.LagSeconds,
                LateAt = row.LateAt,
                ProvenSnapshot = row.ProvenName,
                ProvenCreatedAt = row.ProvenCreatedAt,
                LastInSyncAt = row.LastInSyncAt,
                MatchedByName = row.MatchedByName,
                Run = run,
                Failures = row.Failures,
                LastError = row.LastError,
                DecidedAt = row.DecidedAt,
            };
        }
    }
}
