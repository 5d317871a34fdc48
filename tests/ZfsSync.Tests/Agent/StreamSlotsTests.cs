using Shouldly;
using Xunit;
using ZfsSync.Agent;
using ZfsSync.Agent.Execution;

namespace ZfsSync.Tests.Agent;

public sealed class StreamSlotsTests
{
    private readonly StreamSlots _slots = new(
        new AgentOptions
        {
            Witness = new Uri("http://witness"),
            DataDirectory = "/",
            MaxTransfers = 2,
            MaxTransfersPerPool = 1,
        }
    );

    [Fact]
    public async Task A_pool_streams_no_more_than_its_limit_and_the_next_starts_when_one_ends()
    {
        var first = await TakeAsync("tank", "backup");
        var second = TakeAsync("tank", "vault");
        second.IsCompleted.ShouldBeFalse("tank is busy");

        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task The_host_streams_no_more_than_its_limit_whatever_the_pools()
    {
        var first = await TakeAsync("a", "b");
        using var second = await TakeAsync("c", "d");
        var third = TakeAsync("e", "f");
        third.IsCompleted.ShouldBeFalse();

        first.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task Transfers_between_the_same_pools_in_both_directions_do_not_wait_for_each_other_for_ever()
    {
        for (var i = 0; i < 20; i++)
        {
            var there = TakeAsync("tank", "backup");
            var back = TakeAsync("backup", "tank");
            (await there).Dispose();
            (await back).Dispose();
        }
    }

    [Fact]
    public async Task Who_stops_waiting_leaves_nothing_taken()
    {
        using var stop = new CancellationTokenSource();
        var first = await TakeAsync("tank", "backup");
        var second = TakeAsync("aside", "tank", stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(second);

        // What it had taken of aside is free again.
        (await TakeAsync("aside", "vault")).Dispose();
        first.Dispose();
    }

    private Task<IDisposable> TakeAsync(string source, string target, CancellationToken cancellation = default) =>
        _slots.TakeAsync([source, target], cancellation);
}
