using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Systems;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>One dataset side by side on several hosts. A dataset without its pool is looked for in every pool.</summary>
internal static class SnapshotComparisonEndpoints
{
    public static void MapSnapshotComparison(this IEndpointRouteBuilder snapshots)
    {
        var compared = snapshots.MapGroup("").RequireAuthorization(Allow.Viewer);
        compared.MapGet("/compare-dataset", CompareAsync).Produces<DatasetComparison>();
        compared.MapGet("/differences", DifferencesAsync).Produces<SnapshotDifferences>();
        compared.MapGet("/gaps", GapsAsync).Produces<SnapshotGaps>();
        compared.MapGet("/timeline", TimelineAsync).Produces<SnapshotTimeline>();
    }

    private static async Task<IResult> CompareAsync(
        [FromQuery(Name = "dataset")] string dataset,
        [FromQuery(Name = "pool")] string? pool,
        [FromQuery(Name = "system_ids")] Guid[] systemIds,
        [AsParameters] Reading reading
    )
    {
        var comparison = new HostComparison(systemIds, await reading.FindAsync(pool, dataset, systemIds));
        return TypedResults.Ok(
            new DatasetComparison
            {
                Dataset = dataset,
                CommonSnapshots = comparison.Common,
                UniqueSnapshots = systemIds.ToDictionary(id => id.ToString(), comparison.Unique),
                MissingSnapshots = systemIds.ToDictionary(id => id.ToString(), comparison.Missing),
                LatestSnapshots = systemIds
                    .Select(comparison.Latest)
                    .OfType<FoundSnapshot>()
                    .ToDictionary(latest => latest.SystemId.ToString(), latest => latest.ToResource()),
                ComparisonTimestamp = reading.Time.GetUtcNow(),
            }
        );
    }

    private static async Task<IResult> DifferencesAsync(
        [FromQuery(Name = "system_id_1")] Guid first,
        [FromQuery(Name = "system_id_2")] Guid second,
        [FromQuery(Name = "dataset")] string dataset,
        [FromQuery(Name = "pool")] string? pool,
        [AsParameters] Reading reading
    )
    {
        if (first == second)
            throw Problems.Invalid("system_id_2", "must be another system than system_id_1");
        Guid[] both = [first, second];
        var comparison = new HostComparison(both, await reading.FindAsync(pool, dataset, both));
        return TypedResults.Ok(
            new SnapshotDifferences
            {
                System1 = first,
                System2 = second,
                Dataset = dataset,
                OnlyInSystem1 = comparison.Unique(first),
                OnlyInSystem2 = comparison.Unique(second),
                InBoth = comparison.Common,
                ComparisonTimestamp = reading.Time.GetUtcNow(),
            }
        );
    }

    private static async Task<IResult> GapsAsync(
        [FromQuery(Name = "dataset")] string dataset,
        [FromQuery(Name = "pool")] string? pool,
        [FromQuery(Name = "system_ids")] Guid[] systemIds,
        [AsParameters] Reading reading
    )
    {
        var comparison = new HostComparison(systemIds, await reading.FindAsync(pool, dataset, systemIds));
        var gaps = comparison.Gaps(dataset);
        return TypedResults.Ok(new SnapshotGaps(gaps, gaps.Count));
    }

    private static async Task<IResult> TimelineAsync(
        [FromQuery(Name = "dataset")] string dataset,
        [FromQuery(Name = "pool")] string? pool,
        [FromQuery(Name = "system_ids")] Guid[] systemIds,
        [AsParameters] Reading reading
    )
    {
        var found = await reading.FindAsync(pool, dataset, systemIds);
        return TypedResults.Ok(
            new SnapshotTimeline(pool, dataset, [.. found.Select(row => row.ToResource())], found.Count, systemIds)
        );
    }

    /// <summary>What all of them need of the witness.</summary>
    internal sealed record Reading(
        Database Database,
        SnapshotQueryStore Store,
        SystemStore Systems,
        TimeProvider Time,
        CancellationToken Cancellation
    )
    {
        /// <exception cref="RefusedException">No host was named, one twice, or one that there is not.</exception>
        public Task<IReadOnlyList<FoundSnapshot>> FindAsync(string? pool, string dataset, Guid[] systemIds)
        {
            if (systemIds.Length == 0)
                throw Problems.Invalid("system_ids", "is required in the query, once for each system");
            if (systemIds.Distinct().Count() < systemIds.Length)
                throw Problems.Invalid("system_ids", "names a system twice");
            return Database.ReadAsync(
                async session =>
                {
                    var known = (await Systems.ListAsync(session)).Select(system => system.Id).ToHashSet();
                    foreach (var id in systemIds.Where(id => !known.Contains(id)))
                        throw Problems.RefusedMissing("system", id);
                    return await Store.OfDatasetAsync(session, new SnapshotFilter(null, pool, dataset), systemIds);
                },
                Cancellation
            );
        }
    }
}
