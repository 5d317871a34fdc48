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

    private readonly PipeShape _shape = PipeShape.Of(stages);
    private readonly Dictionary<int, CommandResult> _broken = [];
    private ZfsCall? _send;
    private ZfsCall? _receive;
    private ReceiveSession? _session;
    private long _bytes;

    public async Task<PipeResult> RunAsync(PipeOptions options, CancellationToken cancellation)
    {
        _send = CallOf(_shape.Sender, places[0]);
        _receive = CallOf(_shape.Receiver, places[^1]);
        RefuseWhatIsMissing();
        await fleet.StepAsync(new FleetStep(places[0].HostName, Line, null), cancellation);
        SendStream? stream;
        lock (fleet.Gate)
        {
            Break();
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
        return new PipeResult(results, _shape.Behind(options.MeasuredBehind, _bytes));
    }

    private string Line => string.Join(" | ", stages.Select(SimulatedRunner.Describe));

    private static ZfsCall? CallOf(Command command, Placement place) =>
        place.Failure is null ? place.Host!.Call(command, place.User) : null;

    /// <summary>On this host all programs are looked up before the first one starts.</summary>
    private void RefuseWhatIsMissing()
    {
        for (var i = 0; i < stages.Count; i++)
        {
            var stage = _shape.Stages[i];
            var program = stage.Filter(stages[i]);
            if (!stage.IsKnown || (stages[i].On is null && places[i].Host?.Lacks(program) is true))
                throw new ToolException(ToolErrorKind.NotInstalled, -1, "", ProgramPackages.Missing(program));
        }
    }

    /// <summary>What keeps the stream from its receiver, before the first byte.</summary>
    private void Break()
    {
        for (var i = 0; i < stages.Count; i++)
        {
            if (_shape.Stages[i].Packing != 0 && places[i].Host?.Lacks("zstd") is true)
                _broken[i] = new CommandResult(1, "", "sh: 1: zstd: not found\n");
            else if (_shape.Stages[i].Packing < 0 && (_broken.Count > 0 || _shape.UnpacksPlain))
                _broken[i] = new CommandResult(
                    1,
                    "",
                    $"zstd: /*stdin*\\: {(_broken.Count > 0 ? "unexpected end of file" : "unsupported format")}\n"
                );
        }
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
                    var arriving = _broken.Count > 0 || _shape.ArrivesPacked ? null : stream;
                    _session = new ReceiveSession(_receive, ReceiveRequest.Parse(_receive), arriving);
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
        var limit = _broken.Count > 0 || _shape.ArrivesPacked ? 0 : fault?.PlaceIn(total) ?? total;
        while (_bytes < limit && _session is { HasFailed: false })
        {
            _bytes = Math.Min(limit, _bytes + Math.Max(65_536, total / 8));
            await fleet.StepAsync(new FleetStep(places[0].HostName, Line, _bytes), cancellation);
            lock (fleet.Gate)
                _session.Advance(_bytes);
            options.OnProgress?.Invoke(_shape.Behind(options.MeasuredBehind, _bytes));
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
            // zstd notices, and what it had unpacked until then is an early end.
            StreamFaultKind.Garbled when !_shape.Stages.Any(stage => stage.Packing < 0) => StreamEnd.Garbled,
            _ when _shape.ArrivesPacked => StreamEnd.Garbled,
            _ => StreamEnd.Eof,
        };
        if (fault is not null)
            BreakUnpacking(fault.Kind);
        _session?.End(end, _bytes);
        if (_receive is not null && end == StreamEnd.Killed)
            _receive.ExitCode = ExitOfKill;
        if (_send is null || _bytes >= total || _send.ExitCode != 0)
            return;
        _send.ExitCode = fault?.Kind == StreamFaultKind.SenderKilled ? ExitOfKill : ExitOfSigPipe;
    }

    private void BreakUnpacking(StreamFaultKind kind)
    {
        var unpacking = _shape.Stages.ToList().FindIndex(stage => stage.Packing < 0);
        if (unpacking < 0 || _broken.Count > 0)
            return;
        _broken[unpacking] = kind switch
        {
            StreamFaultKind.ReceiverKilled => new CommandResult(ExitOfSigPipe, "", ""),
            StreamFaultKind.Garbled => new CommandResult(
                1,
                "",
                "/*stdin*\\ : Decoding error (36) : Data corruption detected \n"
            ),
            _ => new CommandResult(1, "", "/*stdin*\\ : Read error (39) : premature end \n"),
        };
    }

    /// <summary>A shell that runs zfs beside zstd ends with the code of zfs, and both complain.</summary>
    private List<CommandResult> Results() =>
        [
            .. stages.Select(
                (_, i) =>
                {
                    var filter = _broken.GetValueOrDefault(i) ?? new CommandResult(0, "", "");
                    var call =
                        i == 0 ? _send
                        : i == stages.Count - 1 ? _receive
                        : null;
                    if (_shape.Stages[i].Zfs is null)
                        return filter;
                    var zfs = Result(call, places[i]);
                    return zfs with { ErrorTail = filter.ErrorTail + zfs.ErrorTail };
                }
            ),
        ];

    private static CommandResult Result(ZfsCall? call, Placement place) =>
        call is null ? place.Failure! : new CommandResult(call.ExitCode, "", call.Errors.ToString());
}
