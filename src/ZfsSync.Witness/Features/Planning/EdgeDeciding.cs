using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>Decides one edge: the gates, Core's planner, the gates before sending, the proof of the last run, and the row to store.</summary>
internal sealed class EdgeDeciding(UnitFacts facts)
{
    private readonly CopyPlace place = new(facts);

    /// <summary>What the two histories say, or why they are not compared.</summary>
    public EdgeCandidate Compare(EdgeKey key, EdgePolicy policy, string? rootFault)
    {
        var source = facts.Hosts[key.Source.SystemId];
        var target = facts.Hosts[key.Target.SystemId];
        if (EdgeGates.BeforeComparing(source.Standing, target.Standing) is { } gate)
            return new EdgeCandidate(key, gate, null, null);
        if (place.PoolMissing(key) is { } gone)
            return new EdgeCandidate(key, gone, null, null);
        if (rootFault is not null)
            return new EdgeCandidate(key, new Nothing(ReasonCode.TargetRootMissing, rootFault), null, null);
        if (NameRules.DatasetFault(key.TargetDataset) is { } fault)
            return new EdgeCandidate(key, new Nothing(ReasonCode.TargetNameTooLong, TooLong(key, fault)), null, null);
        if (place.RootMissing(key) is { } missing)
            return new EdgeCandidate(key, missing, null, null);
        var edge = Facts(key);
        return new EdgeCandidate(key, ReplicationPlanner.Plan(edge, policy), edge, EdgeLag.Measure(edge, policy));
    }

    public EdgePlan Decide(EdgeCandidate candidate, EdgePolicy policy)
    {
        var key = candidate.Key;
        var row = facts.Edges.GetValueOrDefault(key.Id) ?? NewRow(key);
        var open = facts.Open.GetValueOrDefault(key.Id);
        var memory = EdgeMemory.Recall(row, candidate, facts);
        row = memory.Row with { DecidedAt = facts.Now, MatchedByName = candidate.Decision.IsMatchedByName };
        if (candidate.Lag is { } lag)
            row = Measured(row, lag, facts.Group);

        if (open?.State == InstructionState.Leased)
            return new EdgePlan(
                row with
                {
                    State = EdgeStates.WhileRunning(candidate.Decision),
                    Reason = ReasonCode.InProgress,
                    DueAt = null,
                },
                Wanted: null,
                memory.Proof
            );

        var decision = Gated(candidate, row, memory.AwaitsProof);
        var wanted = InstructionDraft.Of(key, decision, facts, row.Pinned);
        return new EdgePlan(
            row with
            {
                State = EdgeStates.Of(decision, candidate, row, memory),
                Decision = DecisionWording.KindOf(decision),
                Reason = (decision as Nothing)?.Reason,
                WaitsFor = decision is Nothing { Reason: ReasonCode.WaitsForParent }
                    ? place.AncestorWaitedFor(key)
                    : null,
                Conflict = (decision as Conflict)?.Kind,
                View = DecisionWording.View(decision, key.TargetDataset) with
                {
                    Source = HistoryEnd.Of(candidate.Facts?.Source) ?? row.View.Source,
                    Target = candidate.Facts is null ? row.View.Target : HistoryEnd.Of(candidate.Facts.Target),
                },
                LastInSyncAt = candidate.HoldsEverything ? facts.Now : row.LastInSyncAt,
                DueAt = DueTimes.Next(row, candidate, facts, policy, AwaitsReport(candidate, memory)),
            },
            wanted,
            memory.Proof
        );
    }

    private static bool AwaitsReport(EdgeCandidate candidate, EdgeMemory memory) =>
        memory.AwaitsProof is not null
        || candidate.Decision
            is Nothing
            {
                Reason: ReasonCode.InventoryIncomplete
                    or ReasonCode.TargetNeverReported
                    or ReasonCode.SourceNeverReported
            };

    private ReplicationDecision Gated(EdgeCandidate candidate, EdgeRow row, string? awaitsProof)
    {
        if (!candidate.Acts)
            return candidate.Decision;
        if (awaitsProof is not null)
            return new Nothing(ReasonCode.InProgress, awaitsProof);
        var gate =
            EdgeGates.BeforeSending(
                new SendStanding
                {
                    Now = facts.Now,
                    IsGroupEnabled = facts.Group.Enabled,
                    MissingIdentity = MissingIdentity(candidate.Key),
                    WaitsFor =
                        NeedsParent(candidate.Decision) && place.AncestorWaitedFor(candidate.Key) is { } above
                            ? candidate.Key.Target.NameOf(above)
                            : null,
                    Failures = row.Failures,
                    RetryAt = row.RetryAt,
                }
            ) ?? GuidsMissing(candidate);
        return gate is null ? candidate.Decision : gate with { IsMatchedByName = candidate.Decision.IsMatchedByName };
    }

    /// <summary>What is repaired where it is may be what its parent waits for.</summary>
    private static bool NeedsParent(ReplicationDecision decision) =>
        decision is not ApprovedRepair { Option.Kind: not RepairKind.FollowRename };

    private EdgeFacts Facts(EdgeKey key)
    {
        var name = (key.Target.SystemId, key.TargetDataset);
        var row = facts.Edges.GetValueOrDefault(key.Id);
        return new EdgeFacts
        {
            Source = facts.Dataset(key.Source.SystemId, key.SourceDataset),
            Target = facts.Datasets.GetValueOrDefault(name),
            TargetName = DatasetName.Parse(key.TargetDataset),
            TargetParent = NearestParent(key),
            OtherTargets = facts.Renamed.GetValueOrDefault(name) ?? [],
            Now = facts.Now,
            Pinned = row?.Pinned,
            IsReceiving =
                facts.Receiving.Contains(name)
                && facts.Open.GetValueOrDefault(key.Id)?.State != InstructionState.Leased,
            IsRawLineageBroken = row?.RawLineageBroken ?? false,
            // Whichever source it was to come from.
            HasTargetFiles = facts.Edges.Values.Any(edge =>
                edge.TargetHasFiles
                && edge.TargetSystemId == key.Target.SystemId
                && edge.TargetDataset == key.TargetDataset
            ),
            Approvals = facts.Approvals.GetValueOrDefault(key.Id) ?? [],
        };
    }

    private DatasetInventory? NearestParent(EdgeKey key)
    {
        for (var name = DatasetName.Parse(key.TargetDataset).Parent; name is not null; name = name.Parent)
        {
            if (facts.Dataset(key.Target.SystemId, name.Value) is { } found)
                return found;
        }
        return null;
    }

    private (string Executor, string Other)? MissingIdentity(EdgeKey key)
    {
        if (key.Source.SystemId == key.Target.SystemId)
            return null;
        var source = facts.Hosts[key.Source.SystemId];
        var target = facts.Hosts[key.Target.SystemId];
        var (executor, other) =
            facts.Group.Policy.Direction == TransferDirection.Pull ? (target, source) : (source, target);
        return other.SshHostname is null ? (executor.Hostname, other.Hostname) : null;
    }

    private Nothing? GuidsMissing(EdgeCandidate candidate)
    {
        var executor = InstructionDraft.Executor(candidate.Key, facts);
        if (!executor.HasAgent || candidate.Facts?.Source?.Snapshots.Any(s => s.Guid.IsUnknown) is not true)
            return null;
        var source = facts.Hosts[candidate.Key.Source.SystemId];
        return new Nothing(
            ReasonCode.SourceReportsNoGuids,
            $"{source.Hostname} reports no guids, and the agent of {executor.Hostname} works by guid: let the report of {source.Hostname} include guid, or run an agent there."
        );
    }

    private static string TooLong(EdgeKey key, string fault) =>
        $"The copy's name {key.TargetDataset} {fault}: give the member a shorter root, or exclude the dataset.";

    private static EdgeRow Measured(EdgeRow row, EdgeLag lag, GroupResource group) =>
        row with
        {
            LagSnapshots = lag.Snapshots,
            LagSeconds = lag.Behind is { } behind ? (long)behind.TotalSeconds : null,
            LateAt = group.Enabled ? lag.MissingSince + TimeSpan.FromSeconds(group.SyncIntervalSeconds) : null,
            ProvenGuid = lag.Proven is { Guid.IsUnknown: false } known ? known.Guid : null,
            ProvenName = lag.Proven?.Label,
            ProvenCreatedAt = lag.Proven?.CreatedAt,
        };

    private static EdgeRow NewRow(EdgeKey key) =>
        new()
        {
            Id = key.Id,
            GroupId = key.GroupId,
            LogicalDataset = key.LogicalDataset,
            SourceSystemId = key.Source.SystemId,
            SourceRoot = key.Source.Root.Value,
            SourceDataset = key.SourceDataset,
            TargetSystemId = key.Target.SystemId,
            TargetRoot = key.Target.Root.Value,
            TargetDataset = key.TargetDataset,
        };
}
