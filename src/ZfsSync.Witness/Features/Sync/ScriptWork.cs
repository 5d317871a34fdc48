using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Sync;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>What a host without an agent should do now: every edge that it executes is there, with an action or with the reason why not.</summary>
internal sealed class ScriptWork(
    Database database,
    GroupStore groups,
    EdgeReadStore edges,
    InstructionStore instructions,
    HostFactsStore hosts,
    DatasetHeadStore heads,
    WitnessOptions options,
    TimeProvider time
)
{
    public Task<InstructionsAnswer> ForAsync(
        Guid systemId,
        Guid? groupId,
        bool includeCommands,
        bool includeDiagnostics,
        CancellationToken cancellation
    ) =>
        database.ReadAsync(
            async session =>
            {
                if (!(await hosts.HostnamesAsync(session)).ContainsKey(systemId))
                    throw Problems.RefusedMissing("system", systemId);
                if (groupId is { } id && await groups.FindAsync(session, id) is null)
                    throw Problems.RefusedMissing("sync group", id);
                var work = (await instructions.PendingForAsync(session, systemId))
                    .Where(i => groupId is null || i.GroupId == groupId)
                    .Select(i => i.ToInstruction())
                    .Where(i => i.Kind == InstructionKind.Replicate)
                    .OrderBy(i => LogicalName.DepthOf(i.LogicalDataset))
                    .ThenBy(i => i.CreatedAt)
                    .ThenBy(i => i.EdgeId, StringComparer.Ordinal)
                    .ToList();
                var diagnostics = includeDiagnostics ? await DiagnoseAsync(session, systemId, groupId, work) : null;
                return Answer(systemId, work, await RowIdsAsync(session, work), includeCommands, diagnostics);
            },
            cancellation
        );

    private InstructionsAnswer Answer(
        Guid systemId,
        List<Instruction> work,
        IReadOnlyDictionary<(Guid, string), long> rowIds,
        bool includeCommands,
        IReadOnlyList<SyncDiagnostic>? diagnostics
    )
    {
        var actions = new List<SyncAction>();
        var datasets = new List<SyncDataset>();
        foreach (var instruction in work)
        {
            var commands = includeCommands ? SyncCommand.Of(instruction) : [];
            for (var i = 0; i < instruction.Steps.Count; i++)
            {
                var action = Action(instruction, instruction.Steps[i], actions.Count, commands.ElementAtOrDefault(i));
                actions.Add(action with { SnapshotId = IdOf(action, rowIds) });
            }
            datasets.Add(Dataset(instruction, commands));
        }
        return new InstructionsAnswer
        {
            SystemId = systemId,
            Timestamp = time.GetUtcNow(),
            ActionCount = actions.Count,
            Actions = actions,
            DatasetCount = datasets.Count,
            Datasets = datasets,
            Diagnostics = diagnostics,
        };
    }

    private async Task<IReadOnlyDictionary<(Guid, string), long>> RowIdsAsync(Session session, List<Instruction> work)
    {
        var found = new Dictionary<(Guid, string), long>();
        foreach (var source in work.Select(w => w.Source).GroupBy(s => s.SystemId))
        {
            var names = source.Select(s => s.Dataset).Distinct(StringComparer.Ordinal).ToList();
            foreach (var (name, id) in await heads.IdsAsync(session, source.Key, names))
                found[(source.Key, name)] = id;
        }
        return found;
    }

    private static Guid? IdOf(SyncAction action, IReadOnlyDictionary<(Guid, string), long> rowIds) =>
        action.SnapshotGuid is { } guid && rowIds.TryGetValue((action.SourceSystemId, action.Dataset), out var row)
            ? SnapshotIdentity.ToId(row, guid)
            : null;

    /// <summary>A group whose source has never reported has no edges yet; that too is said.</summary>
    private async Task<IEnumerable<SyncDiagnostic>> UnheardAsync(Session session, Guid systemId, Guid? groupId)
    {
        var ids = await groups.OfSystemsAsync(session, [systemId]);
        var found = new List<SyncDiagnostic>();
        foreach (var group in await groups.LoadAsync(session, [.. ids.Where(id => groupId is null || id == groupId)]))
        {
            var sources = GroupTopology
                .Pairs(group)
                .Where(p => group.Members[p.To].SystemId == systemId || group.Members[p.From].SystemId == systemId)
                .Select(p => group.Members[p.From].SystemId)
                .ToHashSet();
            var limits = SilenceLimits.Of(options);
            foreach (var host in (await hosts.LoadAsync(session, sources, time.GetUtcNow(), limits)).Values)
            {
                if (
                    EdgeGates.BeforeComparing(host.Standing, host.Standing) is
                    { Reason: ReasonCode.SourceNeverReported } gate
                )
                    found.Add(new SyncDiagnostic("", "", EnumText<ReasonCode>.Of(gate.Reason), gate.Detail, [], []));
            }
        }
        return found;
    }

    private async Task<IReadOnlyList<SyncDiagnostic>> DiagnoseAsync(
        Session session,
        Guid systemId,
        Guid? groupId,
        List<Instruction> work
    )
    {
        var acted = work.Select(w => w.EdgeId).ToHashSet(StringComparer.Ordinal);
        var own = await edges.ListAsync(session, groupId, systemId, int.MaxValue, 0);
        var directions = (await groups.LoadAsync(session, [.. own.Select(e => e.SyncGroupId).Distinct()])).ToDictionary(
            g => g.Id,
            g => g.Policy.Direction
        );
        return
        [
            .. own.Where(e => !acted.Contains(e.EdgeId) && Executor(e, directions[e.SyncGroupId]) == systemId)
                .Select(Diagnose),
            .. await UnheardAsync(session, systemId, groupId),
        ];
    }

    private static Guid Executor(EdgeResource edge, TransferDirection direction) =>
        direction == TransferDirection.Pull ? edge.Target.SystemId : edge.Source.SystemId;

    private static SyncDiagnostic Diagnose(EdgeResource edge) =>
        new(
            edge.EdgeId,
            SyncSummary.NameOf(edge),
            // An approved repair checks guids as it goes, which a script cannot.
            SyncSummary.ReasonOf(edge) ?? (edge.Run?.Kind == InstructionKind.Repair ? "repair_needs_agent" : "waiting"),
            edge.Text,
            edge.Evidence,
            edge.Repairs
        );

    private static SyncAction Action(Instruction instruction, InstructionStep step, int priority, string? command) =>
        new()
        {
            InstructionId = instruction.InstructionId,
            ActionType = step.Kind switch
            {
                StepKind.Full => "create",
                StepKind.Resume => "resume",
                _ => "sync",
            },
            SyncGroupId = instruction.SyncGroupId,
            Pool = PoolOf(instruction.Source.Dataset),
            Dataset = instruction.Source.Dataset,
            TargetPool = PoolOf(instruction.Target.Dataset),
            TargetDataset = instruction.Target.Dataset,
            SourceSystemId = instruction.Source.SystemId,
            TargetSystemId = instruction.Target.SystemId,
            SnapshotName = step.ToName,
            SnapshotGuid = Known(step.ToGuid),
            IncrementalBase = step.FromName,
            IncrementalBaseGuid = Known(step.FromGuid),
            IsIncremental = step.Kind is StepKind.Incremental or StepKind.Range,
            EstimatedSize = step.EstimatedBytes,
            Priority = priority,
            SourceSshHostname = instruction.Source.SshHostname,
            SourceSshUser = instruction.Source.SshUser,
            SourceSshPort = instruction.Source.SshPort,
            SyncCommand = command,
        };

    private static SyncDataset Dataset(Instruction instruction, IReadOnlyList<string> commands) =>
        new()
        {
            Pool = PoolOf(instruction.Source.Dataset),
            Dataset = instruction.Source.Dataset,
            TargetPool = PoolOf(instruction.Target.Dataset),
            TargetDataset = instruction.Target.Dataset,
            StartingSnapshot = instruction.Steps[0].FromName,
            EndingSnapshot = instruction.Steps[^1].ToName,
            SourceSystemId = instruction.Source.SystemId,
            TargetSystemId = instruction.Target.SystemId,
            SourceSshHostname = instruction.Source.SshHostname,
            TargetSshHostname = instruction.Target.SshHostname,
            SyncGroupId = instruction.SyncGroupId,
            Commands = commands,
        };

    private static string PoolOf(string dataset) => dataset.Split('/')[0];

    private static SnapshotGuid? Known(SnapshotGuid? guid) => guid is { IsUnknown: false } ? guid : null;
}
