using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Sync;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Planning;
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
                return Answer(systemId, work, includeCommands, diagnostics);
            },
            cancellation
        );

    private InstructionsAnswer Answer(
        Guid systemId,
        List<Instruction> work,
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
                actions.Add(Action(instruction, instruction.Steps[i], actions.Count, commands.ElementAtOrDefault(i)));
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
