namespace ZfsSync.Contracts.Reports;

/// <summary>Which part of a report that is sent in several requests this is. All parts carry the same head.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">At least 1.</param>
public sealed record ReportPart(int Index, int Count);
