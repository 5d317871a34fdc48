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
    EdgeTallyStore tallies,
    TimeProvider time
)
{
    private const int EdgesShown = 200;

    public Task<FleetView> NowAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
                FleetView.Of(
                    [.. (await systems.ListAsync(session)).Select(s => s.ToResource(connectivity))],
                    await groups.ListAsync(session, new Page { Limit = int.MaxValue }),
                    await edges.WorstAsync(session, EdgesShown),
                    await tallies.CountAsync(session, null, null),
                    time.GetUtcNow()
                ),
            cancellation
        );
}
