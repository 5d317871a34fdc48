using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>Snapshots over time, in lists and numbers.</summary>
internal static class SnapshotHistoryEndpoints
{
    private const int MaxDays = 36_500;

    public static void MapSnapshotHistory(this IEndpointRouteBuilder snapshots)
    {
        snapshots
            .MapGet(
                "/history",
                (
                    [FromQuery(Name = "pool")] string? pool,
                    [FromQuery(Name = "dataset")] string? dataset,
                    [FromQuery(Name = "days")] int? days,
                    [AsParameters] Page page,
                    Caller caller,
                    [AsParameters] Reading reading
                ) => reading.HistoryAsync(caller.OnlySystem, pool, dataset, days, page)
            )
            .RequireAuthorization(Allow.Reader)
            .Produces<SnapshotHistory>();
        snapshots
            .MapGet(
                "/history/{systemId}",
                (
                    Guid systemId,
                    [FromQuery(Name = "pool")] string? pool,
                    [FromQuery(Name = "dataset")] string? dataset,
                    [FromQuery(Name = "days")] int? days,
                    [AsParameters] Page page,
                    [AsParameters] Reading reading
                ) => reading.HistoryAsync(systemId, pool, dataset, days, page)
            )
            .RequireAuthorization(Allow.HostReader)
            .Produces<SnapshotHistory>();
        snapshots
            .MapGet(
                "/statistics",
                ([FromQuery(Name = "days")] int? days, Caller caller, [AsParameters] Reading reading) =>
                    reading.StatisticsAsync(caller.OnlySystem, days)
            )
            .RequireAuthorization(Allow.Reader)
            .Produces<SnapshotStatistics>();
        snapshots
            .MapGet(
                "/statistics/{systemId}",
                (Guid systemId, [FromQuery(Name = "days")] int? days, [AsParameters] Reading reading) =>
                    reading.StatisticsAsync(systemId, days)
            )
            .RequireAuthorization(Allow.HostReader)
            .Produces<SnapshotStatistics>();
    }

    /// <summary>What both need of the witness.</summary>
    internal sealed record Reading(
        Database Database,
        SnapshotQueryStore Store,
        TimeProvider Time,
        HttpContext Http,
        CancellationToken Cancellation
    )
    {
        public async Task<IResult> HistoryAsync(Guid? systemId, string? pool, string? dataset, int? days, Page page)
        {
            page.Check();
            var filter = new SnapshotFilter(systemId, pool, dataset, Since: Since(days));
            var (rows, total, statistics) = await Database.ReadAsync(
                async session =>
                    (
                        await Store.ListAsync(session, filter, page),
                        await Store.CountAsync(session, filter),
                        await Store.StatisticsAsync(session, filter)
                    ),
                Cancellation
            );
            Http.Response.Headers["X-Total-Count"] = total.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return TypedResults.Ok(
                new SnapshotHistory([.. rows.Select(row => row.ToResource())], rows.Count, statistics)
            );
        }

        public async Task<IResult> StatisticsAsync(Guid? systemId, int? days)
        {
            var filter = new SnapshotFilter(systemId, Since: Since(days));
            var rows = await Database.ReadAsync(session => Store.StatisticsAsync(session, filter), Cancellation);
            var count = rows.Sum(row => row.Count);
            var size = rows.Sum(row => row.SizeBytes);
            return TypedResults.Ok(
                new SnapshotStatistics
                {
                    SystemId = systemId,
                    PeriodDays = days,
                    TotalSnapshots = count,
                    TotalSize = size,
                    AverageSize = count == 0 ? 0 : (double)size / count,
                    Pools = rows.GroupBy(row => DatasetName.Parse(row.Dataset).Pool)
                        .ToDictionary(group => group.Key, group => group.Sum(row => row.Count), StringComparer.Ordinal),
                    Datasets = rows.GroupBy(row => row.Dataset)
                        .ToDictionary(group => group.Key, group => group.Sum(row => row.Count), StringComparer.Ordinal),
                    OldestSnapshot = rows.Min(row => row.First),
                    NewestSnapshot = rows.Max(row => row.Last),
                    PerDataset = rows,
                }
            );
        }

        private DateTimeOffset? Since(int? days) =>
            days is < 1 or > MaxDays ? throw Problems.Invalid("days", $"must be from 1 to {MaxDays}")
            : days is { } count ? Time.GetUtcNow().AddDays(-count)
            : null;
    }
}
