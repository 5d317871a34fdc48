using System.Security.Cryptography;
using System.Text.Json;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Json;
using ZfsSync.Core.Replication;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>Turns a decision into the fields that an agent carries out.</summary>
internal static class InstructionDraft
{
    // Nobody writes to a copy by accident.
    private static readonly Dictionary<string, string> ReadOnly = new(StringComparer.Ordinal) { ["readonly"] = "on" };

    /// <summary>The instruction, without an id; null when nothing is to be carried out.</summary>
    public static Instruction? Of(EdgeKey key, ReplicationDecision decision, UnitFacts facts, SendFlags? pinned)
    {
        var repair = RepairOf(decision);
        var steps = DecisionWording.StepsOf(decision).Select(DecisionWording.Step).ToList();
        if (repair is null && steps.Count == 0)
            return null;
        var target = facts.Dataset(key.Target.SystemId, key.TargetDataset);
        var executor = Executor(key, facts).Id;
        var policy = facts.Group.Policy;
        return new Instruction
        {
            InstructionId = Guid.Empty,
            EdgeId = key.Id,
            SyncGroupId = key.GroupId,
            LogicalDataset = key.LogicalDataset,
            Kind = repair is null ? InstructionKind.Replicate : InstructionKind.Repair,
            Source = Side(key.Source, key.SourceDataset, executor, facts),
            Target = Side(key.Target, key.TargetDataset, executor, facts),
            ExecutorSystemId = executor,
            Steps = steps,
            Flags = FlagsOf(decision) ?? pinned ?? SendFlags.Default,
            Repair = repair,
            TargetExists = target is not null,
            TargetNewestGuid = target?.Snapshots is [.., { Guid.IsUnknown: false } newest] ? newest.Guid : null,
            AbortToken = MustAbort(decision) ? target?.ReceiveResumeToken : null,
            ReceiveProperties = policy.ReceiveProperties ?? ReadOnly,
            BandwidthBytesPerSecond = policy.BandwidthBytesPerSecond,
            Compress = policy.Compress,
            Engine = policy.Engine,
            EstimatedBytes = DecisionWording.View(decision, key.TargetDataset).EstimatedBytes,
            CreatedAt = facts.Now,
        };
    }

    /// <summary>The host that carries an edge's instructions out.</summary>
    public static HostFacts Executor(EdgeKey key, UnitFacts facts) =>
        facts.Hosts[facts.Group.Policy.Direction == TransferDirection.Pull ? key.Target.SystemId : key.Source.SystemId];

    /// <summary>Equal for instructions that do the same in the same circumstances, whenever they were planned.</summary>
    public static string KeyOf(Instruction instruction)
    {
        var essence = instruction with
        {
            InstructionId = Guid.Empty,
            CreatedAt = default,
            EstimatedBytes = null,
            Steps = [.. instruction.Steps.Select(s => s with { EstimatedBytes = null })],
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(essence, WireJson.Default.Instruction);
        return Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16));
    }

    private static InstructionSide Side(Place place, string dataset, Guid executor, UnitFacts facts)
    {
        var host = facts.Hosts[place.SystemId];
        var isRemote = place.SystemId != executor;
        return new InstructionSide
        {
            SystemId = place.SystemId,
            Hostname = host.Hostname,
            Dataset = dataset,
            Root = place.Root.Value,
            SshHostname = isRemote ? host.SshHostname : null,
            SshUser = isRemote ? host.SshUser : null,
            SshPort = isRemote ? host.SshPort : null,
        };
    }

    private static InstructionRepair? RepairOf(ReplicationDecision decision) =>
        decision switch
        {
            AbortPartial => new InstructionRepair { Kind = RepairKind.AbortPartialReceive },
            ApprovedRepair { Option: var option } => new InstructionRepair
            {
                Kind = option.Kind,
                Destroys = [.. option.Destroys.Select(s => s.Guid)],
                RollbackToGuid = option.RollbackTo?.Guid,
                RenameGuids = [.. option.Renames.Select(s => s.Guid)],
                RenameFrom = option.RenameFrom?.Value,
                RenameTo = option.RenameTo?.Value,
            },
            _ => null,
        };

    private static SendFlags? FlagsOf(ReplicationDecision decision) =>
        decision switch
        {
            Full full => full.Flags,
            Incremental incremental => incremental.Flags,
            Resume resume => resume.Flags,
            _ => null,
        };

    private static bool MustAbort(ReplicationDecision decision) =>
        decision
            is Full { Abort: not null }
                or Incremental { Abort: not null }
                or ApprovedRepair { Abort: not null }
                or ApprovedRepair { Option.Kind: RepairKind.AbortPartialReceive }
                or AbortPartial;
}
