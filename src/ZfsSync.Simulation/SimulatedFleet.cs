using ZfsSync.Simulation.Model;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Simulation;

/// <summary>
/// Several simulated hosts that reach each other with ssh by name. Everything is in memory and takes no time; the same
/// seed and the same calls give the same guids, sizes and texts.
/// </summary>
/// <param name="time">The clock of all hosts.</param>
/// <param name="seed">Of every host's guids and contents.</param>
public sealed class SimulatedFleet(TimeProvider time, int seed)
{
    private readonly SortedDictionary<string, SimulatedHost> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unreachable = new(StringComparer.Ordinal);
    private readonly List<StreamFault> _faults = [];
    private readonly List<string> _transcript = [];

    /// <summary>Called before each command, and at steps of each stream: pause here, change a host, or cancel.</summary>
    public Func<FleetStep, CancellationToken, ValueTask>? OnStep { get; set; }

    /// <summary>The hosts by name.</summary>
    public IReadOnlyDictionary<string, SimulatedHost> Hosts => _hosts;

    /// <summary>Every command that ran: host, command line, exit code.</summary>
    public IReadOnlyList<string> Transcript
    {
        get
        {
            lock (_transcript)
                return [.. _transcript];
        }
    }

    internal Lock Gate { get; } = new();

    /// <summary>The host with this name.</summary>
    public SimulatedHost this[string name] => _hosts[name];

    /// <summary>A new host without pools.</summary>
    /// <param name="name">What other hosts call it over ssh.</param>
    /// <param name="release">Its OpenZFS; 2.3 when not given.</param>
    /// <param name="clock">A clock of its own, which may be wrong; the fleet's when not given.</param>
    public SimulatedHost AddHost(string name, ZfsRelease? release = null, TimeProvider? clock = null)
    {
        var random = new Random(HashCodeOf(name) ^ seed);
        var host = new SimulatedHost(new HostState(name, release ?? ZfsRelease.Zfs23, clock ?? time, random), Gate);
        _hosts.Add(name, host);
        return host;
    }

    /// <summary>The commands of a user on a host: what an agent there is given.</summary>
    /// <param name="host">The host that commands without <see cref="Command.On"/> run on.</param>
    /// <param name="user">root, or a user that needs <c>zfs allow</c>.</param>
    public ICommandRunner RunnerOn(string host, string user = "root") => new SimulatedRunner(this, _hosts[host], user);

    /// <summary>ssh to the host fails until <see cref="Reconnect"/>; what runs there by itself goes on.</summary>
    public void Disconnect(string host) => _unreachable.Add(host);

    public void Reconnect(string host) => _unreachable.Remove(host);

    /// <summary>Breaks the next stream that is long enough, once.</summary>
    public void BreakNextStream(StreamFault fault)
    {
        lock (Gate)
            _faults.Add(fault);
    }

    /// <summary>Forgets breaks that no stream met.</summary>
    public void BreakNoStreams()
    {
        lock (Gate)
            _faults.Clear();
    }

    internal bool IsReachable(string host) => !_unreachable.Contains(host);

    internal SimulatedHost? Find(string host) => _hosts.GetValueOrDefault(host);

    internal StreamFault? TakeFault(string into, long streamBytes)
    {
        var fault = _faults.Find(each => each.AfterBytes < streamBytes && (each.Into is null || each.Into == into));
        if (fault is not null)
            _faults.Remove(fault);
        return fault;
    }

    internal void Record(string line)
    {
        lock (_transcript)
            _transcript.Add(line);
    }

    internal async ValueTask StepAsync(FleetStep step, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (OnStep is { } hook)
            await hook(step, cancellation);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>string.GetHashCode differs from run to run.</summary>
    private static int HashCodeOf(string text) => text.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter));
}
