using ZfsSync.Contracts;
using ZfsSync.Contracts.Reports;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Systems;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Reports;

/// <summary>
/// Takes a report, in as few requests as its news needs: a head whose digest is known is all; else the datasets, and the
/// lists of those that changed. Everything of one report becomes the inventory in one transaction, and then the planning
/// bell rings.
/// </summary>
internal sealed class ReportIntake(
    Database database,
    SystemStore systems,
    ReportStore reports,
    InventoryUpdate inventory,
    ReportInput input,
    PlanningBell bell,
    FleetChanges fleet,
    WitnessOptions options,
    TimeProvider time
)
{
    /// <exception cref="RefusedException">The report is wrong, the host unknown, or another agent has its identity.</exception>
    public async Task<ReportAnswer> TakeAsync(Guid systemId, Body<InventoryReport> body, CancellationToken cancellation)
    {
        input.Check(body.Value);
        var taken = await database.WriteAsync(session => TakeAsync(session, systemId, body), cancellation);
        bell.Ring(taken.Changed);
        if (taken.ChangedPools)
            bell.RingAll(systemId);
        if (taken.AnsweredRequest)
            fleet.Notify();
        return taken.Answer;
    }

    private async Task<Taken> TakeAsync(Session session, Guid systemId, Body<InventoryReport> body)
    {
        var report = body.Value;
        var now = time.GetUtcNow();
        if (!await reports.TouchAsync(session, systemId, now))
            throw Problems.RefusedMissing("system", systemId);
        var system = (await systems.FindAsync(session, systemId))!;
        await ClaimIdentityAsync(session, system, report, now);
        if (report.Sequence <= system.LastSequence)
            return Answer(ReportStatus.Ignored, report, system);
        if (report.Datasets is null)
            return IsKnown(system, report)
                ? await AcceptAsync(session, system, report, InventoryUpdate.Outcome.Unchanged, now)
                : Answer(ReportStatus.NeedsDatasets, report, system);
        if (report.Part is { Count: > 1 })
        {
            if (await StageAsync(session, systemId, body, report.Part, now) is not { } whole)
                return Answer(ReportStatus.Staged, report, system);
            report = whole;
        }
        return await ApplyAsync(session, system, report, now);
    }

    private async Task<Taken> ApplyAsync(Session session, SystemRow system, InventoryReport report, DateTimeOffset now)
    {
        var outcome = await inventory.ApplyAsync(session, system.Id, report, now);
        if (outcome.Needed.Count == 0)
            return await AcceptAsync(session, system, report, outcome, now);
        await reports.DropPartsAsync(session, system.Id);
        var asked = Answer(ReportStatus.NeedsLists, report, system);
        return asked with { Answer = asked.Answer with { Needed = outcome.Needed } };
    }

    /// <summary>A second agent with the same key, perhaps on a cloned machine, would overwrite the first one's inventory.</summary>
    private async Task ClaimIdentityAsync(Session session, SystemRow system, InventoryReport report, DateTimeOffset now)
    {
        if (report.AgentId is not { } agent)
            return;
        var isOther = system.AgentId is not null && system.AgentId != agent;
        // Seen in the future is seen by a clock that was put back since.
        if (
            isOther
            && system.AgentSeenAt <= now
            && now - system.AgentSeenAt < TimeSpan.FromSeconds(options.HeartbeatTimeoutSeconds)
        )
            throw Problems.Refused(
                StatusCodes.Status409Conflict,
                ProblemCodes.IdentityInUse,
                $"Another agent reported as {system.Hostname} {(now - system.AgentSeenAt)!.Value.TotalSeconds:0} seconds ago. Stop it, or let this host join under a name of its own. A new installation of the same host is taken after {options.HeartbeatTimeoutSeconds} seconds of silence."
            );
        await reports.SetAgentAsync(session, system.Id, agent, now);
    }

    private static bool IsKnown(SystemRow system, InventoryReport report) =>
        system.ReportDigest == report.Digest
        && system.ReportComplete == report.Complete
        && system.ReportScope == ScopeText(report);

    /// <summary>Keeps a part; the whole report when it was the last one missing.</summary>
    private async Task<InventoryReport?> StageAsync(
        Session session,
        Guid systemId,
        Body<InventoryReport> body,
        ReportPart part,
        DateTimeOffset now
    )
    {
        var report = body.Value;
        var row = new ReportPartRow
        {
            SystemId = systemId,
            Sequence = report.Sequence,
            PartIndex = part.Index,
            PartCount = part.Count,
            Head = $"{report.Digest} {report.Complete} {ScopeText(report)}",
            Body = body.Json,
            ReceivedAt = now,
        };
        await reports.DropOtherPartsAsync(session, row);
        var others = await reports.CountOtherPartsAsync(session, row);
        if (others < part.Count - 1)
        {
            await reports.PutPartAsync(session, row);
            return null;
        }
        var parts = await reports.OtherPartsAsync(session, row, RequestBody.Read<InventoryReport>);
        var whole = report with
        {
            Part = null,
            Datasets = [.. parts.SelectMany(other => other.Datasets!), .. report.Datasets!],
        };
        RefuseRepeated(whole);
        return whole;
    }

    private static void RefuseRepeated(InventoryReport whole)
    {
        var errors = new FieldErrors();
        foreach (var group in whole.Datasets!.GroupBy(dataset => dataset.Name).Where(group => group.Skip(1).Any()))
            errors.Add("datasets", $"'{group.Key}' appears in more than one part of the report");
        errors.ThrowIfAny();
    }

    private async Task<Taken> AcceptAsync(
        Session session,
        SystemRow system,
        InventoryReport report,
        InventoryUpdate.Outcome outcome,
        DateTimeOffset now
    )
    {
        var frozen = system.FrozenReason ?? outcome.FreezeReason;
        var isSound = report.Datasets is null || ReportDigest.Of(report.Datasets) == report.Digest;
        var known = PoolList.Read(system.Pools);
        var pools = await PoolsAsync(session, system.Id, known, report);
        var answered = ReportRequestStore.Answered(
            system.ReportRequestedAt,
            system.ReportAnsweredAt,
            report.AnswersRequest
        );
        await reports.SetAcceptedAsync(
            session,
            new AcceptedReport
            {
                SystemId = system.Id,
                At = now,
                Sequence = report.Sequence,
                Scope = ScopeText(report),
                Digest = isSound ? report.Digest : null,
                Complete = report.Complete,
                ReportInFull = false,
                ReportAnsweredAt = answered,
                ClockSkewUs = ColumnMapping.ToMicroseconds(report.SentAt) - ColumnMapping.ToMicroseconds(now),
                ZfsVersion = report.ZfsVersion,
                AgentVersion = report.AgentVersion,
                Pools = PoolList.Text(pools),
                Simulated = report.Simulated,
                FrozenReason = frozen,
            }
        );
        await reports.DropPartsAsync(session, system.Id);
        var accepted = Answer(
            ReportStatus.Accepted,
            report,
            system with
            {
                LastSequence = report.Sequence,
                FrozenReason = frozen,
            }
        );
        // Of two that do not fit one after the other, the second was read anew already: once more would not help.
        var inFull = system.ReportInFull || (!isSound && system.ReportDigest is not null);
        return new Taken(accepted.Answer with { ReportInFull = inFull }, outcome.Changed)
        {
            AnsweredRequest = answered != system.ReportAnsweredAt,
            ChangedPools = !PoolList.IsSameForPlans(known, pools),
        };
    }

    /// <summary>A report without a list of pools did not look at them; one with an empty list saw none.</summary>
    private async Task<IReadOnlyList<ReportedPool>> PoolsAsync(
        Session session,
        Guid systemId,
        IReadOnlyList<ReportedPool> known,
        InventoryReport report
    )
    {
        if (report.Pools is not { } reported)
            return known;
        var held = new List<string>();
        foreach (var name in PoolList.Unseen(known, reported))
        {
            if (await reports.HoldsPoolAsync(session, systemId, name))
                held.Add(name);
        }
        return PoolList.Merge(known, reported, held);
    }

    private Taken Answer(ReportStatus status, InventoryReport report, SystemRow system) =>
        new(
            new ReportAnswer(status, report.Sequence, options.ReportIntervalSeconds)
            {
                LastSequence = system.LastSequence,
                FrozenReason = system.FrozenReason,
            },
            []
        );

    private static string ScopeText(InventoryReport report) =>
        string.Join('\n', report.Scope.Order(StringComparer.Ordinal));

    private sealed record Taken(ReportAnswer Answer, IReadOnlyCollection<ChangedDataset> Changed)
    {
        public bool AnsweredRequest { get; init; }

        public bool ChangedPools { get; init; }
    }
}
