using ZfsSync.Contracts.Snapshots;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>Reads snapshots for lists and pictures.</summary>
internal sealed class SnapshotQueryStore
{
    private const string From = "from snapshots s join datasets d on d.id = s.dataset_id";
    private const string Where = """
        where (@anySystem or d.system_id = @systemId)
          and (@anyPool or d.name = @pool or d.name like @belowPool escape '\')
          and (@anyDataset or d.name = @dataset or d.name like @inAnyPool escape '\')
          and (@anyName or s.name = @name)
          and (@anyTime or s.created_at >= @since)
        """;
    private static readonly string Columns = string.Join(
        ", ",
        SnapshotRow
            .Columns.Split(", ")
            .Select(column => $"s.{column}")
            .Append("d.system_id")
            .Append("d.name as dataset")
    );

    public Task<IReadOnlyList<FoundSnapshot>> ListAsync(Session session, SnapshotFilter filter, Page page) =>
        session.QueryAsync<FoundSnapshot>(
            $"select {Columns} {From} {Where} order by s.created_at desc, s.createtxg desc, s.dataset_id, s.guid limit @Size offset @Offset",
            filter.ToArguments(page)
        );

    public Task<long> CountAsync(Session session, SnapshotFilter filter) =>
        session.ScalarAsync<long>($"select count(*) {From} {Where}", filter.ToArguments(new Page()));

    /// <summary>Every snapshot of a dataset on some hosts.</summary>
    public Task<IReadOnlyList<FoundSnapshot>> OfDatasetAsync(
        Session session,
        SnapshotFilter filter,
        IReadOnlyCollection<Guid> systemIds
    ) =>
        session.QueryAsync<FoundSnapshot>(
            $"select {Columns} {From} {Where} and d.system_id in @systems order by s.created_at, s.createtxg, s.dataset_id, s.guid",
            filter.ToArguments(new Page(), systemIds)
        );

    public Task<FoundSnapshot?> FindAsync(Session session, long datasetId, SnapshotGuid guid) =>
        session.FindAsync<FoundSnapshot>(
            $"select {Columns} {From} where s.dataset_id = @datasetId and s.guid = @guid",
            new { datasetId, guid }
        );

    public Task<IReadOnlyList<DatasetStatistics>> StatisticsAsync(Session session, SnapshotFilter filter) =>
        session.QueryAsync<DatasetStatistics>(
            $"""
            select d.system_id, d.name as dataset, count(*) as count,
                cast(coalesce(sum(coalesce(s.size, s.used, 0)), 0) as bigint) as size_bytes,
                min(s.created_at) as first, max(s.created_at) as last,
                (select n.referenced from snapshots n where n.dataset_id = d.id and n.referenced is not null
                 and (@anyTime or n.created_at >= @since) order by n.created_at desc limit 1)
                - (select o.referenced from snapshots o where o.dataset_id = d.id and o.referenced is not null
                 and (@anyTime or o.created_at >= @since) order by o.created_at limit 1) as growth_bytes
            {From} {Where}
            group by d.id, d.system_id, d.name order by d.system_id, d.name
            """,
            filter.ToArguments(new Page())
        );
}
