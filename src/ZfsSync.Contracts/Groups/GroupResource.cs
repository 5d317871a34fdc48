using System.Text.Json.Nodes;

namespace ZfsSync.Contracts.Groups;

/// <summary>A group as the witness keeps it.</summary>
public sealed record GroupResource
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its unique name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it plans.</summary>
    public bool Enabled { get; init; }

    /// <summary>
    /// How long a copy may lack a snapshot before it is late, in seconds. Nothing is held back for it: what there is to
    /// send is sent at once.
    /// </summary>
    public int SyncIntervalSeconds { get; init; }

    /// <summary>True for mode hub.</summary>
    public bool Directional { get; init; }

    /// <summary>The hub of mode hub.</summary>
    public Guid? HubSystemId { get; init; }

    /// <summary>Which member copies from which.</summary>
    public GroupMode Mode { get; init; }

    /// <summary>The places, in order.</summary>
    public IReadOnlyList<GroupMember> Members { get; set; } = [];

    /// <summary>The hosts of the members, each once.</summary>
    public IReadOnlyList<Guid> SystemIds { get; set; } = [];

    /// <summary>For mode explicit.</summary>
    public IReadOnlyList<GroupEdge> Edges { get; set; } = [];

    /// <summary>Which logical datasets.</summary>
    public NamePatterns Datasets { get; set; } = new();

    /// <summary>Which snapshots.</summary>
    public NamePatterns Snapshots { get; set; } = new();

    /// <summary>How to replicate.</summary>
    public GroupPolicy Policy { get; set; } = new();

    /// <summary>Who decides conflicts.</summary>
    public string ConflictStrategy { get; set; } = "manual";

    /// <summary>Free data.</summary>
    public JsonObject? ExtraMetadata { get; init; }

    /// <summary>Its creation.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its last change.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
