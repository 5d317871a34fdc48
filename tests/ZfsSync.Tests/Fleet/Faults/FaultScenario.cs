using ZfsSync.Contracts.Groups;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>How the hosts of a fleet lie to each other.</summary>
internal enum FaultTopology
{
    Hub,
    Chain,
    Mesh,
    TwoPools,
}

/// <summary>One story: a fleet, what people want of it, and what happens to it.</summary>
internal sealed record FaultScenario
{
    public required int Seed { get; init; }

    public required FaultTopology Topology { get; init; }

    /// <summary>Ignored for <see cref="FaultTopology.TwoPools"/>.</summary>
    public required int Hosts { get; init; }

    public required int Datasets { get; init; }

    /// <summary>Whether copies go below a dataset of their own instead of the pool.</summary>
    public bool HasRoots { get; init; }

    /// <summary>Whether p0/data is encrypted, and what lies below it; no target has the key.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Whether the last dataset is a volume.</summary>
    public bool HasVolume { get; init; }

    /// <summary>Replicas of the witness on PostgreSQL; with 0 it is one, on SQLite.</summary>
    public int Replicas { get; init; }

    public required GroupPolicy Policy { get; init; }

    public required IReadOnlyList<FaultEvent> Events { get; init; }

    public override string ToString() =>
        $"seed {Seed}: {Topology}, {Hosts} hosts, {Datasets} datasets{(HasRoots ? ", own roots" : "")}{(IsEncrypted ? ", encrypted" : "")}{(HasVolume ? ", a volume" : "")}{(Replicas > 0 ? $", {Replicas} replicas" : "")}, {Policy.Direction}, {Policy.Initial}{(Policy.Resume ? "" : ", no resume")}{(Policy.AllowEmptyTarget ? ", empty targets allowed" : "")}{(Policy.MinAgeSeconds > 0 ? $", min age {Policy.MinAgeSeconds} s" : "")}\n"
        + string.Join('\n', Events.Select(e => $"  {e},"));
}
