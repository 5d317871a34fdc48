using ZfsSync.Simulation.Streams;
using ZfsSync.Simulation.Zfs;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Simulation;

/// <summary>One zfs send whose stream flows, perhaps through filters, into its zfs receive.</summary>
/// <param name="fleet">Where it flows.</param>
/// <param name="shape">Of the pipe.</param>
/// <param name="turn">Which of the pipe's senders, and receivers.</param>
/// <param name="places">Where the pipe's stages run.</param>
/// <param name="line">The pipe, for people.</param>
internal sealed class SimulatedStream(
    SimulatedFleet fleet,
    PipeShape shape,
    int turn,
    IReadOnlyList<Placement> places,
    string line
)
{
    private const int ExitOfSigPipe = 141;
    private const int ExitOfKill = 137;

    private readonly Dictionary<int, CommandResult> _broken = [];
    private ZfsCall? _send;
    private ZfsCall? _receive;
    private ReceiveSession? _session;
    private long _bytes;

    /// <param name="onBytes">Gets the stream's bytes so far.</param>
    /// <param name="cancellation">Kills both sides.</param>
    /// <returns>How each stage would have ended after it, and the stream's bytes.</returns>
    public async Task<PipeResult> FlowAsync(Action<long> onBytes, CancellationToken cancellation)
    {
        _send = CallOf(shape.Senders[turn], places[0]);
        _receive = CallOf(shape.Receivers[turn], places[^1]);
        await fleet.StepAsync(new FleetStep(places[0].HostName, line, null), cancellation);
        SendStream? stream;
        lock (fleet.Gate)
        {
            Break();
            stream = Start();
            Pin(stream, 1);
        }
        try
        {
            await FlowAsync(stream, onBytes, cancellation);
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
        return new PipeResult(Results(), _bytes);
    }

    private static ZfsCall? CallOf(Command command, Placement place) =>
        place.Failure is null ? place.Host!.Call(command, place.User) : null;

    /// <summary>What keeps the stream from its receiver, before the first byte.</summary>
    private void Break()
    {
        for (var i = 0; i < shape.Stages.Count; i++)
        {
            if (shape.Stages[i].Packing != 0 && places[i].Host?.Lacks("zstd") is true)
                _broken[i] = new CommandResult(1, "", "sh: 1: zstd: not found\n");
            else if (shape.Stages[i].Packing < 0 && (_broken.Count > 0 || shape.UnpacksPlain))
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
                    var arriving = _broken.Count > 0 || shape.ArrivesPacked ? null : stream;
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

    private async Task FlowAsync(SendStream? stream, Action<long> onBytes, CancellationToken cancellation)
    {
        var total = stream?.Bytes ?? 0;
        var fault = TakeFault(total);
        var limit = _broken.Count > 0 || shape.ArrivesPacked ? 0 : fault?.PlaceIn(total) ?? total;
        while (_bytes < limit && _session is { HasFailed: false })
        {
            _bytes = Math.Min(limit, _bytes + Math.Max(65_536, total / 8));
            await fleet.StepAsync(new FleetStep(places[0].HostName, line, _bytes), cancellation);
            lock (fleet.Gate)
                _session.Advance(_bytes);
            onBytes(_bytes);
        }
        lock (fleet.Gate)
            End(fault, total);
    }

    private StreamFault? TakeFault(long total)
    {
        lock (fleet.Gate)
            return _session is null ? null : fleet.TakeFault(shape.Receivers[turn].Arguments[^1], total);
    }

    private void End(StreamFault? fault, long total)
    {
        var end = fault?.Kind switch
        {
            StreamFaultKind.ReceiverKilled => StreamEnd.Killed,
            // zstd notices, and what it had unpacked until then is an early end.
            StreamFaultKind.Garbled when !shape.Stages.Any(stage => stage.Packing < 0) => StreamEnd.Garbled,
            _ when shape.ArrivesPacked => StreamEnd.Garbled,
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
        var unpacking = shape.Stages.ToList().FindIndex(stage => stage.Packing < 0);
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
            .. shape.Stages.Select(
                (stage, i) =>
                {
                    var filter = _broken.GetValueOrDefault(i) ?? new CommandResult(0, "", "");
                    var call =
                        i == 0 ? _send
                        : i == shape.Stages.Count - 1 ? _receive
                        : null;
                    if (stage.Zfs.Count == 0)
                        return filter;
                    var zfs = Result(call, places[i]);
                    return zfs with { ErrorTail = filter.ErrorTail + zfs.ErrorTail };
                }
            ),
        ];

    private static CommandResult Result(ZfsCall? call, Placement place) =>
        call is null ? place.Failure! : new CommandResult(call.ExitCode, "", call.Errors.ToString());
}
