using ZfsSync.Contracts;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Reports;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Instructions;

/// <summary>Hands instructions to the agents that carry them out, and takes back how far they are and how they ended.</summary>
internal sealed class InstructionDispatch(
    Database database,
    InstructionStore instructions,
    EdgeStore edges,
    ApprovalStore approvals,
    ReportRequestStore reportRequests,
    EdgePlanning planning,
    PlanningBell bell,
    FleetChanges fleet,
    TimeProvider time
)
{
    public const int LeaseSeconds = 120;
    public const int MaxWaitSeconds = 60;

    // The agent found other facts than the inventory has: whoever told the inventory is to look again.
    private const string StalePlan = "stale_plan";

    /// <summary>What waits for a host; with nothing there, waits for it, or until somebody asks the host to report at once.</summary>
    /// <param name="knownRequest">The request to report that its agent knows of already.</param>
    public async Task<WaitingWork> PendingAsync(
        Guid systemId,
        int waitSeconds,
        DateTimeOffset? knownRequest,
        CancellationToken cancellation
    )
    {
        var end = time.GetUtcNow().AddSeconds(waitSeconds);
        while (true)
        {
            var news = fleet.Next(systemId);
            var (pending, requested) = await database.ReadAsync(
                async s =>
                    (await instructions.PendingForAsync(s, systemId), await reportRequests.OpenAsync(s, systemId)),
                cancellation
            );
            var left = end - time.GetUtcNow();
            if (pending.Count > 0 || left <= TimeSpan.Zero || (requested is not null && requested != knownRequest))
                return new WaitingWork([.. pending.Select(p => p.ToSummary())], requested);
            await fleet.WaitAsync(news, left, cancellation);
        }
    }

    /// <summary>Leases an instruction to one agent, after looking once more whether it is still right.</summary>
    public async Task<ClaimAnswer> ClaimAsync(
        Guid id,
        ClaimRequest claim,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (claim.AgentId.Length is 0 or > 100)
            throw Problems.Invalid("agent_id", "must have 1 to 100 characters");
        if (claim.LeaseId == Guid.Empty)
            throw Problems.Invalid("lease_id", "must be random");
        var row = await FindAsync(id, caller, cancellation);
        if (row.Phase == InstructionState.Pending)
        {
            var unit = row.ToUnit();
            await planning.PlanAsync(
                new PlanningRequest(unit.GroupId, [unit.LogicalDataset], new HashSet<Guid> { unit.TargetSystemId }),
                cancellation
            );
        }
        var lease = claim.LeaseId ?? Guid.NewGuid();
        if (await database.WriteAsync(s => LeaseAsync(s, row, lease, claim.AgentId), cancellation))
            fleet.Notify();
        else
        {
            row = await FindAsync(id, caller, cancellation);
            // The same claim again, whose answer was lost.
            if (row.Phase != InstructionState.Leased || row.LeaseId != lease)
                throw NotClaimable(row.Phase);
        }
        var instruction = row.ToInstruction();
        instruction.NeededByOthers = await database.ReadAsync(
            s => edges.ProvenOfOthersAsync(s, instruction.EdgeId, instruction.Source),
            cancellation
        );
        return new ClaimAnswer(lease, LeaseSeconds, instruction);
    }

    /// <summary>Renews a lease.</summary>
    public async Task<ProgressAnswer> ProgressAsync(
        Guid id,
        ProgressReport progress,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var row = await FindAsync(id, caller, cancellation);
        var until = time.GetUtcNow().AddSeconds(LeaseSeconds);
        if (!await database.WriteAsync(s => instructions.RenewAsync(s, id, progress, until), cancellation))
            throw LeaseLost(row);
        fleet.Notify();
        return new ProgressAnswer(LeaseSeconds, row.StopRequested);
    }

    /// <summary>Keeps how an execution ended; the same outcome twice is the same as once.</summary>
    public async Task<OutcomeAnswer> OutcomeAsync(
        Guid id,
        OutcomeReport outcome,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var row = await FindAsync(id, caller, cancellation);
        var concluded = await database.WriteAsync(s => ConcludeAsync(s, row, outcome), cancellation);
        if (!concluded)
        {
            row = await FindAsync(id, caller, cancellation);
            if (row.LeaseId == outcome.LeaseId && row.OutcomeAt is not null)
                return new OutcomeAnswer(row.Phase);
            throw LeaseLost(row);
        }
        var (source, target) = row.ToInstruction() is var sides ? (sides.Source, sides.Target) : default;
        bell.Ring([new ChangedDataset(target.SystemId, Core.Snapshots.DatasetName.Parse(target.Dataset))]);
        // They may have been asked to report anew.
        fleet.Notify([source.SystemId, target.SystemId]);
        return new OutcomeAnswer(EnumText<InstructionState>.Parse(EnumText<OutcomeResult>.Of(outcome.Result)));
    }

    private async Task<bool> LeaseAsync(Session session, InstructionRow row, Guid lease, string agentId)
    {
        var now = time.GetUtcNow();
        if (!await instructions.ClaimAsync(session, row.Id, lease, agentId, now, now.AddSeconds(LeaseSeconds)))
            return false;
        var instruction = row.ToInstruction();
        if (instruction.Repair is { } repair)
            await approvals.UseAsync(session, row.EdgeId, repair.Kind, now);
        // The new version makes a plan that was made before the claim void.
        if (await edges.FindAsync(session, row.EdgeId) is { } edge)
            await edges.SaveAsync(
                session,
                [edge with { State = EdgeState.Syncing, Reason = Core.Replication.ReasonCode.InProgress, DueAt = null }]
            );
        return true;
    }

    private async Task<bool> ConcludeAsync(Session session, InstructionRow row, OutcomeReport outcome)
    {
        var now = time.GetUtcNow();
        if (!await instructions.ConcludeAsync(session, row.Id, outcome, now))
            return false;
        if (outcome is { Result: OutcomeResult.Refused, ErrorKind: StalePlan })
        {
            var sides = row.ToInstruction();
            await reportRequests.AskInFullAsync(session, [sides.Source.SystemId, sides.Target.SystemId], now);
        }
        if (await edges.FindAsync(session, row.EdgeId) is { } edge)
            await edges.SaveAsync(session, [OutcomeRules.Apply(edge, outcome, now)]);
        return true;
    }

    private async Task<InstructionRow> FindAsync(Guid id, Caller caller, CancellationToken cancellation)
    {
        var row = await database.ReadAsync(s => instructions.FindAsync(s, id), cancellation);
        if (row is null || !caller.MayActFor(row.ExecutorSystemId))
            throw Problems.RefusedMissing("instruction", id);
        return row;
    }

    private static RefusedException NotClaimable(InstructionState state) =>
        Problems.Refused(
            StatusCodes.Status409Conflict,
            ProblemCodes.NotClaimable,
            state switch
            {
                InstructionState.Leased => "Another runner has the instruction.",
                InstructionState.Pending =>
                    "Another receive into the same dataset is running; ask again when it has ended.",
                InstructionState.Withdrawn =>
                    "The instruction was withdrawn: the plan has changed since. Ask for instructions again.",
                _ => $"The instruction has ended already ({EnumText<InstructionState>.Of(state)}).",
            }
        );

    private static RefusedException LeaseLost(InstructionRow row) =>
        Problems.Refused(
            StatusCodes.Status409Conflict,
            ProblemCodes.LeaseLost,
            row.Phase == InstructionState.Leased
                ? "The lease belongs to someone else."
                : $"The lease has ended; the instruction is {EnumText<InstructionState>.Of(row.Phase)}."
        );
}
