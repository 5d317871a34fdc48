namespace ZfsSync.Witness.Features.Planning;

/// <summary>The name of a dataset below a member's root; empty for the root itself.</summary>
internal static class LogicalName
{
    /// <summary>The logical dataset one level up, or null for the root itself.</summary>
    public static string? ParentOf(string logicalDataset) =>
        logicalDataset.Length == 0 ? null
        : logicalDataset.LastIndexOf('/') is var slash and >= 0 ? logicalDataset[..slash]
        : "";

    /// <summary>All logical datasets above, the nearest first; the root itself is the last.</summary>
    public static IEnumerable<string> AncestorsOf(string logicalDataset)
    {
        for (var above = ParentOf(logicalDataset); above is not null; above = ParentOf(above))
            yield return above;
    }

    /// <summary>0 for the root itself.</summary>
    public static int DepthOf(string logicalDataset) =>
        logicalDataset.Length == 0 ? 0 : logicalDataset.Count(c => c == '/') + 1;
}
