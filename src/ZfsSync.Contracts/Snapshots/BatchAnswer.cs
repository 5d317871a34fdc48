namespace ZfsSync.Contracts.Snapshots;

/// <summary>The answer of <c>POST /snapshots/batch</c>.</summary>
/// <param name="Accepted">Rows of the batch.</param>
/// <param name="Created">Of them, new.</param>
/// <param name="Updated">Of them, changed.</param>
/// <param name="Unchanged">Of them, as they were.</param>
public sealed record BatchAnswer(int Accepted, int Created, int Updated, int Unchanged);
