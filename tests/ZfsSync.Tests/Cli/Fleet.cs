using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Reports;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tests.Cli;

/// <summary>Two hosts, a group and its edges, as a witness would tell them.</summary>
internal static class Fleet
{
    public static readonly SystemResource Alpha = Host("a", "alpha", "tank");
    public static readonly SystemResource Beta = Host("b", "beta", "backup");

    public static readonly GroupResource Backup = new()
    {
        Id = Id("c"),
        Name = "backup",
        Enabled = true,
        SyncIntervalSeconds = 3600,
        Mode = GroupMode.Hub,
        HubSystemId = Alpha.Id,
        Members =
        [
            new GroupMember
            {
                SystemId = Alpha.Id,
                Root = "tank",
                Role = MemberRole.Source,
            },
            new GroupMember
            {
                SystemId = Beta.Id,
                Root = "backup/alpha",
                Role = MemberRole.Target,
            },
        ],
        SystemIds = [Alpha.Id, Beta.Id],
    };

    public static readonly EdgeResource InSync = Edge("home", EdgeState.InSync) with
    {
        Decision = DecisionKind.UpToDate,
        Text = "backup/alpha/home holds everything, up to @mon.",
        ProvenSnapshot = "mon",
    };

    public static readonly EdgeResource Behind = Edge("mail", EdgeState.OutOfSync) with
    {
        Decision = DecisionKind.Incremental,
        Text = "Bring backup/alpha/mail from @mon to @wed: 2 snapshots in 1 step.",
        ProvenSnapshot = "mon",
        LagSnapshots = 2,
        LagSeconds = 7200,
        EstimatedBytes = 3 << 20,
        Steps =
        [
            new InstructionStep
            {
                Kind = StepKind.Range,
                FromGuid = new SnapshotGuid(11),
                FromName = "mon",
                ToGuid = new SnapshotGuid(13),
                ToName = "wed",
                ArrivingGuids = [new SnapshotGuid(12), new SnapshotGuid(13)],
                EstimatedBytes = 3 << 20,
            },
        ],
    };

    public static readonly EdgeResource Conflict = Edge("vm", EdgeState.Conflict) with
    {
        Decision = DecisionKind.Conflict,
        Conflict = ConflictKind.TargetAhead,
        Text = "backup/alpha/vm has 1 own snapshot after @mon.",
        Evidence = ["Newest in common: @mon (guid 21).", "Only on the target: @local."],
        ProvenSnapshot = "mon",
        LagSnapshots = 1,
        LagSeconds = 60,
        Repairs =
        [
            new RepairOption { Kind = RepairKind.ReRead, Text = "Read both inventories again." },
            new RepairOption
            {
                Kind = RepairKind.Rollback,
                Text = "Roll backup/alpha/vm back to @mon.",
                Executable = true,
                Destroys = [new SnapshotGuid(99)],
                DestroysNames = ["local"],
                LosesWrites = true,
            },
        ],
    };

    public static Guid Id(string digit) =>
        Guid.Parse(string.Concat(Enumerable.Repeat(digit, 8)) + "-0000-4000-8000-000000000000");

    /// <summary>A room whose witness knows the two hosts, the group and these edges.</summary>
    public static Room Room(params EdgeResource[] edges)
    {
        var room = new Room();
        Fill(room, edges);
        return room;
    }

    public static void Fill(Room room, params EdgeResource[] edges)
    {
        room.Answers<IReadOnlyList<SystemResource>>(
            "GET systems",
            [Alpha, Beta],
            json => json.IReadOnlyListSystemResource
        );
        room.Answers<IReadOnlyList<GroupResource>>(
            "GET sync-groups",
            [Backup],
            json => json.IReadOnlyListGroupResource
        );
        room.Answers<IReadOnlyList<EdgeResource>>("GET edges", edges, json => json.IReadOnlyListEdgeResource);
        room.Answers(
            $"POST sync/{Backup.Id}/check",
            new CheckAnswer(Backup.Id, Tests.Cli.Room.Now.AddMinutes(-5), edges),
            json => json.CheckAnswer
        );
    }

    private static SystemResource Host(string digit, string name, string pool) =>
        new()
        {
            Id = Id(digit),
            Hostname = name,
            Platform = "linux",
            ConnectivityStatus = ConnectivityStatus.Online,
            LastSeen = Tests.Cli.Room.Now.AddSeconds(-20),
            LastReport = Tests.Cli.Room.Now.AddSeconds(-20),
            ZfsVersion = "2.3.1",
            AgentVersion = "0.1.0",
            Pools = [new ReportedPool(pool, "1", 1UL << 40, 1UL << 39, "ONLINE")],
            CreatedAt = Tests.Cli.Room.Now.AddDays(-1),
        };

    private static EdgeResource Edge(string dataset, EdgeState state) =>
        new()
        {
            EdgeId = $"{dataset.Length:x}123456789abcde{dataset[0] % 10}",
            SyncGroupId = Backup.Id,
            GroupName = "backup",
            LogicalDataset = dataset,
            Source = new EdgeSide(Alpha.Id, "alpha", $"tank/{dataset}"),
            Target = new EdgeSide(Beta.Id, "beta", $"backup/alpha/{dataset}"),
            State = state,
            Decision = DecisionKind.Nothing,
            Text = "",
            DecidedAt = Tests.Cli.Room.Now.AddSeconds(-15),
        };
}
