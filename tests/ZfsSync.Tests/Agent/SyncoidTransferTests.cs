using Shouldly;
using Xunit;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Agent;

public sealed class SyncoidTransferTests : IDisposable
{
    private readonly AgentBench _bench = AgentBench.WithData();
    private readonly SyncoidStandIn _syncoid;

    public SyncoidTransferTests()
    {
        _syncoid = new SyncoidStandIn(_bench.Fleet.RunnerOn("beta"));
        _bench.Start(_syncoid);
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Steps_become_one_run_and_the_target_is_read_back_marked_and_let_go()
    {
        _syncoid.Act = () => CarryAsync("43864\n8427696\n", "tank/data@a", "-I @a tank/data@b");
        var outcome = await SyncAsync();
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        outcome.StepsDone.ShouldBe(2);
        outcome.Bytes.ShouldBe(8427696 + 0);
        var run = _syncoid.Runs.ShouldHaveSingleItem();
        run.ShouldContain("--recvoptions=u o readonly=on");
        run.TakeLast(2).ShouldBe(["@alpha:tank/data", "backup/data"]);
        run.ShouldNotContain("--no-stream");
        var (bookmarks, hasHolds) = await _bench.MarksAsync("data");
        bookmarks.ShouldHaveSingleItem().ShouldEndWith($"-{outcome.ArrivedGuid}");
        hasHolds.ShouldBeFalse();
    }

    [Fact]
    public async Task What_came_after_the_plan_arrives_too_and_is_the_new_base()
    {
        _syncoid.Act = () =>
        {
            _bench.Snapshot("tank/data", "c");
            return CarryAsync("", "tank/data@a", "-I @a tank/data@c");
        };
        var outcome = await SyncAsync();
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        var newest = (await _bench.ReadAsync("alpha", Core.Snapshots.DatasetName.Parse("tank/data")))!.Snapshots[^1];
        outcome.ArrivedGuid.ShouldBe(newest.Guid);
        var (bookmarks, _) = await _bench.MarksAsync("data");
        bookmarks.ShouldHaveSingleItem().ShouldEndWith($"-{newest.Guid}");
    }

    [Fact]
    public async Task An_exit_code_of_0_proves_nothing()
    {
        var outcome = await SyncAsync();
        outcome.Result.ShouldBe(OutcomeResult.Failed);
        outcome.ErrorKind.ShouldBe("unproven");
        (await _bench.MarksAsync("data")).HasHolds.ShouldBeFalse();
    }

    [Fact]
    public async Task Its_failure_is_told_in_our_kinds()
    {
        _syncoid.Act = () =>
            Task.FromResult((2, "CRITICAL ERROR: ssh connection echo test failed for alpha with exit code 255\n"));
        var outcome = await SyncAsync();
        outcome.Result.ShouldBe(OutcomeResult.Failed);
        outcome.ErrorKind.ShouldBe("unreachable");
    }

    [Fact]
    public async Task Without_syncoid_nothing_is_changed_and_the_error_says_what_to_install()
    {
        _bench.Start();
        var outcome = await SyncAsync();
        outcome.Result.ShouldBe(OutcomeResult.Failed);
        outcome.ErrorKind.ShouldBe("not_installed");
        outcome.ErrorText!.ShouldContain("syncoid is not installed");
        var (bookmarks, hasHolds) = await _bench.MarksAsync("data");
        bookmarks.ShouldBeEmpty();
        hasHolds.ShouldBeFalse();
        ProgramPackages.Missing("syncoid").ShouldContain("package sanoid");
    }

    [Fact]
    public async Task A_limit_that_could_not_be_kept_is_refused()
    {
        var plan = await _bench.PlanAsync("data");
        var outcome = await _bench.RunAsync(
            plan with
            {
                Engine = TransferEngine.Syncoid,
                BandwidthBytesPerSecond = 1_000_000,
            }
        );
        outcome.ErrorKind.ShouldBe("not_installed");
        outcome.ErrorText!.ShouldContain("install the package mbuffer on alpha");
        _syncoid.Runs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_property_that_syncoid_would_not_quote_is_refused_before_anything_is_changed()
    {
        var plan = await _bench.PlanAsync("data");
        var outcome = await _bench.RunAsync(
            plan with
            {
                Engine = TransferEngine.Syncoid,
                ReceiveProperties = new Dictionary<string, string> { ["mountpoint"] = "/a b" },
            }
        );
        outcome.Result.ShouldBe(OutcomeResult.Refused);
        outcome.ErrorText!.ShouldContain("would not quote");
        _syncoid.Runs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_newest_is_asked_for_only_where_an_older_one_is_left_out()
    {
        _bench.Policy = new EdgePolicy { Initial = InitialSend.NewestOnly };
        _syncoid.Act = () => CarryAsync("", "tank/data@b");
        (await SyncAsync()).Result.ShouldBe(OutcomeResult.Done);
        _syncoid.Runs.ShouldHaveSingleItem().ShouldContain("--no-stream");
    }

    private async Task<OutcomeReport> SyncAsync()
    {
        var plan = await _bench.PlanAsync("data");
        return await _bench.RunAsync(plan with { Engine = TransferEngine.Syncoid });
    }

    /// <summary>The streams that syncoid would carry.</summary>
    private async Task<(int, string)> CarryAsync(string output, params string[] sends)
    {
        var beta = _bench.Fleet.RunnerOn("beta");
        foreach (var send in sends)
        {
            var result = await beta.PipeAsync(
                [
                    new Command("zfs", ["send", .. send.Split(' ')]).At(new SshTarget("alpha")),
                    new Command("zfs", "receive", "-s", "-u", "backup/data"),
                ],
                PipeOptions.None,
                default
            );
            result.IsSuccess.ShouldBeTrue(string.Join('\n', result.Stages.Select(stage => stage.ErrorTail)));
        }
        return (0, output);
    }
}
