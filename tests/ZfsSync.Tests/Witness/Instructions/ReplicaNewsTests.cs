using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Features.Planning;
using static ZfsSync.Testing.Witness.HostReports;

namespace ZfsSync.Tests.Witness.Instructions;

public sealed class ReplicaNewsTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_plan_of_one_replica_ends_the_long_poll_at_another()
    {
        Assert.SkipWhen(TestPostgres.WhyMissing is not null, TestPostgres.WhyMissing ?? "");
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var one = await TestWitness.StartAsync(database);
        await using var two = await TestWitness.StartAsync(database, time: one.Time);
        await HearsAsync(one);
        await HearsAsync(two);
        var (alpha, beta) = (await one.JoinAsync("alpha"), await one.JoinAsync("beta"));
        // Time stands still: nobody looks again by himself.
        var waiting = two.Client(beta.Key).WorkAsync(beta.Id, 60, null, default);
        await new HostReports(one, alpha).SendAsync(Dataset("tank"), Dataset("tank/d", 1, 2));
        await new HostReports(one, beta).SendAsync(Dataset("backup"));
        await one.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = "g",
                Mode = GroupMode.Hub,
                HubSystemId = alpha.Id,
                Members =
                [
                    new GroupMember { SystemId = alpha.Id, Root = "tank" },
                    new GroupMember { SystemId = beta.Id, Root = "backup" },
                ],
            },
            default
        );
        (await waiting.WaitAsync(Bound)).Instructions.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task News_for_one_host_do_not_wake_the_others()
    {
        var fleet = new FleetChanges(TimeProvider.System);
        var (mine, other, everybody) = (Guid.NewGuid(), Guid.NewGuid(), fleet.Next());
        var (forMe, forOther) = (fleet.Next(mine), fleet.Next(other));
        fleet.Notify([mine]);
        await forMe.WaitAsync(Bound);
        await everybody.WaitAsync(Bound);
        forOther.IsCompleted.ShouldBeFalse();
        fleet.HearAll();
        await forOther.WaitAsync(Bound);
    }

    /// <summary>Ends once the replica listens.</summary>
    private static async Task HearsAsync(TestWitness replica)
    {
        var fleet = (FleetChanges)replica.Services.GetService(typeof(FleetChanges))!;
        using var ended = new CancellationTokenSource(Bound);
        while (fleet.LookAgain < TimeSpan.FromSeconds(30))
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ended.Token);
    }
}
