namespace ZfsSync.Witness.Features.Planning;

/// <summary>One logical dataset of one group: what is planned at once.</summary>
internal sealed record UnitName
{
    public Guid GroupId { get; init; }

    public string LogicalDataset { get; init; } = "";

    /// <summary>The target of the edge that it is about; empty when it is about all.</summary>
    public Guid TargetSystemId { get; init; }
}
