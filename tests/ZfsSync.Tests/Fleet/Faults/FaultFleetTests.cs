using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>
/// Fleets to which everything happens. <c>ZFS_SYNC_FLEET</c> says how many stories: a number, <c>FROM..TO</c>, or <c>seed=N</c>
/// for one, told in full. See docs/reliability.md.
/// </summary>
public sealed class FaultFleetTests(ITestOutputHelper output)
{
    private const int Usual = 1000;
    private const int UsualWithReplicas = 20;
    private readonly string _asked = Environment.GetEnvironmentVariable("ZFS_SYNC_FLEET") ?? "";

    [Fact]
    public void Every_story_ends_proven_or_with_a_decision_for_a_person() => Tell(Usual, replicas: 0);

    [Fact]
    public void So_it_does_with_two_replicas_of_the_witness_on_PostgreSQL()
    {
        Assert.SkipWhen(TestPostgres.WhyMissing is not null, TestPostgres.WhyMissing ?? "");
        Tell(UsualWithReplicas, replicas: 2);
    }

    private void Tell(int usual, int replicas)
    {
        if (_asked.StartsWith("seed=", StringComparison.Ordinal))
        {
            Replay(FaultGenerator.Of(Number(_asked[5..])) with { Replicas = replicas });
            return;
        }
        var parts = _asked.Split("..");
        var count = _asked.Length == 0 ? usual : Number(parts[^1]);
        var first = parts.Length > 1 ? Number(parts[0]) : 0;
        var watch = Stopwatch.StartNew();
        var (stats, failures) = FaultFleet.Tell(
            first,
            count - first,
            replicas,
            // Who asks for seeds wants to know of all that fail.
            _asked.Length == 0
                ? 20
                : int.MaxValue,
            (seed, violation) => Print($"seed {seed}: {violation}")
        );
        Print($"{stats.Stories} stories, {stats.Steps} steps in {watch.Elapsed.TotalSeconds:0.0} s");
        Print(string.Join(", ", stats.Events.Select(e => $"{e.Key} {e.Value}")));
        Print(string.Join(", ", stats.Ends.Select(e => $"{e.Key}: {e.Value}")));
        failures.ShouldBeEmpty();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private void Replay(FaultScenario scenario)
    {
        Print(scenario.ToString());
        var wrong = StoryThread.Tell(() => FaultFleet.TellAsync(scenario, new FaultStatistics()));
        if (wrong.Count == 0)
            return;
        Print(string.Join('\n', wrong));
        var shortest = StoryThread.Tell(() => FaultFleet.ShrinkAsync(scenario));
        Print($"\nShortest:\n{shortest}");
        wrong = StoryThread.Tell(() =>
            FaultFleet.TellAsync(shortest, new FaultStatistics(), world => Print(Story(world)))
        );
        wrong.ShouldBeEmpty();
    }

    private static string Story(FaultWorld world) =>
        string.Join(
            '\n',
            world
                .Violations.Append("")
                .Concat(world.Hosts.Transcript.TakeLast(60))
                .Concat(
                    world.Agents.SelectMany(agent => agent.Log.TakeLast(20).Select(line => $"{agent.Host}: {line}"))
                )
        );

    private void Print(string text)
    {
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
