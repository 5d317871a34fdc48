using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Views;

/// <summary>Asks the witness to plan groups now, and watches their edges until each has come to an end.</summary>
internal sealed class SyncWait(WitnessClient witness, IReadOnlyList<GroupResource> groups, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Its agent hears of it within seconds; the rest is for a survey of a large host.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(2);

    private DateTimeOffset? _askedAt;
    private long _startedAt;

    /// <summary>What the witness decided just now.</summary>
    public async Task<SyncState> StartAsync(CancellationToken cancellation)
    {
        var edges = new List<EdgeResource>();
        _startedAt = time.GetTimestamp();
        foreach (var group in groups)
        {
            // Whoever asks has mended what failed, or wants to know whether it still does.
            var answer = await witness.RetryAsync(group.Id, cancellation);
            // The witness's clock, and the first of the requests: later ones are later.
            _askedAt ??= answer.CheckedAt;
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
        yield return state;
        while (!state.IsOver)
        {
            await Task.Delay(Pause, time, cancellation);
            var edges = new List<EdgeResource>();
            foreach (var group in groups)
                edges.AddRange(await witness.EdgesAsync(group.Id, cancellation));
            state = await JudgeAsync(edges, cancellation);
            if (timeout is { } most && time.GetElapsedTime(_startedAt) >= most)
                state = state with { IsTimedOut = true };
            yield return state;
        }
    }

    private async Task<SyncState> JudgeAsync(List<EdgeResource> edges, CancellationToken cancellation)
    {
        var hosts = (await witness.SystemsAsync(cancellation)).ToDictionary(h => h.Id);
        var mayAnswer = time.GetElapsedTime(_startedAt) < AnswerWithin;
        var missing = edges
            .SelectMany(e => new[] { e.Source.SystemId, e.Target.SystemId })
            .Distinct()
            .Where(id => hosts.TryGetValue(id, out var host) && !HasAnswered(host))
            .ToHashSet();
        return new SyncState([
            .. edges.Select(e =>
                (
                    e,
                    SyncVerdicts.Of(
                        e,
                        missing.Contains(e.Source.SystemId) || missing.Contains(e.Target.SystemId) ? mayAnswer : null
                    )
                )
            ),
        ])
        {
            Silent = mayAnswer ? [] : [.. missing.Select(id => hosts[id].Hostname).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>A silent host will not report soon, and one without an agent reports when it likes: neither is waited for.</summary>
    private bool HasAnswered(SystemResource host) =>
        host.ConnectivityStatus != ConnectivityStatus.Online
        || host.AgentVersion is null
        || (host.ReportRequestedAt is null ? host.LastReport : host.ReportAnsweredAt) >= _askedAt;
}
