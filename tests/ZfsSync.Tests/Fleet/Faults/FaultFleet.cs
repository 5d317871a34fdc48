namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>Tells stories: one, many on all processors, and the shortest that still fails.</summary>
internal static class FaultFleet
{
    private const int Threads = 2;

    /// <summary>What was wrong in one story; empty when nothing was.</summary>
    public static async Task<IReadOnlyList<string>> TellAsync(
        FaultScenario scenario,
        FaultStatistics stats,
        Action<FaultWorld>? afterwards = null
    )
    {
        stats.Stories++;
        await using var world = await FaultWorld.CreateAsync(scenario, stats);
        var story = new FaultStory(world);
        try
        {
            foreach (var what in scenario.Events)
            {
                await story.HappenAsync(what);
                if (world.Violations.Count > 0)
                    break;
            }
            if (world.Violations.Count == 0)
                await new FaultSettlement(world).SettleAsync();
        }
#pragma warning disable CA1031 // Whatever ends a story is what the story found.
        catch (Exception fault)
        {
            world.Violate($"the story ended with {fault}");
        }
#pragma warning restore CA1031
        afterwards?.Invoke(world);
        return world.Violations;
    }

    /// <summary>Takes away events as long as something is still wrong.</summary>
    public static async Task<FaultScenario> ShrinkAsync(FaultScenario failing)
    {
        var stats = new FaultStatistics();
        var events = failing.Events.ToList();
        for (var size = Math.Max(1, events.Count / 2); size >= 1; size = size == 1 ? 0 : size / 2)
        {
            for (var at = 0; at < events.Count; )
            {
                var fewer = events.Take(at).Concat(events.Skip(at + size)).ToList();
                if ((await TellAsync(failing with { Events = fewer }, stats)).Count > 0)
                    events = fewer;
                else
                    at += size;
            }
        }
        return failing with { Events = events };
    }

    /// <summary>Tells the stories of these seeds; stops after so many failures, each of which is told at once.</summary>
    public static (FaultStatistics Stats, IReadOnlyList<int> Failures) Tell(
        int first,
        int count,
        int replicas,
        int mostFailures,
        Action<int, string> onFailure
    )
    {
        var gate = new Lock();
        var total = new FaultStatistics();
        var failures = new List<int>();
        // Each thread has its own seeds, whatever the machine, so that a run is repeated by running it again.
        Parallel.For(0, Threads, worker => StoryThread.Tell(() => RunAsync(first + worker)));
        return (total, [.. failures.Order()]);

        async Task<bool> RunAsync(int from)
        {
            for (var seed = from; seed < first + count && failures.Count < mostFailures; seed += Threads)
            {
                var stats = new FaultStatistics();
                var wrong = await TellAsync(FaultGenerator.Of(seed) with { Replicas = replicas }, stats);
                lock (gate)
                {
                    total.Add(stats);
                    if (wrong.Count == 0)
                        continue;
                    failures.Add(seed);
                    onFailure(seed, wrong[0]);
                }
            }
            return true;
        }
    }
}
