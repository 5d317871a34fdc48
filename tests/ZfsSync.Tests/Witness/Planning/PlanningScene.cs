using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Planning;

namespace ZfsSync.Tests.Witness.Planning;

/// <summary>A few hosts with one dataset each, to plan from. Snapshots are numbers: the guid, the hour and the name at once.</summary>
internal sealed class PlanningScene
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<Guid, HostFacts> hosts = [];
    private readonly Dictionary<(Guid, string), DatasetInventory> datasets = [];
    private readonly Dictionary<string, EdgeRow> edges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RunFacts> open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RunFacts> unfinished = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Approval>> approvals = new(StringComparer.Ordinal);

    public GroupResource Group { get; set; } =
        new()
        {
            Id = Id(99),
            Name = "g",
            Enabled = true,
            Mode = GroupMode.Hub,
        };
    public string Logical { get; set; } = "d";
    public DateTimeOffset Clock { get; set; } = Now;
    public List<EdgeRow> Parents { get; } = [];

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public PlanningScene Host(int number, string pool, Func<HostFacts, HostFacts>? change = null)
    {
        var host = new HostFacts
        {
            Id = Id(number),
            Standing = new HostStanding($"host{number}")
            {
                Silence = TimeSpan.FromMinutes(1),
                SilenceLimit = TimeSpan.FromMinutes(15),
            },
            SshHostname = $"host{number}.example",
            Pools = [pool],
            HasAgent = true,
            LastReport = Clock.AddMinutes(-1),
        };
        hosts[Id(number)] = change is null ? host : change(host);
        Dataset(number, pool);
        return this;
    }

    public PlanningScene Dataset(int host, string name, params int[] snapshots)
    {
        datasets[(Id(host), name)] = new DatasetInventory
        {
            Name = DatasetName.Parse(name),
            WrittenBytes = 0,
            Snapshots =
            [
                .. snapshots.Select(n => new Snapshot(new SnapshotGuid((ulong)n), $"s{n}", (ulong)n)
                {
                    CreatedAt = Now.AddHours(n - 1000),
                }),
            ],
        };
        return this;
    }

    /// <summary>The first receive into a dataset was cut.</summary>
    public PlanningScene Begun(int host, string name)
    {
        Dataset(host, name);
        datasets[(Id(host), name)] = datasets[(Id(host), name)] with { ReceiveResumeToken = "1-a" };
        return this;
    }

    public PlanningScene Without(int host, string name)
    {
        datasets.Remove((Id(host), name));
        return this;
    }

    public PlanningScene Members(GroupMode mode, params int[] members)
    {
        Group = Group with
        {
            Mode = mode,
            HubSystemId = mode == GroupMode.Hub ? Id(members[0]) : null,
            Members = [.. members.Select(m => new GroupMember { SystemId = Id(m) })],
        };
        return this;
    }

    public PlanningScene Policy(GroupPolicy policy)
    {
        Group = Group with { Policy = policy };
        return this;
    }

    public PlanningScene Approve(string edge, Approval approval)
    {
        approvals[edge] = [approval];
        return this;
    }

    /// <summary>The last plan's rows are stored; its instructions are in the state given.</summary>
    public PlanningScene After(UnitPlan plan, InstructionState? state = null)
    {
        edges.Clear();
        open.Clear();
        foreach (var edge in plan.Edges)
        {
            edges[edge.Row.Id] = edge.Row;
            if (edge.Wanted is not { } wanted || state is null)
                continue;
            var run = new RunFacts(
                state.Value,
                InstructionDraft.KeyOf(wanted),
                wanted with
                {
                    InstructionId = Id(500),
                },
                state == InstructionState.Done ? Clock : null,
                null
            );
            (state == InstructionState.Done ? unfinished : open)[edge.Row.Id] = run;
        }
        return this;
    }

    /// <summary>What the inventory said of the last run is stored.</summary>
    public PlanningScene Proven(UnitPlan plan)
    {
        foreach (var edge in plan.Edges.Where(e => e.Proof is not null))
        {
            var run = unfinished[edge.Row.Id];
            if (edge.Proof!.Proven && run.Instruction.Kind != InstructionKind.Repair)
                unfinished.Remove(edge.Row.Id);
            else
                unfinished[edge.Row.Id] = run with { Proven = edge.Proof.Proven };
        }
        return After(plan);
    }

    public PlanningScene Row(EdgeRow row)
    {
        edges[row.Id] = row;
        return this;
    }

    public UnitPlan Plan() =>
        UnitPlanner.Plan(
            new UnitFacts
            {
                Group = Group,
                LogicalDataset = Logical,
                Now = Clock,
                Hosts = hosts,
                Datasets = datasets,
                Edges = edges,
                AncestorEdges = Parents,
                Open = open,
                Unfinished = unfinished,
                Approvals = approvals,
            }
        );
}
