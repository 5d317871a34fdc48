using System.Text.Json.Serialization;

namespace ZfsSync.Contracts.Snapshots;

/// <summary>The answer of <c>GET /snapshots/differences</c>: one dataset on two hosts.</summary>
public sealed record SnapshotDifferences
{
    /// <summary>The first host.</summary>
    [JsonPropertyName("system_1")]
    public required Guid System1 { get; init; }

    /// <summary>The second host.</summary>
    [JsonPropertyName("system_2")]
    public required Guid System2 { get; init; }

    /// <summary>The dataset asked for.</summary>
    public required string Dataset { get; init; }

    /// <summary>Names that only the first has.</summary>
    [JsonPropertyName("only_in_system_1")]
    public IReadOnlyList<string> OnlyInSystem1 { get; set; } = [];

    /// <summary>Names that only the second has.</summary>
    [JsonPropertyName("only_in_system_2")]
    public IReadOnlyList<string> OnlyInSystem2 { get; set; } = [];

    /// <summary>Names, on the first, of what both have.</summary>
    public IReadOnlyList<string> InBoth { get; set; } = [];

    /// <summary>The instant.</summary>
    public DateTimeOffset ComparisonTimestamp { get; init; }
}
