using ZfsSync.Contracts.Edges;

namespace ZfsSync.Contracts.Sync;

/// <summary>The state of one edge as seen from its target, with what was claimed beside what is proven.</summary>
public sealed record StateResource
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>The logical dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>The target host.</summary>
    public required Guid SystemId { get; init; }

    /// <summary>The edge.</summary>
    public string? EdgeId { get; init; }

    /// <summary>What it is: <c>unproven</c> while a claim of in_sync is not shown by an inventory.</summary>
    public required EdgeState Status { get; init; }

    /// <summary>What was claimed last.</summary>
    public EdgeState? Claimed { get; init; }

    /// <summary>When it was last in sync by proof.</summary>
    public DateTimeOffset? LastSync { get; init; }

    /// <summary>When it was last decided or claimed.</summary>
    public DateTimeOffset? LastCheck { get; init; }

    /// <summary>What went wrong.</summary>
    public string? ErrorMessage { get; init; }
}
