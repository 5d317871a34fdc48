using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Systems;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>Loads what the first page shows.</summary>
internal sealed class FleetReading(
    Database database,
    SystemStore systems,
    Connectivity connectivity,
    GroupStore groups,
    EdgeReadStore edges,
    TimeProvider time
)
{
    public Task<FleetView> NowAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
                FleetView.Of(
                    [.. (await systems.ListAsync(session)).Select(s => s.ToResource(connectivity))],
                    await groups.ListAsync(session, new Page { Limit = int.MaxValue }),
                    await edges.ListAsync(session, null, null, int.MaxValue, 0),
                    time.GetUtcNow()
                ),
            cancellation
        );
}
