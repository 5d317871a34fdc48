using ZfsSync.Simulation.Streams;
using ZfsSync.Simulation.Zfs;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Simulation;

/// <summary>A zfs send whose stream flows, perhaps through filters, into a zfs receive.</summary>
internal sealed class SimulatedPipe(
    SimulatedFleet fleet,
    IReadOnlyList<Command> stages,
    IReadOnlyList<Placement> places
)
{
    private const int ExitOfSigPipe = 141;
    private const int ExitOfKill = 137;
    private static readonly string[] Filters = ["zstd", "pv", "mbuffer", "lzop", "cat"];

    private readonly ZfsCall? _send = CallOf(stages[0], places[0]);
    private readonly ZfsCall? _receive = CallOf(stages[^1], places[^1]);
    private ReceiveSession? _session;
    private long _bytes;

    public async Task<PipeResult> RunAsync(PipeOptions options, CancellationToken cancellation)
    {
        RefuseWhatIsNotModelled();
        await fleet.StepAsync(new FleetStep(places[0].HostName, Line, null), cancellation);
        SendStream? stream;
        lock (fleet.Gate)
        {
            stream = Start();
            Pin(stream, 1);
        }
        try
        {
            await FlowAsync(stream, options, cancellation);
        }
        catch
        {
            lock (fleet.Gate)
                _session?.End(StreamEnd.Killed, _bytes);
            throw;
        }
        finally
        {
            lock (fleet.Gate)
                Pin(stream, -1);
        }
        var results = Results();
        fleet.Record(
            $"{places[0].HostName}$ {Line} -> {string.Join(' ', results.Select(result => result.ExitCode))}, {_bytes} bytes"
        );
        return new PipeResult(results, _bytes);
    }

    private string Line => string.Join(" | ", stages.Select(SimulatedRunner.Describe));

    private static ZfsCall? CallOf(Command command, Placement place) =>
        place.Failure is null ? place.Host!.Call(command, place.User) : null;

    private void RefuseWhatIsNotModelled()
    {
        if (
            SimulatedHost.CommandName(stages[0]) != "send"
            || SimulatedHost.CommandName(stages[^1]) is not ("receive" or "recv")
        )
            throw new NotSupportedException($"a simulated pipe goes from zfs send to zfs receive, not {Line}");
        var unknown = stages
            .Skip(1)
            .SkipLast(1)
            .FirstOrDefault(stage => !Filters.Contains(Path.GetFileName(stage.Program)));
        if (unknown is not null)
            throw new ToolException(
                ToolErrorKind.NotInstalled,
                -1,
                "",
                $"{unknown.Program} is not installed: install it, or do without"
            );
    }

    private SendStream? Start()
    {
        var stream = _send is null ? null : Try(_send, () => SendCommand.Run(_send));
        if (_receive is not null)
        {
            Try(
                _receive,
                () =>
                {
                    _session = new ReceiveSession(_receive, ReceiveRequest.Parse(_receive), stream);
                    return stream;
                }
            );
        }
        return stream;
    }

    private static SendStream? Try(ZfsCall call, Func<SendStream?> act)
    {
        try
        {
            return act();
        }
        catch (ZfsFailure failure)
        {
            call.Complain(failure.Message.TrimEnd('\n'));
            call.ExitCode = failure.ExitCode;
            return null;
        }
    }

    /// <summary>A snapshot that is being sent cannot be destroyed.</summary>
    private void Pin(SendStream? stream, int change)
    {
        foreach (var part in stream?.Parts ?? [])
        {
            if (places[0].Host!.State.FindSnapshot(part.Begin.ToName) is { } snapshot)
                snapshot.Readers += change;
        }
    }

    private async Task FlowAsync(SendStream? stream, PipeOptions options, CancellationToken cancellation)
    {
        var total = stream?.Bytes ?? 0;
        var fault = TakeFault(total);
        var limit = fault?.AfterBytes ?? total;
        while (_bytes < limit && _session is { HasFailed: false })
        {
            _bytes = Math.Min(limit, _bytes + Math.Max(65_536, total / 8));
            await fleet.StepAsync(new FleetStep(places[0].HostName, Line, _bytes), cancellation);
            lock (fleet.Gate)
                _session.Advance(_bytes);
            options.OnProgress?.Invoke(_bytes);
        }
        lock (fleet.Gate)
            End(fault, total);
    }

    private StreamFault? TakeFault(long total)
    {
        lock (fleet.Gate)
            return _session is null ? null : fleet.TakeFault(stages[^1].Arguments[^1], total);
    }

    private void End(StreamFault? fault, long total)
    {
        var end = fault?.Kind switch
        {
            StreamFaultKind.ReceiverKilled => StreamEnd.Killed,
            StreamFaultKind.Garbled => StreamEnd.Garbled,
            _ => StreamEnd.Eof,
        };
        _session?.End(end, _bytes);
        if (_receive is not null && end == StreamEnd.Killed)
            _receive.ExitCode = ExitOfKill;
        if (_send is null || _bytes >= total || _send.ExitCode != 0)
            return;
        _send.ExitCode = fault?.Kind == StreamFaultKind.SenderKilled ? ExitOfKill : ExitOfSigPipe;
    }

    private List<CommandResult> Results() =>
        [
            Result(_send, places[0]),
            .. stages.Skip(1).SkipLast(1).Select(_ => new CommandResult(0, "", "")),
            Result(_receive, places[^1]),
        ];

    private static CommandResult Result(ZfsCall? call, Placement place) =>
        call is null ? place.Failure! : new CommandResult(call.ExitCode, "", call.Errors.ToString());
}
