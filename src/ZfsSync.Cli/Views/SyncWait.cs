using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Views;

/// <summary>Asks the witness to plan groups now, and watches their edges until each has come to an end.</summary>
internal sealed class SyncWait(WitnessClient witness, IReadOnlyList<GroupResource> groups, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private DateTimeOffset _askedAt;

    /// <summary>What the witness decided just now.</summary>
    public async Task<SyncState> StartAsync(CancellationToken cancellation)
    {
        var edges = new List<EdgeResource>();
        foreach (var group in groups)
        {
            var answer = await witness.CheckAsync(group.Id, cancellation);
            // The witness's clock, so that it compares with its hosts' reports.
            _askedAt = answer.CheckedAt;
            edges.AddRange(answer.Edges);
        }
        return await JudgeAsync(edges, cancellation);
    }

    /// <summary>The states from now on, about one a second, until all edges have ended.</summary>
    public async IAsyncEnumerable<SyncState> WatchAsync(
        SyncState state,
        TimeSpan? timeout,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var started = time.GetTimestamp();
        yield return state;
        while (!state.IsOver)
        {
            await Task.Delay(Pause, time, cancellation);
            var edges = new List<EdgeResource>();
            foreach (var group in groups)
                edges.AddRange(await witness.EdgesAsync(group.Id, cancellation));
            state = await JudgeAsync(edges, cancellation);
            if (timeout is { } most && time.GetElapsedTime(started) >= most)
                state = state with { IsTimedOut = true };
            yield return state;
        }
    }

    private async Task<SyncState> JudgeAsync(List<EdgeResource> edges, CancellationToken cancellation)
    {
        var hosts = (await witness.SystemsAsync(cancellation)).ToDictionary(h => h.Id);
        return new SyncState([
            .. edges.Select(e =>
                (e, SyncVerdicts.Of(e, IsFresh(hosts, e.Source.SystemId) && IsFresh(hosts, e.Target.SystemId)))
            ),
        ]);
    }

    /// <summary>A silent host will not report soon, and one without an agent reports when it likes: neither is waited for.</summary>
    private bool IsFresh(Dictionary<Guid, SystemResource> hosts, Guid id) =>
        !hosts.TryGetValue(id, out var host)
        || host.ConnectivityStatus != ConnectivityStatus.Online
        || host.AgentVersion is null
        || host.LastReport >= _askedAt;
}
