using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>Where a member's datasets are: a host, and the root that is cut off for the logical name.</summary>
/// <param name="Member">The member's position in its group.</param>
/// <param name="SystemId">The host.</param>
/// <param name="Root">A pool or a dataset.</param>
internal sealed record Place(int Member, Guid SystemId, DatasetName Root)
{
    /// <summary>The full name here of a logical dataset; under a longer root it can be longer than ZFS allows.</summary>
    public string NameOf(string logicalDataset) => logicalDataset.Length == 0 ? Root.Value : $"{Root}/{logicalDataset}";
}
