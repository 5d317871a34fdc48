namespace ZfsSync.Contracts.Reports;

/// <summary>A pool in a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Guid">Its guid, as a decimal string.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="FreeBytes">What is free.</param>
/// <param name="Health"><c>ONLINE</c>, <c>DEGRADED</c>, …, as zpool says.</param>
public sealed record ReportedPool(string Name, string? Guid, ulong? SizeBytes, ulong? FreeBytes, string? Health)
{
    /// <summary>The health that the witness gives a pool that its host does not report any more, while it still knows copies there.</summary>
    public const string MissingHealth = "MISSING";
}
