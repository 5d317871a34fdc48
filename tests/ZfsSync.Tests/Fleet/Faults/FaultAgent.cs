using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Contracts.Client;
using ZfsSync.Simulation;
using ZfsSync.Tests.Agent;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>
/// The real agent of one simulated host, as a process: what it does may be stopped for a while before any of its steps, or
/// for good. Its loops are the story's.
/// </summary>
internal sealed class FaultAgent(FaultWorld world, string host, AgentIdentity identity, string directory, int seed)
    : IDisposable
{
    private static readonly AsyncLocal<FaultAgent?> Current = new();

    /// <summary>What may end the process that this code runs in: what still waits in one that died must not go on in the next.</summary>
    private static readonly AsyncLocal<Kill?> Life = new();
    private readonly List<TaskCompletionSource> _paused = [];
    private AgentParts? _parts;
    private Kill _kill = new(int.MaxValue);
    private int? _pauseIn;
    private string? _pauseAt;
    private Task _report = Task.CompletedTask;
    private Task _work = Task.CompletedTask;
    private int _starts;

    public string Host => host;

    public string Directory => directory;

    public AgentIdentity Identity { get; set; } = identity;

    public List<string> Log { get; } = [];

    /// <summary>
    /// The instructions that it was given and has not told the outcome of, in this life of it, and when its lease ends by the
    /// witness's clock.
    /// </summary>
    public Dictionary<Guid, DateTimeOffset> Executing { get; } = [];

    /// <summary>When what it now reports was looked at first.</summary>
    public int LooksSince { get; private set; }

    public bool IsPaused => _paused.Count > 0;

    public bool IsBusy => !_report.IsCompleted || !_work.IsCompleted || IsPaused;

    /// <summary>The agent on whose behalf this code runs.</summary>
    public static FaultAgent? Here => Current.Value;

    public SkewedTime Clock => world.ClockOf(host);

    /// <summary>The process dies before its n-th step from now: a command, a piece of a stream, a request, a write of the journal.</summary>
    public void KillAtStep(int step) => _kill.StrikeIn(step);

    /// <summary>The process stands still at its n-th command or piece of a stream from now.</summary>
    public void PauseAtStep(int step) => _pauseIn = step;

    /// <summary>The process stands still in the middle of its next stream.</summary>
    public void PauseIn(string command) => _pauseAt = command;

    /// <summary>Nothing more is to happen to it.</summary>
    public void DropTraps()
    {
        _pauseIn = null;
        _kill.StrikeIn(int.MaxValue);
    }

    /// <summary>The process ends now; its host goes on.</summary>
    public void Kill()
    {
        _kill.StrikeIn(0);
        Release(new AgentKilledException());
        Reap();
        Stop();
    }

    public async Task ResumeAsync()
    {
        Release(null);
        await ReapAsync();
    }

    public async Task ReportAsync()
    {
        if (!_report.IsCompleted)
            return;
        if (_work.IsCompleted && !IsPaused)
            LooksSince = world.Now;
        _report = LiveAsync(parts => parts.Reports.ReportAsync(default));
        await ReapAsync();
    }

    /// <summary>Asks once for work, and begins it.</summary>
    public async Task WorkAsync()
    {
        if (!_work.IsCompleted)
            return;
        if (_report.IsCompleted && !IsPaused)
            LooksSince = world.Now;
        _work = LiveAsync(async parts =>
        {
            try
            {
                await parts.Instructions.TakeAsync(TimeSpan.Zero, default);
            }
            catch (WitnessException fault)
            {
                Log.Add(fault.Message);
            }
        });
        await ReapAsync();
    }

    /// <summary>Called at each step of its commands.</summary>
    public async ValueTask StepAsync(FleetStep step)
    {
        world.Stats.Steps++;
        var kill = Life.Value ?? _kill;
        kill.Check(step.Command);
        if (_pauseAt is not null && step.Bytes > 0 && step.Command.Contains(_pauseAt, StringComparison.Ordinal))
            (_pauseAt, _pauseIn) = (null, 1);
        if (_pauseIn is not { } left || --left > 0)
        {
            if (_pauseIn is not null)
                _pauseIn--;
            return;
        }
        _pauseIn = null;
        var pause = new TaskCompletionSource();
        _paused.Add(pause);
        await pause.Task;
        kill.Check(step.Command);
    }

    public void Dispose()
    {
        Kill();
        Release(new AgentKilledException());
    }

    private void Release(Exception? fault)
    {
        while (_paused.Count > 0)
        {
            var pause = _paused[0];
            _paused.RemoveAt(0);
            if (fault is null)
                pause.SetResult();
            else
                pause.SetException(fault);
        }
    }

    private async Task LiveAsync<T>(Func<AgentParts, Task<T>> act) =>
        await LiveAsync(async parts =>
        {
            await act(parts);
        });

    private async Task LiveAsync(Func<AgentParts, Task> act)
    {
        (Current.Value, Life.Value) = (this, _kill);
        if (_parts is null)
        {
            Start();
            await _parts!.Instructions.RecoverAsync(default);
        }
        await act(_parts!);
    }

    private async Task ReapAsync()
    {
        await StoryThread.SettleAsync();
        Reap();
    }

    /// <summary>Looks after tasks that ended: a process that was killed is gone; one that ended of itself is a bug.</summary>
    private void Reap()
    {
        foreach (var task in new[] { _report, _work })
        {
            if (task.Exception?.InnerException is { } fault and not AgentKilledException)
                world.Violate($"the agent of {host} ended by itself: {fault}");
        }
        if (!_kill.HasStruck)
            return;
        Stop();
    }

    /// <summary>Nothing is left but the files and the host.</summary>
    private void Stop()
    {
        Release(new AgentKilledException());
        _parts = null;
        Executing.Clear();
        (_report, _work) = (Task.CompletedTask, Task.CompletedTask);
        _kill = new Kill(int.MaxValue);
        _pauseIn = null;
    }

    private void Start()
    {
        var kill = _kill;
        var options = new AgentOptions
        {
            Witness = FleetWitness.Address,
            DataDirectory = directory,
            Durable = false,
            MaxTransfers = 2,
        };
        var http = new HttpClient(new FaultWire(world, this, kill)) { Timeout = Timeout.InfiniteTimeSpan };
        _parts = AgentParts.Build(
            options,
            Identity,
            new WatchedRunner(world.Hosts.RunnerOn(host), world, this),
            WitnessClient.Connect(http, FleetWitness.Address, Identity.ApiKey),
            Clock,
            new Random(seed + _starts++),
            (level, text) => Log.Add($"{level}: {text}"),
            what => kill.Check($"journal {what}")
        );
    }
}
