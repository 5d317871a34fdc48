using Shouldly;
using Xunit;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Agent;

/// <summary>Holds that stayed on a source because it went away.</summary>
public sealed class LeftHoldTests : IDisposable
{
    private readonly AgentBench _bench = new();

    public LeftHoldTests()
    {
        foreach (var name in new[] { "one", "two", "three" })
        {
            _bench.Source.Zfs($"create tank/{name}");
            _bench.Snapshot($"tank/{name}", "a", bytes: 3_000_000);
        }
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_source_that_does_not_answer_is_asked_once_for_all_its_holds()
    {
        var plans = new List<Instruction>();
        foreach (var name in new[] { "one", "two", "three" })
            plans.Add((await _bench.PlanAsync(name)) with { EdgeId = $"{plans.Count:x16}" });
        foreach (var plan in plans)
        {
            _bench.Fleet.Reconnect("alpha");
            await RunAndLoseSourceAsync(plan);
        }
        var runner = new SourceCounter(_bench.Fleet.RunnerOn("beta"));
        _bench.Start(runner);
        await _bench.Agent.Instructions.RecoverAsync(default);
        _bench.Clock.Advance(TimeSpan.FromMinutes(10));

        await _bench.Agent.Instructions.TakeAsync(TimeSpan.Zero, default);

        runner.Asked.ShouldBe(1, "each question takes as long as ssh waits for an answer");
        _bench.Fleet.Reconnect("alpha");
        _bench.Clock.Advance(TimeSpan.FromMinutes(10));
        await _bench.Agent.Instructions.TakeAsync(TimeSpan.Zero, default);
        foreach (var name in new[] { "one", "two", "three" })
            (await _bench.MarksAsync(name)).HasHolds.ShouldBeFalse(name);
    }

    [Fact]
    public async Task Holds_that_could_not_be_released_go_with_the_next_transfer_of_their_edge()
    {
        await RunAndLoseSourceAsync(await _bench.PlanAsync("one"));
        _bench.Fleet.Reconnect("alpha");
        _bench.Snapshot("tank/one", "later");

        await _bench.SyncAsync("one");

        (await _bench.MarksAsync("one")).HasHolds.ShouldBeFalse("nobody waits for minutes when the source answers");
    }

    [Fact]
    public async Task Holds_on_a_source_that_was_renamed_meanwhile_are_released_where_they_are()
    {
        _bench.Fleet.OnStep = (step, _) =>
        {
            if (step.Bytes > 1_000_000 && _bench.Source.State.FindDataset("tank/one") is not null)
                _bench.Source.Zfs("rename tank/one tank/moved");
            return ValueTask.CompletedTask;
        };
        await _bench.RunAsync(await _bench.PlanAsync("one"));
        _bench.Fleet.OnStep = null;

        (await _bench.MarksAsync("moved")).HasHolds.ShouldBeFalse();
    }

    [Fact]
    public async Task Holds_that_nobody_remembers_go_within_an_hour_and_those_of_others_stay()
    {
        const string Forgotten = "zfs-sync-00000000000000aa";
        string[] others = ["zfs-sync-00000000000000bb", "zfs-sync-other", "mine"];
        _bench.Target.Zfs("create backup/kept");
        _bench.Target.Zfs("snapshot backup/kept@a");
        await LookAsync();
        foreach (var tag in others.Append(Forgotten))
            _bench.Target.Zfs($"hold {tag} backup/kept@a");
        _bench.Witness.ForgottenEdges.Add("00000000000000aa");

        await LookAsync();
        HeldOnTarget().ShouldContain(Forgotten, "a survey of what changed does not look at holds");

        _bench.Clock.Advance(TimeSpan.FromHours(1));
        await LookAsync();
        HeldOnTarget().ShouldBe(others, ignoreOrder: true);

        async Task LookAsync()
        {
            _bench.Clock.Advance(TimeSpan.FromMinutes(6));
            await _bench.Agent.Reports.ReportAsync(default(CancellationToken));
            await _bench.Agent.Instructions.TakeAsync(TimeSpan.Zero, default);
        }

        List<string> HeldOnTarget() =>
            [.. _bench.Target.State.FindDataset("backup/kept")!.Snapshots.Single().HoldSecondsByTag.Keys];
    }

    private async Task RunAndLoseSourceAsync(Instruction plan)
    {
        _bench.Fleet.OnStep = (step, _) =>
        {
            if (step.Bytes > 1_000_000)
                _bench.Fleet.Disconnect("alpha");
            return ValueTask.CompletedTask;
        };
        await _bench.RunAsync(plan);
        _bench.Fleet.OnStep = null;
        (await _bench.MarksAsync(plan.LogicalDataset)).HasHolds.ShouldBeTrue();
    }

    /// <summary>Counts what is asked of the source.</summary>
    private sealed class SourceCounter(ICommandRunner inner) : ICommandRunner
    {
        public int Asked { get; private set; }

        public Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation)
        {
            if (command.On is not null)
                Asked++;
            return inner.RunAsync(command, onLine, cancellation);
        }

        public Task<PipeResult> PipeAsync(
            IReadOnlyList<Command> stages,
            PipeOptions options,
            CancellationToken cancellation
        ) => inner.PipeAsync(stages, options, cancellation);
    }
}
