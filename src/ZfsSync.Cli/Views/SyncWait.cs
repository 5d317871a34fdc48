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

    /// <summary>Who did not answer; null as long as that may still come.</summary>
    private IReadOnlyDictionary<Guid, string>? _silent;

    /// <summary>What the witness decided just now.</summary>
    public async Task<SyncState> StartAsync(CancellationToken cancellation)
    {
        _startedAt = time.GetTimestamp();
        foreach (var group in groups)
        {
            // Whoever asks has mended what failed, or wants to know whether it still does.
            var answer = await witness.RetryAsync(group.Id, cancellation);
            // The witness's clock, and the first of the requests: later ones are later.
            _askedAt ??= answer.CheckedAt;
        }
        return await LookAsync(cancellation);
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
            state = await LookAsync(cancellation);
            if (timeout is { } most && time.GetElapsedTime(_startedAt) >= most)
                state = state with { IsTimedOut = true };
            yield return state;
        }
    }

    private async Task<SyncState> LookAsync(CancellationToken cancellation)
    {
        // What is decided once all hosts have answered: the edges that are there may not tell of the answers yet.
        var plansAnew = _silent is null && await HaveAnsweredAsync(cancellation);
        var edges = new List<EdgeResource>();
        foreach (var group in groups)
            edges.AddRange(
                plansAnew
                    ? (await witness.PlanAsync(group.Id, cancellation)).Edges
                    : await witness.EdgesAsync(group.Id, cancellation)
            );
        return new SyncState([.. edges.Select(e => (e, SyncVerdicts.Of(e, MayBecomeFresh(e))))])
        {
            Silent = [.. (_silent?.Values ?? []).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>Whether all hosts have answered, or the time for it is over. From then on it is known who is silent.</summary>
    private async Task<bool> HaveAnsweredAsync(CancellationToken cancellation)
    {
        var members = groups.SelectMany(g => g.SystemIds).ToHashSet();
        var missing = (await witness.SystemsAsync(cancellation))
            .Where(host => members.Contains(host.Id) && !HasAnswered(host))
            .ToDictionary(host => host.Id, host => host.Hostname);
        if (missing.Count > 0 && time.GetElapsedTime(_startedAt) < AnswerWithin)
            return false;
        _silent = missing;
        return true;
    }

    private bool? MayBecomeFresh(EdgeResource edge) =>
        _silent is null ? true
        : _silent.ContainsKey(edge.Source.SystemId) || _silent.ContainsKey(edge.Target.SystemId) ? false
        : null;

    /// <summary>A silent host will not report soon, and one without an agent reports when it likes: neither is waited for.</summary>
    private bool HasAnswered(SystemResource host) =>
        host.ConnectivityStatus != ConnectivityStatus.Online
        || host.AgentVersion is null
        || (host.ReportRequestedAt is null ? host.LastReport : host.ReportAnsweredAt) >= _askedAt;
}
