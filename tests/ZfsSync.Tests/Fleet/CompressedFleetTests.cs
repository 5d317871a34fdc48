using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Simulation;

namespace ZfsSync.Tests.Fleet;

public sealed class CompressedFleetTests
{
    [Theory]
    [InlineData(TransferDirection.Pull)]
    [InlineData(TransferDirection.Push)]
    public async Task A_compressed_transfer_arrives_whole_and_the_network_s_bytes_are_counted(
        TransferDirection direction
    )
    {
        await using var world = await PairAsync(direction);
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        await ShouldBeTheSameAsync(world);
        var runs = await world.Witness.Admin.RunsAsync(100, default);
        // Two snapshots of 700,000 bytes each, which the model's zstd halves.
        runs.Sum(run => run.Bytes).ShouldBeInRange(700_000, 800_000);
        world.Hosts.Transcript.ShouldContain(line => line.Contains("zstd -qdc", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TransferDirection.Pull, StreamFaultKind.ConnectionLost)]
    [InlineData(TransferDirection.Push, StreamFaultKind.ConnectionLost)]
    [InlineData(TransferDirection.Pull, StreamFaultKind.SenderKilled)]
    [InlineData(TransferDirection.Push, StreamFaultKind.ReceiverKilled)]
    [InlineData(TransferDirection.Pull, StreamFaultKind.Garbled)]
    [InlineData(TransferDirection.Push, StreamFaultKind.Garbled)]
    public async Task A_compressed_transfer_that_breaks_is_resumed(TransferDirection direction, StreamFaultKind fault)
    {
        await using var world = await PairAsync(direction);
        world.Hosts.BreakNextStream(new StreamFault(fault, 300_000) { Into = "backup/data" });
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        await ShouldBeTheSameAsync(world);
        world.Hosts.Transcript.ShouldContain(line => line.Contains("zfs send -t", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TransferDirection.Pull, "alpha", "On alpha")]
    [InlineData(TransferDirection.Pull, "beta", "The program 'zstd'")]
    [InlineData(TransferDirection.Push, "alpha", "The program 'zstd'")]
    [InlineData(TransferDirection.Push, "beta", "On beta")]
    public async Task Without_zstd_on_one_side_the_edge_says_where_to_install_it(
        TransferDirection direction,
        string host,
        string where
    )
    {
        await using var world = await PairAsync(direction);
        world.Hosts[host].Uninstall("zstd");
        (await world.ConvergeAsync(maxRounds: 3)).ShouldBeNull();
        var edge = (await world.EdgesAsync()).Single(one => one.LogicalDataset == "data");
        edge.State.ShouldNotBe(EdgeState.InSync);
        edge.LastError.ShouldNotBeNull().ShouldContain(where);
        edge.LastError.ShouldContain("install the package zstd");
    }

    private static async Task<FleetWorld> PairAsync(TransferDirection direction)
    {
        var world = await FleetWorld.CreateAsync(seed: 31);
        var alpha = await world.JoinAsync("alpha", "tank");
        var beta = await world.JoinAsync("beta", "backup");
        world.Hosts["alpha"].Zfs("create tank/data");
        world.Snapshot("alpha", "tank/data", "one");
        world.Snapshot("alpha", "tank/data", "two");
        await world.Witness.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = "compressed",
                Mode = GroupMode.Hub,
                HubSystemId = alpha.SystemId,
                Members = [new GroupMember { SystemId = alpha.SystemId }, new GroupMember { SystemId = beta.SystemId }],
                Policy = new GroupPolicy { Compress = true, Direction = direction },
            },
            default
        );
        return world;
    }

    private static Task ShouldBeTheSameAsync(FleetWorld world)
    {
        foreach (var label in new[] { "one", "two" })
            world
                .Hosts["beta"]
                .FileHashes($"backup/data@{label}")
                .ShouldBe(world.Hosts["alpha"].FileHashes($"tank/data@{label}"));
        return Task.CompletedTask;
    }
}
