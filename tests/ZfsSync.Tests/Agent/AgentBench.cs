using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Simulation;
using ZfsSync.Testing;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;
using ZfsSync.Witness.Features.Planning;

namespace ZfsSync.Tests.Agent;

/// <summary>
/// Two simulated hosts, <c>alpha</c> with pool <c>tank</c> and <c>beta</c> with pool <c>backup</c>; beta's agent pulls. Plans
/// are made by the real planner from what is there, handed over by a stand-in for the witness.
/// </summary>
internal sealed class AgentBench : IDisposable
{
    public const string Edge = "0123456789abcdef";
    private static readonly Guid Alpha = new(1, 0, 0, new byte[8]);
    private static readonly Guid Beta = new(2, 0, 0, new byte[8]);
    private readonly string _directory = Directory.CreateTempSubdirectory("zfs-sync-bench-").FullName;
    private AgentParts? _agent;
    private int _seen;

    public AgentBench(ZfsRelease? release = null)
    {
        Fleet = new SimulatedFleet(Clock, seed: 11);
        Fleet.AddHost("alpha", release).AddPool("tank");
        Fleet.AddHost("beta", release).AddPool("backup");
        Options = new AgentOptions
        {
            Witness = new Uri("http://witness"),
            DataDirectory = _directory,
            Durable = false,
            MaxTransfers = 1,
            SmallTransfersPerSlot = 1,
        };
        Start();
    }

    /// <summary>With <c>tank/data</c>, and of it the snapshots a and b, which beta does not have.</summary>
    public static AgentBench WithData()
    {
        var bench = new AgentBench();
        bench.Source.Zfs("create tank/data");
        bench.Snapshot("tank/data", "a");
        bench.Snapshot("tank/data", "b");
        return bench;
    }

    public ManualTimeProvider Clock { get; } = new();
    public SimulatedFleet Fleet { get; }
    public SimulatedHost Source => Fleet["alpha"];
    public SimulatedHost Target => Fleet["beta"];
    public WitnessStandIn Witness { get; } = new();
    public List<string> Log { get; } = [];
    public AgentOptions Options { get; set; }
    public EdgePolicy Policy { get; set; } = EdgePolicy.Default;

    /// <summary>What plans are said to move.</summary>
    public ulong? EstimatedBytes { get; set; }
    public AgentParts Agent => _agent!;

    /// <summary>What beta's agent had zfs and zpool do since the last call.</summary>
    public IReadOnlyList<string> NewCommands
    {
        get
        {
            var all = Fleet.Transcript;
            var fresh = all.Skip(_seen).ToList();
            _seen = all.Count;
            return fresh;
        }
    }

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The agent as after its process started: nothing is left but its files and the hosts.</summary>
    public void Start(ICommandRunner? runner = null, Action<string>? onJournal = null)
    {
        var http = new HttpClient(Witness, disposeHandler: false);
        _agent = AgentParts.Build(
            Options,
            new AgentIdentity
            {
                Witness = Options.Witness,
                SystemId = Beta,
                Hostname = "beta",
                AgentId = "bench",
                ApiKey = "key",
            },
            runner ?? Fleet.RunnerOn("beta"),
            WitnessClient.Connect(http, Options.Witness, "key"),
            Clock,
            new Random(1),
            (level, text) =>
            {
                if (level >= AgentLogLevel.Information)
                    Log.Add($"{level}: {text}");
            },
            onJournal
        );
    }

    public void Snapshot(string dataset, string label, long bytes = 1_000_000)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        Source.Write(dataset, $"{label}.bin", bytes);
        Source.Zfs($"snapshot {dataset}@{label}");
    }

    /// <summary>What the planner decides about <c>tank/NAME</c> and <c>backup/NAME</c> now.</summary>
    public async Task<ReplicationDecision> DecideAsync(string name, params Approval[] approvals)
    {
        var target = DatasetName.Parse($"backup/{name}");
        return ReplicationPlanner.Plan(
            new EdgeFacts
            {
                Source = await ReadAsync("alpha", DatasetName.Parse($"tank/{name}")),
                Target = await ReadAsync("beta", target),
                TargetName = target,
                Now = Clock.GetUtcNow(),
                Approvals = approvals,
            },
            Policy
        );
    }

    /// <summary>The instruction of what the planner decides now.</summary>
    public async Task<Instruction> PlanAsync(string name, params Approval[] approvals)
    {
        var decision = await DecideAsync(name, approvals);
        var target = await ReadAsync("beta", DatasetName.Parse($"backup/{name}"));
        var repair =
            decision is ReplicationDecision.ApprovedRepair { Option: var option }
                ? new InstructionRepair
                {
                    Kind = option.Kind,
                    Destroys = [.. option.Destroys.Select(s => s.Guid)],
                    RollbackToGuid = option.RollbackTo?.Guid,
                    RenameGuids = [.. option.Renames.Select(s => s.Guid)],
                    RenameFrom = option.RenameFrom?.Value,
                    RenameTo = option.RenameTo?.Value,
                }
            : decision is ReplicationDecision.AbortPartial
                ? new InstructionRepair { Kind = RepairKind.AbortPartialReceive }
            : null;
        return new Instruction
        {
            InstructionId = Guid.NewGuid(),
            EdgeId = Edge,
            SyncGroupId = Guid.Empty,
            LogicalDataset = name,
            Kind = repair is null ? InstructionKind.Replicate : InstructionKind.Repair,
            Repair = repair,
            Source = new()
            {
                SystemId = Alpha,
                Hostname = "alpha",
                Dataset = $"tank/{name}",
                Root = "tank",
                SshHostname = "alpha",
            },
            Target = new()
            {
                SystemId = Beta,
                Hostname = "beta",
                Dataset = $"backup/{name}",
                Root = "backup",
            },
            ExecutorSystemId = Beta,
            Flags = decision switch
            {
                ReplicationDecision.Full full => full.Flags,
                ReplicationDecision.Incremental increment => increment.Flags,
                _ => SendFlags.Default,
            },
            Steps = [.. DecisionWording.StepsOf(decision).Select(DecisionWording.Step)],
            EstimatedBytes = EstimatedBytes,
            TargetExists = target is not null,
            TargetNewestGuid = target?.Snapshots is [.., var newest] ? newest.Guid : null,
            AbortToken = decision
                is ReplicationDecision.Full { Abort: not null }
                    or ReplicationDecision.Incremental { Abort: not null }
                    or ReplicationDecision.AbortPartial
                    or ReplicationDecision.ApprovedRepair { Abort: not null }
                    or ReplicationDecision.ApprovedRepair { Option.Kind: RepairKind.AbortPartialReceive }
                ? target?.ReceiveResumeToken
                : null,
            ReceiveProperties = new Dictionary<string, string> { ["readonly"] = "on" },
        };
    }

    /// <summary>Hands an instruction to the agent and waits until it is done with it.</summary>
    public async Task<OutcomeReport> RunAsync(Instruction instruction)
    {
        Witness.Pending.Add(instruction);
        await Agent.Instructions.TakeAsync(TimeSpan.Zero, CancellationToken.None);
        await Agent.Instructions.IdleAsync();
        return Witness.Outcomes.Last(one => one.Id == instruction.InstructionId).Outcome;
    }

    /// <summary>Runs it to a good end.</summary>
    /// <returns>The commands that it took: each one's host, program and verb.</returns>
    public async Task<IEnumerable<string>> CommandsOfAsync(Instruction instruction)
    {
        _ = NewCommands;
        var outcome = await RunAsync(instruction);
        return outcome.Result == OutcomeResult.Done
            ? NewCommands.Select(line => string.Join(' ', line.Split(' ')[..3]))
            : throw new InvalidOperationException($"{outcome.Result}: {outcome.ErrorText}");
    }

    /// <summary>Plans and runs.</summary>
    public async Task<OutcomeReport> SyncAsync(string name) => await RunAsync(await PlanAsync(name));

    public async Task<DatasetInventory?> ReadAsync(string host, DatasetName dataset)
    {
        var zfs = new ZfsHost(Fleet.RunnerOn(host));
        if (await zfs.FindDatasetAsync(dataset, default) is not { } facts)
            return null;
        var features = await zfs.DetectAsync(default);
        var snapshots = await zfs.ListSnapshotsAsync(features, SnapshotDetail.Full, [dataset], default);
        var bookmarks = await zfs.ListBookmarksAsync([dataset], default);
        return facts with { Snapshots = snapshots.Of(dataset), Bookmarks = bookmarks.Of(dataset) };
    }

    public async Task<List<string>> LabelsAsync(string host, string dataset) =>
        [.. ((await ReadAsync(host, DatasetName.Parse(dataset)))?.Snapshots ?? []).Select(one => one.Label)];

    /// <summary>The labels of the source's bookmarks, and whether anything is held there.</summary>
    public async Task<(List<string> Bookmarks, bool HasHolds)> MarksAsync(string name)
    {
        var source = await ReadAsync("alpha", DatasetName.Parse($"tank/{name}"));
        return ([.. source!.Bookmarks.Select(one => one.Label)], source.Snapshots.Any(one => one.Holds > 0));
    }
}
