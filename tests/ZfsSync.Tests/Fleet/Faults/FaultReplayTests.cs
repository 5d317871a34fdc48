using Shouldly;
using Xunit;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>A seed that failed among thousands must fail by itself, too.</summary>
public sealed class FaultReplayTests
{
    private static readonly int[] Seeds = [2, 7, 11, 19, 23, 42, 197];

    [Fact]
    public void A_story_told_alone_is_the_same_as_told_after_others()
    {
        var together = StoryThread.Tell(() => TellAsync(Seeds));
        foreach (var (seed, told) in Seeds.Zip(together))
            StoryThread.Tell(() => TellAsync([seed])).ShouldBe([told], $"seed {seed}");
    }

    private static async Task<List<string>> TellAsync(int[] seeds)
    {
        var told = new List<string>();
        foreach (var seed in seeds)
        {
            await FaultFleet.TellAsync(
                FaultGenerator.Of(seed),
                new FaultStatistics(),
                world =>
                    told.Add(
                        string.Join('\n', world.Hosts.Transcript.Concat(world.Agents.SelectMany(agent => agent.Log)))
                    )
            );
        }
        return told;
    }
}
