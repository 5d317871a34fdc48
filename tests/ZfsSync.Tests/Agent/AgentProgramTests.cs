using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;
using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Agent.Systemd;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Tests.Agent;

public sealed class AgentProgramTests : IDisposable
{
    private readonly AgentBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task It_reports_works_and_stops_when_it_is_told_to()
    {
        _bench.Source.Zfs("create tank/data");
        _bench.Snapshot("tank/data", "a");
        _bench.Witness.Pending.Add(await _bench.PlanAsync("data"));
        using var stop = new CancellationTokenSource();
        var agent = StartAsync(stop.Token);
        await UntilAsync(() => _bench.Witness.Outcomes.Count > 0);
        await stop.CancelAsync();
        await agent.WaitAsync(TimeSpan.FromSeconds(30));
        _bench.Witness.Outcomes.ShouldHaveSingleItem().Outcome.Result.ShouldBe(OutcomeResult.Done);
        _bench.Witness.Inventory.ShouldContainKey("backup/data");
    }

    [Fact]
    public async Task A_stop_in_the_middle_leaves_a_partial_receive_and_no_hold()
    {
        _bench.Source.Zfs("create tank/data");
        _bench.Snapshot("tank/data", "a", bytes: 4_000_000);
        var flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Fleet.OnStep = async (step, cancellation) =>
        {
            if (step.Bytes is not >= 2_000_000)
                return;
            flowing.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        };
        var plan = await _bench.PlanAsync("data");
        _bench.Witness.Pending.Add(plan);
        using var stop = new CancellationTokenSource();
        var agent = StartAsync(stop.Token);
        await flowing.Task.WaitAsync(TimeSpan.FromSeconds(30));
        _bench.Fleet.OnStep = null;
        await stop.CancelAsync();
        await agent.WaitAsync(TimeSpan.FromSeconds(30));
        (await _bench.MarksAsync("data")).HasHolds.ShouldBeFalse();
        (await _bench.PlanAsync("data")).Steps[0].Kind.ShouldBe(StepKind.Resume);
    }

    [Fact]
    public async Task A_host_that_has_not_joined_is_told_how() =>
        (await Should.ThrowAsync<AgentException>(() => RunAsync(_bench.Options, default))).Message.ShouldContain(
            "zfs-sync join"
        );

    [Fact]
    public async Task Systemd_hears_how_it_is()
    {
        var path = Path.Combine(Path.GetTempPath(), $"zfs-sync-{Guid.NewGuid():N}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        await using (var service = ServiceNotifier.For(path, TimeSpan.FromSeconds(30), _bench.Clock))
        {
            Read().ShouldBe("READY=1");
            service.Status("two\nlines");
            Read().ShouldBe("STATUS=two lines");
            _bench.Clock.Advance(TimeSpan.FromSeconds(15));
            Read().ShouldBe("WATCHDOG=1");
            service.Stopping();
            Read().ShouldBe("STOPPING=1");
        }
        File.Delete(path);
        await using var nobody = ServiceNotifier.For(path, null, _bench.Clock);

        string Read()
        {
            var bytes = new byte[200];
            return Encoding.UTF8.GetString(bytes, 0, listener.Receive(bytes));
        }
    }

    private Task StartAsync(CancellationToken stop)
    {
        new AgentIdentity
        {
            Witness = _bench.Options.Witness,
            SystemId = new Guid(2, 0, 0, new byte[8]),
            Hostname = "beta",
            AgentId = "bench",
            ApiKey = "key",
        }.Save(_bench.Options.KeyFile);
        return RunAsync(_bench.Options, stop);
    }

    private Task RunAsync(AgentOptions options, CancellationToken stop) =>
        AgentProgram.RunAsync(
            options,
            _bench.Fleet.RunnerOn("beta"),
            WitnessClient.Connect(new HttpClient(_bench.Witness, disposeHandler: false), options.Witness, "key"),
            _bench.Clock,
            new Random(1),
            (_, _) => { },
            stop
        );

    private async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 100_000 && !condition(); i++)
        {
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        condition().ShouldBeTrue();
    }
}
