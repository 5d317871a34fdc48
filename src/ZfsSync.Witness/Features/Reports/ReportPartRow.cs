namespace ZfsSync.Witness.Features.Reports;

/// <summary>A row of <c>report_parts</c>.</summary>
internal sealed record ReportPartRow
{
    public required Guid SystemId { get; init; }

    public required long Sequence { get; init; }

    public required int PartIndex { get; init; }

    public required int PartCount { get; init; }

    /// <summary>What all parts of one report have in common.</summary>
    public required string Head { get; init; }

    /// <summary>As it came; until the request ends.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }
}
