using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>
/// Fleets to which everything happens. <c>ZFS_SYNC_FLEET</c> says how many stories: a number, or <c>seed=N</c> for one, told
/// in full. See docs/reliability.md.
/// </summary>
public sealed class FaultFleetTests(ITestOutputHelper output)
{
    private const int Usual = 1000;
    private readonly string _asked = Environment.GetEnvironmentVariable("ZFS_SYNC_FLEET") ?? "";

    [Fact]
    public void Every_story_ends_proven_or_with_a_decision_for_a_person()
    {
        if (_asked.StartsWith("seed=", StringComparison.Ordinal))
        {
            Replay(int.Parse(_asked[5..], CultureInfo.InvariantCulture));
            return;
        }
        var parts = _asked.Split("..");
        var count = _asked.Length == 0 ? Usual : int.Parse(parts[^1], CultureInfo.InvariantCulture);
        var first = parts.Length > 1 ? int.Parse(parts[0], CultureInfo.InvariantCulture) : 0;
        var watch = Stopwatch.StartNew();
        var (stats, failures) = FaultFleet.Tell(
            first,
            count - first,
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

    private void Replay(int seed)
    {
        var scenario = FaultGenerator.Of(seed);
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
