using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Reports;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Fleet;

namespace ZfsSync.Tests.Witness.Fleet;

/// <summary>A fleet as a person would meet it on a bad day: everything the first page must be able to show.</summary>
internal static class FleetScene
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Nightly = new(1, 0, 0, new byte[8]);
    private static readonly Guid Machines = new(2, 0, 0, new byte[8]);

    public static FleetView BadDay() =>
        FleetView.Of(
            [
                Host("alpha", 40),
                Host("beta", 95) with
                {
                    Pools = [new ReportedPool("backup", "1", 1UL << 44, 1UL << 41, "DEGRADED")],
                },
                Host("gamma", 6 * 3600) with
                {
                    ConnectivityStatus = ConnectivityStatus.Offline,
                    AgentVersion = null,
                },
                Host("demo-1", 3) with
                {
                    Simulated = true,
                },
            ],
            [Group(Nightly, "nightly"), Group(Machines, "machines")],
            [
                Edge("home/ann", EdgeState.InSync),
                Edge("home", EdgeState.InSync),
                Edge("vm/mail server", EdgeState.Syncing) with
                {
                    LagSnapshots = 2,
                    LagSeconds = 7200,
                    Text = "Bring backup/vm/mail server from @hourly-10 to @hourly-12: 2 snapshots in 1 step.",
                    Run = Run("vm/mail server"),
                },
                Edge("projects", EdgeState.Conflict) with
                {
                    LagSnapshots = 3,
                    LagSeconds = 3 * 86400,
                    Conflict = ConflictKind.Diverged,
                    Text =
                        "Both sides wrote after @monday: 3 snapshots only on tank/projects, 2 only on backup/projects.",
                    Evidence =
                    [
                        "Newest in common: @monday (guid 8821347712345123).",
                        "Only on the source: @tuesday, @wednesday, @thursday.",
                        "Only on the target: @manual-1, @manual-2.",
                    ],
                    Repairs =
                    [
                        Repair(
                            RepairKind.ReRead,
                            "Let both hosts report again: what is known may be older than what is there."
                        ),
                        Repair(
                            RepairKind.ReceiveBeside,
                            "Rename backup/projects to backup/projects-aside-1f2e3d4c, with everything below it, and send the whole history again; nothing is destroyed, the space is used twice."
                        ) with
                        {
                            ResendBytes = 48_000_000_000,
                        },
                        Repair(
                            RepairKind.Rollback,
                            "Roll backup/projects back to @monday: @manual-1, @manual-2 and what was written there since are lost."
                        ) with
                        {
                            Destroys = [new SnapshotGuid(7), new SnapshotGuid(8)],
                            DestroysNames = ["manual-1", "manual-2"],
                            LosesWrites = true,
                        },
                    ],
                },
                Edge("archive", EdgeState.Stale) with
                {
                    SyncGroupId = Machines,
                    Target = new EdgeSide(Guid.Empty, "gamma", "vault/archive"),
                    LastInSyncAt = Now.AddHours(-7),
                    Reason = ReasonCode.TargetStale,
                    Text = "gamma has been silent for 6 h, longer than 15 min: what is known of it may be old.",
                },
                Edge("media", EdgeState.OutOfSync) with
                {
                    SyncGroupId = Machines,
                    LagSnapshots = 1,
                    LagSeconds = 3600,
                    Reason = ReasonCode.MissingSshIdentity,
                    Text = "beta has no ssh name for alpha: set ssh_hostname (and ssh_user, ssh_port) of alpha.",
                },
                Edge("empty", EdgeState.OutOfSync) with
                {
                    SyncGroupId = Machines,
                    ProvenSnapshot = null,
                    Reason = ReasonCode.NoSourceSnapshots,
                    Text = "tank/empty has no snapshots.",
                },
            ],
            Now
        );

    public static SystemResource Host(string name, int silentSeconds) =>
        new()
        {
            Id = Guid.Empty,
            Hostname = name,
            Platform = "linux",
            ConnectivityStatus = ConnectivityStatus.Online,
            LastSeen = Now.AddSeconds(-silentSeconds),
            LastReport = Now.AddSeconds(-silentSeconds),
            ZfsVersion = "2.3.2",
            AgentVersion = "0.1.0",
            Pools = [new ReportedPool("tank", "1", 1UL << 43, 1UL << 42, "ONLINE")],
        };

    public static GroupResource Group(Guid id, string name) =>
        new()
        {
            Id = id,
            Name = name,
            Enabled = true,
        };

    public static EdgeResource Edge(string dataset, EdgeState state) =>
        new()
        {
            EdgeId = $"{(uint)dataset.Sum(c => c * 7919):x16}",
            SyncGroupId = Nightly,
            GroupName = "nightly",
            LogicalDataset = dataset,
            Source = new EdgeSide(Guid.Empty, "alpha", "tank/" + dataset),
            Target = new EdgeSide(Guid.Empty, "beta", "backup/" + dataset),
            State = state,
            Decision = DecisionKind.UpToDate,
            Text = $"backup/{dataset} holds everything, up to @hourly-12.",
            ProvenSnapshot = "hourly-12",
            ProvenCreatedAt = Now.AddMinutes(-23),
        };

    private static RepairOption Repair(RepairKind kind, string text) =>
        new()
        {
            Kind = kind,
            Text = text,
            Executable = kind is not RepairKind.ReRead,
        };

    private static RunResource Run(string dataset) =>
        new()
        {
            InstructionId = Guid.Empty,
            EdgeId = "0000000000000001",
            SyncGroupId = Nightly,
            LogicalDataset = dataset,
            SourceHostname = "alpha",
            SourceDataset = "tank/" + dataset,
            TargetHostname = "beta",
            TargetDataset = "backup/" + dataset,
            State = InstructionState.Leased,
            Bytes = 1_750_000_000,
            EstimatedBytes = 4_000_000_000,
            Step = 0,
            StepCount = 2,
            ToName = "hourly-12",
            StartedAt = Now.AddSeconds(-35),
        };
}
