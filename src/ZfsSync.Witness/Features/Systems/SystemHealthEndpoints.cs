using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>Which hosts are heard of.</summary>
internal static class SystemHealthEndpoints
{
    public static void MapSystemHealth(this IEndpointRouteBuilder systems)
    {
        Map("/health/all", _ => true);
        Map("/health/online", health => health.Status == ConnectivityStatus.Online);
        Map("/health/offline", health => health.Status == ConnectivityStatus.Offline);
        systems.MapGet("/{id}/health", GetAsync).RequireAuthorization(Allow.HostReader).Produces<SystemHealth>();

        void Map(string path, Func<SystemHealth, bool> isWanted) =>
            systems
                .MapGet(
                    path,
                    (
                        [AsParameters] Page page,
                        Database database,
                        SystemStore store,
                        Connectivity connectivity,
                        HttpContext http,
                        CancellationToken cancellation
                    ) => ListAsync(isWanted, page, database, store, connectivity, http, cancellation)
                )
                .RequireAuthorization(Allow.Viewer)
                .Produces<IReadOnlyList<SystemHealth>>();
    }

    private static async Task<IResult> ListAsync(
        Func<SystemHealth, bool> isWanted,
        Page page,
        Database database,
        SystemStore store,
        Connectivity connectivity,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var rows = await database.ReadAsync(store.ListAsync, cancellation);
        return page.Answer<SystemHealth>(http, [.. rows.Select(connectivity.HealthOf).Where(isWanted)]);
    }

    private static async Task<IResult> GetAsync(
        Guid id,
        Database database,
        SystemStore store,
        Connectivity connectivity,
        CancellationToken cancellation
    ) =>
        await database.ReadAsync(session => store.FindAsync(session, id), cancellation) is { } system
            ? TypedResults.Ok(connectivity.HealthOf(system))
            : Problems.NotFound("system", id);
}
