using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Reports;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// Plans edges and stores the result: loads facts, lets <see cref="UnitPlanner"/> decide, keeps rows, offers and
/// withdraws instructions, notes proofs. A plan that was overtaken by another replica's is made again.
/// </summary>
internal sealed class EdgePlanning(
    Database database,
    GroupStore groups,
    EdgeStore edges,
    InstructionStore instructions,
    PlanningScope scope,
    UnitFactsLoader loader,
    ReportRequestStore reportRequests,
    FleetChanges fleet,
    IdSource ids
)
{
    public const int UnitsAtOnce = 25;
    private const int Attempts = 5;

    /// <summary>Plans all of a group; false when it does not exist.</summary>
    public async Task<bool> PlanGroupAsync(Guid groupId, CancellationToken cancellation)
    {
        var request = await database.ReadAsync(
            async session =>
                await groups.FindAsync(session, groupId) is { } group ? await scope.OfGroupAsync(session, group) : null,
            cancellation
        );
        if (request is null)
            return false;
        await PlanAsync(request, cancellation);
        return true;
    }

    public async Task PlanChangesAsync(PlanningChanges changes, CancellationToken cancellation)
    {
        var requests = await database.ReadAsync(s => scope.OfChangesAsync(s, changes), cancellation);
        foreach (var request in requests)
            await PlanAsync(request, cancellation);
        if (changes.Systems.Count > 0)
            await database.WriteAsync(s => instructions.WithdrawOrphansAsync(s, fleet.Now), cancellation);
    }

    /// <summary>Plans parents before children, then the children that waited for what was planned.</summary>
    public async Task PlanAsync(PlanningRequest request, CancellationToken cancellation)
    {
        var group = await database.ReadAsync(s => groups.FindAsync(s, request.GroupId), cancellation);
        if (group is null)
            return;
        // In a mesh the best source may be any host.
        var only = group.Mode == GroupMode.Mesh ? null : request.Only;
        var hosts = new HashSet<Guid>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var next = request.LogicalDatasets.ToHashSet(StringComparer.Ordinal);
        while (next.Count > 0)
        {
            foreach (var level in next.GroupBy(LogicalName.DepthOf).OrderBy(g => g.Key))
            {
                foreach (var chunk in level.Order(StringComparer.Ordinal).Chunk(UnitsAtOnce))
                    hosts.UnionWith(await PlanUnitsAsync(group, chunk, only, cancellation));
            }
            done.UnionWith(next);
            var waiting = await database.ReadAsync(s => WaitingAsync(s, group.Id, next), cancellation);
            next = waiting.Where(l => !done.Contains(l)).ToHashSet(StringComparer.Ordinal);
        }
        fleet.Notify(hosts);
    }

    private async Task<IReadOnlyList<string>> WaitingAsync(Session session, Guid groupId, HashSet<string> parents)
    {
        var waiting = new List<string>();
        foreach (var chunk in parents.Chunk(500))
            waiting.AddRange(await edges.WaitingForAsync(session, groupId, chunk));
        return waiting;
    }

    /// <summary>The hosts whose agents have something to look at now.</summary>
    private async Task<IReadOnlySet<Guid>> PlanUnitsAsync(
        GroupResource group,
        IReadOnlyList<string> logicalDatasets,
        IReadOnlySet<Guid>? only,
        CancellationToken cancellation
    )
    {
        var hosts = new HashSet<Guid>();
        var left = logicalDatasets;
        for (var attempt = 0; attempt < Attempts && left.Count > 0; attempt++)
        {
            var units = await database.ReadAsync(
                async session =>
                    attempt > 0 && await groups.FindAsync(session, group.Id) is null
                        ? []
                        : await loader.LoadAsync(session, group, left, only),
                cancellation
            );
            var plans = units.Select(u => (Facts: u, Plan: UnitPlanner.Plan(u))).ToList();
            // What is lost with the power is planned again after the start; a claim makes the plan before it durable.
            left = await database.WriteDerivedAsync(s => StoreAsync(s, plans), cancellation);
            foreach (var edge in plans.SelectMany(p => p.Plan.Edges))
            {
                if (edge.Wanted is { } wanted)
                    hosts.Add(wanted.ExecutorSystemId);
                if (edge.Proof is { Proven: false })
                    hosts.Add(edge.Row.TargetSystemId);
            }
        }
        return hosts;
    }

    /// <summary>The logical datasets whose plan was overtaken.</summary>
    private async Task<IReadOnlyList<string>> StoreAsync(
        Session session,
        IReadOnlyList<(UnitFacts Facts, UnitPlan Plan)> plans
    )
    {
        var stored = await edges.SaveAsync(session, [.. plans.SelectMany(p => p.Plan.Edges).Select(edge => edge.Row)]);
        var kept = plans.SelectMany(p =>
            p.Plan.Edges.Where(edge => stored.Contains(edge.Row.Id)).Select(edge => (p.Facts, edge))
        );
        await StoreWorkAsync(session, [.. kept]);
        var gone = plans.SelectMany(p => p.Plan.Gone).ToList();
        if (gone.Count > 0)
        {
            await edges.DeleteAsync(session, gone);
            await instructions.WithdrawOrphansAsync(session, fleet.Now);
        }
        return
        [
            .. plans
                .Where(p => p.Plan.Edges.Any(edge => !stored.Contains(edge.Row.Id)))
                .Select(p => p.Facts.LogicalDataset),
        ];
    }

    private async Task StoreWorkAsync(Session session, IReadOnlyList<(UnitFacts Facts, EdgePlan Edge)> plans)
    {
        foreach (var (facts, edge) in plans)
        {
            if (edge.Proof is not { } proof)
                continue;
            await instructions.SetProvenAsync(session, proof);
            // The agent read the copy back, and its report lacks it: one of the two is not what the host has.
            if (!proof.Proven)
                await reportRequests.AskInFullAsync(session, [edge.Row.TargetSystemId], facts.Now);
        }
        var changed = plans
            .Where(p => IsOtherWork(p.Facts.Open.GetValueOrDefault(p.Edge.Row.Id), p.Edge.Wanted))
            .ToList();
        await instructions.WithdrawAsync(
            session,
            [.. changed.Where(p => p.Facts.Open.ContainsKey(p.Edge.Row.Id)).Select(p => p.Edge.Row.Id)],
            fleet.Now
        );
        await instructions.OfferAsync(
            session,
            [
                .. changed
                    .Where(p => p.Edge.Wanted is not null)
                    .Select(p => p.Edge.Wanted! with { InstructionId = ids.Next(p.Facts.Now) }),
            ]
        );
    }

    /// <summary>Whether what is open, or nothing, is not what is wanted now. What an agent has begun it ends.</summary>
    private static bool IsOtherWork(RunFacts? open, Instruction? wanted) =>
        open?.State != InstructionState.Leased
        && (open is null || wanted is null || InstructionDraft.KeyOf(wanted) != open.PlanKey);
}
