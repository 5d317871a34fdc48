using System.Globalization;
using ZfsSync.Cli.Output;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;

namespace ZfsSync.Cli.Demo;

/// <summary>What happens in the demo: data changes all the time, a host sleeps, a copy is written to, and all is well again.</summary>
internal sealed class DemoStory(
    DemoFleet fleet,
    WitnessClient witness,
    DemoNarrator narrator,
    Surroundings surroundings
)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenSnapshots = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Nap = TimeSpan.FromSeconds(16);
    private static readonly TimeSpan TimeToChoose = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan TimeToReport = TimeSpan.FromSeconds(4);
    private volatile bool _isMailResting;
    private int _snapshots;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var background = Task.WhenAll(LiveAsync(ending.Token), WatchAsync(ending.Token));
        try
        {
            await FirstCopiesAsync(cancellation);
            await SleepingHostAsync(cancellation);
            await DivergenceAsync(cancellation);
            narrator.Chapter("That was the story. alpha goes on changing, and its copies follow.", "Stop with Ctrl-C.");
            await background;
        }
        finally
        {
            await ending.CancelAsync();
            await background.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task FirstCopiesAsync(CancellationToken cancellation)
    {
        narrator.Chapter(
            "alpha has data; beta and gamma have nothing yet. The witness plans first replications.",
            "zfs-sync plan          what will be sent, and why",
            "zfs-sync runs          what is being sent"
        );
        foreach (var dataset in DemoFleet.Datasets)
            Snapshot(dataset);
        Tell(
            await UntilAsync(
                edges => edges.Count(e => e.ProvenSnapshot is not null) >= 2 * DemoFleet.Datasets.Count,
                45,
                cancellation
            ),
            "Every dataset has arrived on beta and gamma, by their own inventories."
        );
        await Pause(TimeSpan.FromSeconds(4), cancellation);
    }

    private async Task SleepingHostAsync(CancellationToken cancellation)
    {
        narrator.Chapter(
            "gamma goes to sleep: nobody reports, nobody fetches. Its copies fall behind.",
            "zfs-sync status        gamma is silent, and how far its copies are behind"
        );
        await fleet.Agent("gamma").SleepAsync();
        await Pause(Nap, cancellation);
        narrator.Chapter("gamma wakes, and fetches what it missed in one go.");
        fleet.Agent("gamma").Wake();
        Tell(
            await UntilAsync(
                edges =>
                    edges.Count(e => e.Target.Hostname == "gamma" && e.State == EdgeState.InSync)
                    == DemoFleet.Datasets.Count,
                30,
                cancellation
            ),
            "gamma has caught up."
        );
    }

    private async Task DivergenceAsync(CancellationToken cancellation)
    {
        const string copy = "backup/alpha/mail";
        narrator.Chapter(
            "Somebody writes to beta's copy of mail and takes a snapshot of it there; mail changes on alpha too."
        );
        _isMailResting = true;
        fleet["beta"].Write(copy, "scribble", 60_000);
        fleet["beta"].Run("zfs", "snapshot", $"{copy}@by-hand-{_snapshots}");
        // A plan from before that would be refused by the agent, and only tried again later.
        await Pause(TimeToReport, cancellation);
        _isMailResting = false;
        Snapshot("mail");
        await UntilAsync(edges => Conflict(edges, copy) is not null, 30, cancellation);
        if (Conflict(await witness.EdgesAsync(null, cancellation), copy) is not { } edge)
        {
            Tell(happened: false, "");
            return;
        }
        narrator.Chapter(
            "The two histories part. Nothing is destroyed by itself: a person must decide.",
            "zfs-sync status                 what is wrong comes first",
            $"zfs-sync repair {edge.EdgeId}         the ways out, from harmless to destructive",
            $"In {TimeToChoose.TotalSeconds:0} seconds the demo chooses to roll back, unless you chose before."
        );
        await Pause(TimeToChoose, cancellation);
        await RollBackAsync(copy, cancellation);
        Tell(
            await UntilAsync(
                edges => edges.Any(e => e.Target.Dataset == copy && e.State == EdgeState.InSync),
                30,
                cancellation
            ),
            "beta's copy follows alpha again."
        );
    }

    private async Task RollBackAsync(string copy, CancellationToken cancellation)
    {
        if (Conflict(await witness.EdgesAsync(null, cancellation), copy) is not { } edge)
        {
            narrator.Say("Somebody has chosen a way out already.");
            return;
        }
        if (edge.Repairs.FirstOrDefault(r => r.Kind == RepairKind.Rollback && r.Executable) is not { } option)
            return;
        narrator.Say($"Approved: {option.Text}");
        foreach (var loss in RepairList.Losses(option))
            narrator.Say($"  {loss}", Tone.Bad);
        await witness.ApproveAsync(
            edge.EdgeId,
            new RepairApproval { Kind = option.Kind, Destroys = option.Destroys },
            cancellation
        );
    }

    private static EdgeResource? Conflict(IReadOnlyList<EdgeResource> edges, string targetDataset) =>
        edges.FirstOrDefault(e => e.Target.Dataset == targetDataset && e.State == EdgeState.Conflict);

    /// <summary>alpha's data changes, and snapshots are taken.</summary>
    private async Task LiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Pause(BetweenSnapshots, cancellation);
            var dataset = DemoFleet.Datasets[surroundings.Random.Next(DemoFleet.Datasets.Count)];
            if (dataset != "mail" || !_isMailResting)
                Snapshot(dataset);
        }
    }

    private void Snapshot(string dataset)
    {
        var number = Interlocked.Increment(ref _snapshots);
        var bytes = surroundings.Random.NextInt64(200_000, 8_000_000);
        fleet["alpha"].Write($"tank/{dataset}", $"file{number % 7}", bytes);
        var name = $"tank/{dataset}@auto-{number.ToString("d4", CultureInfo.InvariantCulture)}";
        fleet["alpha"].Run("zfs", "snapshot", name);
        narrator.Say($"  alpha takes {name}, {Amounts.Bytes(bytes)} changed", Tone.Dim);
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Pause(Tick, cancellation);
            try
            {
                narrator.Tell(await witness.EdgesAsync(null, cancellation));
            }
            catch (WitnessException fault) when (fault.IsTransient)
            {
                // Told by whoever needs it.
            }
        }
    }

    /// <summary>Whether it became so in time.</summary>
    private async Task<bool> UntilAsync(
        Func<IReadOnlyList<EdgeResource>, bool> isSo,
        int mostSeconds,
        CancellationToken cancellation
    )
    {
        var start = surroundings.Time.GetTimestamp();
        while (!isSo(await witness.EdgesAsync(null, cancellation)))
        {
            if (surroundings.Time.GetElapsedTime(start).TotalSeconds > mostSeconds)
                return false;
            await Pause(Tick, cancellation);
        }
        return true;
    }

    private void Tell(bool happened, string text)
    {
        if (happened)
            narrator.Say(text, Tone.Good);
        else
            narrator.Say("That takes longer than it should here; zfs-sync plan says why.", Tone.Warning);
    }

    private Task Pause(TimeSpan length, CancellationToken cancellation) =>
        Task.Delay(length, surroundings.Time, cancellation);
}
