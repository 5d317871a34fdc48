using Shouldly;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

/// <summary>Facts of an edge from two lines of <see cref="SnapshotText"/>, and decisions as lines of text.</summary>
internal static class Edge
{
    public static readonly DateTimeOffset Now = SnapshotText.Epoch.AddDays(100);

    /// <summary>The edge tank/data → backup/data; a null target does not exist.</summary>
    public static EdgeFacts Of(string? source, string? target) =>
        new()
        {
            Source = source is null ? null : SnapshotText.Dataset("tank/data", source),
            Target = target is null ? null : SnapshotText.Dataset("backup/data", target) with { WrittenBytes = 0 },
            TargetName = DatasetName.Parse("backup/data"),
            Now = Now,
        };

    public static EdgeFacts Source(this EdgeFacts facts, Func<DatasetInventory, DatasetInventory> change) =>
        facts with
        {
            Source = change(facts.Source!),
        };

    public static EdgeFacts Target(this EdgeFacts facts, Func<DatasetInventory, DatasetInventory> change) =>
        facts with
        {
            Target = change(facts.Target!),
        };

    public static ReplicationDecision Plan(string? source, string? target, EdgePolicy? policy = null) =>
        ReplicationPlanner.Plan(Of(source, target), policy ?? EdgePolicy.Default);

    public static ReplicationDecision Plan(this EdgeFacts facts, EdgePolicy? policy = null) =>
        ReplicationPlanner.Plan(facts, policy ?? EdgePolicy.Default);

    public static Conflict PlanConflict(this EdgeFacts facts, EdgePolicy? policy = null) =>
        facts.Plan(policy).ShouldBeOfType<Conflict>();

    public static EdgePolicy Only(params string[] include) =>
        EdgePolicy.Default with
        {
            Snapshots = new SnapshotSelection(include, []),
        };

    /// <summary>The decision in one line: <c>-i @a @b, -I @b @d</c>, <c>full @a</c>, <c>up to date @b</c>, or the code.</summary>
    public static string Text(this ReplicationDecision decision) =>
        decision switch
        {
            UpToDate d => $"up to date @{d.Newest.Label}",
            Incremental d => Aborting(d.Abort) + string.Join(", ", d.Steps.Select(Text)),
            Full d => Aborting(d.Abort) + string.Join(", ", d.Steps.Select(Text)),
            Resume d => Text(d.Step),
            AbortPartial d => $"abort {d.Verdict}",
            ApprovedRepair d => Aborting(d.Abort) + $"approved {d.Option.Kind}",
            Conflict d => $"conflict {d.Kind}",
            Nothing d => $"nothing {d.Reason}",
            _ => throw new InvalidOperationException(),
        };

    private static string Aborting(TokenVerdict? verdict) => verdict is { } v ? $"abort {v}, " : "";

    private static string Text(SendStep step) =>
        step switch
        {
            SendStep.Full s => $"full @{s.To.Label}",
            SendStep.Incremental s => $"-i {(s.From.IsBookmark ? '#' : '@')}{s.From.Label} @{s.To.Label}",
            SendStep.Range s => $"-I @{s.From.Label} @{s.Arriving[^1].Label}",
            SendStep.Resume s => $"-t {s.Token.ToName}",
            _ => throw new InvalidOperationException(),
        };
}
