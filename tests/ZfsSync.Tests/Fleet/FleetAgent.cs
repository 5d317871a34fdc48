using ZfsSync.Agent;
using ZfsSync.Agent.Diagnosis;
using ZfsSync.Agent.Identity;
using ZfsSync.Contracts.Client;
using ZfsSync.Simulation;
using ZfsSync.Testing;
using ZfsSync.Tests.Agent;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Fleet;

/// <summary>The real agent of one simulated host. It looks, tells and works when it is told to; it can be killed before any of its steps.</summary>
internal sealed class FleetAgent(
    SimulatedFleet hosts,
    FleetWitness witness,
    ManualTimeProvider clock,
    AgentIdentity identity,
    int seed
) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zfs-sync-fleet-").FullName;
    private AgentParts? _parts;
    private Kill _kill = new(int.MaxValue);

    public string Host => identity.Hostname;

    public Guid SystemId => identity.SystemId;

    public string ApiKey => identity.ApiKey;

    public List<string> Log { get; } = [];

    /// <summary>What the kill interrupted last.</summary>
    public string KilledAt => _kill.Last;

    public bool IsAlive => _parts is not null && !_kill.HasStruck;

    /// <summary>The process dies before its n-th step from now: a command, a piece of a stream, a request, a write of the journal.</summary>
    public void KillAtStep(int step)
    {
        Stop();
        _kill = new Kill(step);
    }

    /// <summary>A survey and a report.</summary>
    public Task ReportAsync() => LiveAsync(parts => parts.Reports.ReportAsync(default));

    /// <summary>Asks once for work, and does what it gets.</summary>
    public Task WorkAsync() =>
        LiveAsync(async parts =>
        {
            try
            {
                await parts.Instructions.TakeAsync(TimeSpan.Zero, default);
            }
            catch (WitnessException fault)
            {
                Log.Add(fault.Message);
            }
            await parts.Instructions.IdleAsync();
        });

    /// <summary>What its doctor says, with nothing but the host's own key.</summary>
    public Task<IReadOnlyList<Finding>> ExamineAsync(ICommandRunner? runner = null)
    {
        var options = new AgentOptions { Witness = FleetWitness.Address, DataDirectory = _directory };
        identity.Save(options.KeyFile);
        return Doctor.ExamineAsync(
            options,
            runner ?? hosts.RunnerOn(identity.Hostname),
            own => WitnessClient.Connect(new HttpClient(witness.Connect()), own.Witness, own.ApiKey),
            clock,
            default
        );
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Nothing is left but the files and the host.</summary>
    private void Stop()
    {
        _parts = null;
        _kill = new Kill(int.MaxValue);
    }

    private async Task LiveAsync(Func<AgentParts, Task> act)
    {
        try
        {
            if (_parts is null)
                await StartAsync();
            await act(_parts!);
        }
        catch (AgentKilledException)
        {
            Stop();
        }
    }

    private async Task StartAsync()
    {
        var kill = _kill;
        var options = new AgentOptions
        {
            Witness = FleetWitness.Address,
            DataDirectory = _directory,
            Durable = false,
            // One after the other: what runs at once would not be the same twice.
            MaxTransfers = 1,
            SmallTransfersPerSlot = 1,
        };
        var http = new HttpClient(new DyingWire(witness.Connect(), kill));
        _parts = AgentParts.Build(
            options,
            identity,
            new DyingRunner(hosts.RunnerOn(identity.Hostname), kill),
            WitnessClient.Connect(http, FleetWitness.Address, identity.ApiKey),
            clock,
            new Random(seed),
            (level, text) => Log.Add($"{level}: {text}"),
            what => kill.Check($"journal {what}")
        );
        await _parts.Instructions.RecoverAsync(default);
    }

    private sealed class DyingWire(HttpMessageHandler inner, Kill kill) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            kill.Check($"before {request.Method} {request.RequestUri!.AbsolutePath}");
            var answer = await base.SendAsync(request, cancellationToken);
            // The witness has it, and the agent never learns so.
            kill.Check($"after {request.Method} {request.RequestUri!.AbsolutePath}");
            return answer;
        }
    }
}
