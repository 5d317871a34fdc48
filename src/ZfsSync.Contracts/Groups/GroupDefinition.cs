using System.Text.Json.Nodes;

namespace ZfsSync.Contracts.Groups;

/// <summary>The body of <c>POST</c> and <c>PUT /sync-groups</c>. In a PUT what is absent stays.</summary>
public sealed record GroupDefinition
{
    /// <summary>Unique, 1 to 100 characters; required in a POST.</summary>
    public string? Name { get; init; }

    /// <summary>Switched off, it plans nothing. True by default.</summary>
    public bool? Enabled { get; init; }

    /// <summary>
    /// How long a copy may lack a snapshot before it is late, in seconds (3600 by default). Nothing is held back for it: what there is to
    /// send is sent at once.
    /// </summary>
    public int? SyncIntervalSeconds { get; init; }

    /// <summary>The older dialect's word for mode hub.</summary>
    public bool? Directional { get; init; }

    /// <summary>The hub of mode hub.</summary>
    public Guid? HubSystemId { get; init; }

    /// <summary>Absent: hub when directional with a hub, explicit when there are edges, else mesh.</summary>
    public GroupMode? Mode { get; init; }

    /// <summary>The places, in order.</summary>
    public IReadOnlyList<GroupMember>? Members { get; init; }

    /// <summary>The older dialect: members with their default roots.</summary>
    public IReadOnlyList<Guid>? SystemIds { get; init; }

    /// <summary>For mode explicit.</summary>
    public IReadOnlyList<GroupEdge>? Edges { get; init; }

    /// <summary>Which logical datasets.</summary>
    public NamePatterns? Datasets { get; init; }

    /// <summary>Which snapshots, by the part after <c>@</c>.</summary>
    public NamePatterns? Snapshots { get; init; }

    /// <summary>How to replicate.</summary>
    public GroupPolicy? Policy { get; init; }

    /// <summary>Kept for clients that send it: <c>manual</c> (the default: a person decides).</summary>
    public string? ConflictStrategy { get; init; }

    /// <summary>Free data.</summary>
    public JsonObject? ExtraMetadata { get; init; }
}
