using Shouldly;
using Xunit;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Simulation;

namespace ZfsSync.Tests.Agent;

public sealed class TransferTests : IDisposable
{
    private readonly AgentBench _bench = AgentBench.WithData();

    public void Dispose() => _bench.Dispose();

    [Fact, Trait("Scenario", "02")]
    public async Task A_first_copy_arrives_is_proven_marked_and_let_go()
    {
        var outcome = await _bench.SyncAsync("data");
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b"]);
        _bench.Target.FileHashes("backup/data@b").ShouldBe(_bench.Source.FileHashes("tank/data@b"));
        _bench.Target.Zfs("get -H -o value readonly backup/data").ShouldBe("on\n");
        var newest = (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))!.Snapshots[^1].Guid;
        outcome.ArrivedGuid.ShouldBe(newest);
        _bench.Witness.Inventory["backup/data"].Snapshots![^1].Guid.ShouldBe(newest);
        var (bookmarks, hasHolds) = await _bench.MarksAsync("data");
        bookmarks.ShouldBe([$"zfs-sync-{AgentBench.Edge}-{newest}"]);
        hasHolds.ShouldBeFalse();
    }

    [Fact, Trait("Scenario", "01")]
    public async Task An_increment_moves_the_bookmark_on()
    {
        await _bench.SyncAsync("data");
        _bench.Snapshot("tank/data", "c");
        _bench.Snapshot("tank/data", "d");
        var outcome = await _bench.SyncAsync("data");
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b", "c", "d"]);
        var (bookmarks, hasHolds) = await _bench.MarksAsync("data");
        bookmarks.ShouldHaveSingleItem().ShouldEndWith($"-{outcome.ArrivedGuid}");
        hasHolds.ShouldBeFalse();
        (await _bench.DecideAsync("data")).ShouldBeOfType<ReplicationDecision.UpToDate>();
    }

    [Fact]
    public async Task An_older_bookmark_stays_as_long_as_another_edge_needs_what_it_is_of()
    {
        await _bench.SyncAsync("data");
        var needed = (await _bench.MarksAsync("data")).Bookmarks.ShouldHaveSingleItem();
        foreach (var label in new[] { "c", "d" })
        {
            _bench.Snapshot("tank/data", label);
            var instruction = await _bench.PlanAsync("data");
            instruction.NeededByOthers = [SnapshotGuid.Parse(needed.Split('-')[^1])];
            (await _bench.RunAsync(instruction)).Result.ShouldBe(OutcomeResult.Done);
        }
        var bookmarks = (await _bench.MarksAsync("data")).Bookmarks;
        bookmarks.Count.ShouldBe(2);
        bookmarks.ShouldContain(needed);

        _bench.Snapshot("tank/data", "e");
        await _bench.SyncAsync("data");
        (await _bench.MarksAsync("data")).Bookmarks.ShouldHaveSingleItem().ShouldNotBe(needed);
    }

    [Fact]
    public async Task An_increment_costs_eleven_commands_of_which_one_is_a_pipe()
    {
        await _bench.SyncAsync("data");
        _bench.Snapshot("tank/data", "before");
        await _bench.SyncAsync("data");
        _bench.Snapshot("tank/data", "c");
        var plan = await _bench.PlanAsync("data");
        (await _bench.CommandsOfAsync(plan)).ShouldBe([
            // Whether all is as planned, just before.
            "beta$ zfs get",
            "beta$ zfs list",
            "alpha$ zfs list",
            "alpha$ zfs hold",
            "alpha$ zfs send",
            // What arrived: read back, and reported as it was read.
            "beta$ zfs get",
            "beta$ zfs list",
            "beta$ zfs list",
            "alpha$ zfs bookmark",
            "alpha$ zfs destroy",
            "alpha$ zfs release",
        ]);
    }

    [Theory]
    [InlineData("rename tank/data@c tank/data@renamed")]
    [InlineData("bookmark tank/data@b tank/data#zfs-sync-0123456789abcdef-1")]
    public async Task What_changed_on_the_source_meanwhile_is_looked_at_before_the_end(string change)
    {
        await _bench.SyncAsync("data");
        _bench.Snapshot("tank/data", "c");
        var isChanged = false;
        _bench.Fleet.OnStep = (step, _) =>
        {
            if (step.Bytes > 0 && !isChanged)
                _bench.Source.Zfs(change);
            isChanged |= step.Bytes > 0;
            return ValueTask.CompletedTask;
        };
        var outcome = await _bench.SyncAsync("data");
        isChanged.ShouldBeTrue();
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        var (bookmarks, hasHolds) = await _bench.MarksAsync("data");
        bookmarks.ShouldContain($"zfs-sync-{AgentBench.Edge}-{outcome.ArrivedGuid}");
        hasHolds.ShouldBeFalse();
    }

    [Fact]
    public async Task Base_and_end_are_held_while_it_runs_with_the_edges_own_tag()
    {
        await _bench.SyncAsync("data");
        _bench.Snapshot("tank/data", "c");
        _bench.Source.Zfs("hold somebody-else tank/data@b");
        var held = "";
        _bench.Fleet.OnStep = (step, _) =>
        {
            if (step.Bytes > 0)
                held = _bench.Source.Zfs("holds -H tank/data@a tank/data@b tank/data@c");
            return ValueTask.CompletedTask;
        };
        await _bench.SyncAsync("data");
        held.ShouldContain($"tank/data@b\tzfs-sync-{AgentBench.Edge}");
        held.ShouldContain($"tank/data@c\tzfs-sync-{AgentBench.Edge}");
        held.ShouldNotContain("tank/data@a");
        _bench.Source.Zfs("holds -H tank/data@b").ShouldContain("somebody-else");
        _bench.Source.Zfs("holds -H tank/data@b tank/data@c").ShouldNotContain("zfs-sync");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(300_000, true)]
    public async Task Parents_of_a_copy_of_which_nothing_came_are_taken_away_again(long bytes, bool isPartlyThere)
    {
        _bench.Source.Zfs("create -p tank/x/y/z");
        _bench.Snapshot("tank/x/y/z", "one");
        _bench.Fleet.BreakNextStream(StreamFault.Cut(bytes));
        (await _bench.SyncAsync("x/y/z")).Result.ShouldBe(OutcomeResult.Failed);
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/x/y/z")) is not null).ShouldBe(isPartlyThere);
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/x")) is not null).ShouldBe(isPartlyThere);
    }

    [Fact]
    public async Task Missing_parents_and_the_missing_root_become_unmounted_placeholders()
    {
        _bench.Source.Zfs("create -p tank/x/y/z");
        _bench.Snapshot("tank/x/y/z", "one");
        (await _bench.SyncAsync("x/y/z")).Result.ShouldBe(OutcomeResult.Done);
        _bench.Target.Zfs("get -H -o value canmount backup/x").ShouldBe("off\n");
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/x/y")))!.IsPlaceholder.ShouldBeTrue();
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/x/y/z")))!.IsPlaceholder.ShouldBeFalse();

        var plan = await _bench.PlanAsync("data");
        (await _bench.RunAsync(At(plan, "backup/hosts/alpha"))).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/hosts")))!.IsPlaceholder.ShouldBeTrue();
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/hosts/alpha")))!.IsPlaceholder.ShouldBeTrue();

        var outcome = await _bench.RunAsync(At(plan, "nowhere/alpha"));
        outcome.Result.ShouldBe(OutcomeResult.Refused);
        outcome.ErrorKind.ShouldBe("target_root_missing");
        outcome.ErrorText!.ShouldContain("The pool nowhere does not exist");

        static Instruction At(Instruction plan, string root) =>
            plan with
            {
                InstructionId = Guid.NewGuid(),
                Target = plan.Target with { Dataset = $"{root}/data", Root = root },
            };
    }

    [Fact]
    public async Task Nothing_is_made_outside_of_the_agents_scope()
    {
        var plan = await _bench.PlanAsync("data");
        _bench.Options = _bench.Options with { Scope = [DatasetName.Parse("backup/hosts/alpha")] };
        _bench.Start();
        var outcome = await _bench.RunAsync(
            plan with
            {
                Target = plan.Target with { Dataset = "backup/hosts/alpha/data", Root = "backup/hosts/alpha" },
            }
        );
        outcome.ErrorKind.ShouldBe("outside_scope");
        outcome.ErrorText!.ShouldContain("backup/hosts is outside");
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/hosts"))).ShouldBeNull();
    }

    [Fact, Trait("Scenario", "101")]
    public async Task A_base_that_was_pruned_after_planning_is_refused_and_nothing_is_sent()
    {
        await _bench.SyncAsync("data");
        _bench.Snapshot("tank/data", "c");
        _bench.Snapshot("tank/data", "d");
        var plan = await _bench.PlanAsync("data");
        _bench.Source.Zfs("destroy tank/data@b");
        _ = _bench.NewCommands;
        var outcome = await _bench.RunAsync(plan);
        outcome.Result.ShouldBe(OutcomeResult.Refused);
        outcome.ErrorKind.ShouldBe("stale_plan");
        _bench.NewCommands.ShouldNotContain(line => line.Contains("zfs send", StringComparison.Ordinal));
        (await _bench.SyncAsync("data")).Result.ShouldBe(OutcomeResult.Done);
    }

    [Fact, Trait("Scenario", "57")]
    public async Task The_bookmark_continues_where_the_common_snapshot_was_destroyed()
    {
        await _bench.SyncAsync("data");
        _bench.Source.Zfs("destroy tank/data@a,b");
        _bench.Snapshot("tank/data", "c");
        var plan = await _bench.PlanAsync("data");
        plan.Steps.ShouldHaveSingleItem().FromBookmark.ShouldBeTrue();
        (await _bench.RunAsync(plan)).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b", "c"]);
    }

    [Fact, Trait("Scenario", "51")]
    public async Task A_snapshot_destroyed_between_plan_and_send_is_simply_missing()
    {
        await _bench.SyncAsync("data");
        foreach (var label in new[] { "c", "d", "e" })
            _bench.Snapshot("tank/data", label);
        var plan = await _bench.PlanAsync("data");
        _bench.Source.Zfs("destroy tank/data@d");
        (await _bench.RunAsync(plan)).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b", "c", "e"]);
    }

    [Fact]
    public async Task A_transfer_between_two_pools_of_one_host_needs_no_ssh()
    {
        _bench.Target.AddPool("local");
        _bench.Target.Zfs("create local/data");
        _bench.Target.Write("local/data", "file", 500_000);
        _bench.Target.Zfs("snapshot local/data@one");
        var guid = SnapshotGuid.Parse(_bench.Target.Zfs("get -Hp -o value guid local/data@one").Trim());
        var plan = await _bench.PlanAsync("data");
        var outcome = await _bench.RunAsync(
            plan with
            {
                Source = plan.Target with { Dataset = "local/data", Root = "local" },
                Steps =
                [
                    new()
                    {
                        Kind = StepKind.Full,
                        ToGuid = guid,
                        ToName = "one",
                    },
                ],
            }
        );
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        outcome.ArrivedGuid.ShouldBe(guid);
        _bench.Witness.Inventory["local/data"].Bookmarks!.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_push_sends_from_here_and_receives_there()
    {
        _bench.Target.Zfs("create backup/mine");
        _bench.Target.Write("backup/mine", "file", 500_000);
        _bench.Target.Zfs("snapshot backup/mine@one");
        var guid = SnapshotGuid.Parse(_bench.Target.Zfs("get -Hp -o value guid backup/mine@one").Trim());
        var plan = await _bench.PlanAsync("data");
        var outcome = await _bench.RunAsync(
            plan with
            {
                Source = plan.Target with { Dataset = "backup/mine" },
                Target = plan.Source with { Dataset = "tank/theirs" },
                Steps =
                [
                    new()
                    {
                        Kind = StepKind.Full,
                        ToGuid = guid,
                        ToName = "one",
                    },
                ],
            }
        );
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        (await _bench.LabelsAsync("alpha", "tank/theirs")).ShouldBe(["one"]);
        _bench.Target.Zfs("list -H -t bookmark -o name").ShouldContain("backup/mine#zfs-sync-");
    }

    [Fact, Trait("Scenario", "50")]
    public async Task A_transfer_without_a_byte_is_ended_with_a_clear_error()
    {
        await HangAsync();
        var run = _bench.SyncAsync("data");
        for (var i = 0; i < 2000 && !run.IsCompleted; i++)
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }
        var outcome = await run;
        outcome.ErrorKind.ShouldBe("stuck");
        outcome.ErrorText!.ShouldContain("Not a single byte");
        (await _bench.MarksAsync("data")).HasHolds.ShouldBeFalse();
    }

    [Fact]
    public async Task A_person_who_asks_to_stop_is_heard_and_what_arrived_stays()
    {
        await HangAsync(afterBytes: 200_000);
        _bench.Witness.StopAsked = true;
        var outcome = await EndAsync(_bench.SyncAsync("data"));
        outcome.ErrorKind.ShouldBe("stopped");
        (await _bench.PlanAsync("data")).Steps[0].Kind.ShouldBe(StepKind.Resume);
    }

    [Fact]
    public async Task A_lost_lease_ends_the_transfer()
    {
        await HangAsync();
        _bench.Witness.ProgressRefusal = System.Net.HttpStatusCode.Conflict;
        (await EndAsync(_bench.SyncAsync("data"))).ErrorKind.ShouldBe("lease_lost");
    }

    [Fact]
    public async Task An_outcome_that_was_not_acknowledged_is_sent_again()
    {
        _bench.Fleet.OnStep = (step, _) =>
        {
            // From here on the witness is away: what runs is finished.
            if (step.Bytes > 0)
                _bench.Witness.IsAway = true;
            return ValueTask.CompletedTask;
        };
        _bench.Witness.Pending.Add(await _bench.PlanAsync("data"));
        await _bench.Agent.Instructions.TakeAsync(TimeSpan.Zero, default);
        await _bench.Agent.Instructions.IdleAsync();
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b"]);
        _bench.Witness.Outcomes.ShouldBeEmpty();
        _bench.Fleet.OnStep = null;
        _bench.Witness.IsAway = false;
        _bench.Start();
        await _bench.Agent.Instructions.RecoverAsync(default);
        await _bench.Agent.Instructions.TakeAsync(TimeSpan.Zero, default);
        _bench.Witness.Outcomes.ShouldHaveSingleItem().Outcome.Result.ShouldBe(OutcomeResult.Done);
    }

    [Theory]
    [InlineData("tank/other", "is not below the member's root")]
    [InlineData("backup", "is not below the member's root")]
    [InlineData("-F", "does not start with a letter")]
    public async Task A_target_out_of_bounds_is_refused(string dataset, string why)
    {
        var plan = await _bench.PlanAsync("data");
        var outcome = await _bench.RunAsync(
            plan with
            {
                Target = plan.Target with { Dataset = dataset, Root = "backup/here" },
            }
        );
        outcome.Result.ShouldBe(OutcomeResult.Refused);
        outcome.ErrorText!.ShouldContain(why);
    }

    [Theory]
    [InlineData("-oProxyCommand=evil")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task A_hostile_ssh_name_is_refused(string host)
    {
        var plan = await _bench.PlanAsync("data");
        var outcome = await _bench.RunAsync(plan with { Source = plan.Source with { SshHostname = host } });
        outcome.Result.ShouldBe(OutcomeResult.Refused);
    }

    [Fact, Trait("Scenario", "92")]
    public async Task A_remote_side_without_an_address_is_refused_and_not_run_here()
    {
        var plan = await _bench.PlanAsync("data");
        var outcome = await _bench.RunAsync(plan with { Source = plan.Source with { SshHostname = null } });
        outcome.Result.ShouldBe(OutcomeResult.Refused);
        outcome.ErrorText!.ShouldContain("no ssh name");
    }

    [Fact]
    public async Task An_unreachable_source_is_told_as_such()
    {
        var plan = await _bench.PlanAsync("data");
        _bench.Fleet.Disconnect("alpha");
        (await _bench.RunAsync(plan)).ErrorKind.ShouldBe("unreachable");
    }

    [Fact]
    public async Task Holds_that_could_not_be_released_are_released_later()
    {
        _bench.Fleet.OnStep = (step, _) =>
        {
            if (step.Bytes > 1_000_000)
                _bench.Fleet.Disconnect("alpha");
            return ValueTask.CompletedTask;
        };
        await _bench.SyncAsync("data");
        _bench.Fleet.OnStep = null;
        _bench.Fleet.Reconnect("alpha");
        (await _bench.MarksAsync("data")).HasHolds.ShouldBeTrue();
        _bench.Start();
        _bench.Clock.Advance(TimeSpan.FromMinutes(10));
        await _bench.Agent.Instructions.RecoverAsync(default);
        await _bench.Agent.Instructions.TakeAsync(TimeSpan.Zero, default);
        (await _bench.MarksAsync("data")).HasHolds.ShouldBeFalse();
    }

    [Fact]
    public async Task Holds_that_nobody_remembers_are_released_before_the_edge_runs_again()
    {
        _bench.Source.Zfs($"hold zfs-sync-{AgentBench.Edge} tank/data@a");
        _bench.Source.Zfs("hold zfs-sync-fedcba9876543210 tank/data@b");
        (await _bench.SyncAsync("data")).Result.ShouldBe(OutcomeResult.Done);
        _bench.Source.Zfs("holds -H tank/data@a").ShouldNotContain("zfs-sync");
        _bench.Source.Zfs("holds -H tank/data@b").ShouldContain("fedcba9876543210");
    }

    [Fact, Trait("Scenario", "52"), Trait("Scenario", "56")]
    public async Task One_dataset_that_is_gone_does_not_hold_up_the_others()
    {
        _bench.Source.Zfs("create tank/other");
        _bench.Snapshot("tank/other", "a");
        var gone = await _bench.PlanAsync("data");
        var other = (await _bench.PlanAsync("other")) with { EdgeId = "fedcba9876543210" };
        _bench.Source.Zfs("destroy -r tank/data");
        (await _bench.RunAsync(gone)).ErrorKind.ShouldBe("stale_plan");
        (await _bench.RunAsync(other)).Result.ShouldBe(OutcomeResult.Done);
    }

    private Task HangAsync(long afterBytes = 0)
    {
        _bench.Fleet.OnStep = async (step, cancellation) =>
        {
            if (step.Bytes > afterBytes)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        };
        return Task.CompletedTask;
    }

    private async Task<OutcomeReport> EndAsync(Task<OutcomeReport> run)
    {
        for (var i = 0; i < 2000 && !run.IsCompleted; i++)
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return await run;
    }
}
