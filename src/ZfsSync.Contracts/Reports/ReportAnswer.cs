namespace ZfsSync.Contracts.Reports;

/// <summary>The answer to a report.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Sequence">The report's.</param>
/// <param name="NextReportSeconds">When the next one is expected at the latest.</param>
public sealed record ReportAnswer(ReportStatus Status, long Sequence, int NextReportSeconds)
{
    /// <summary>The datasets whose lists are asked for.</summary>
    public IReadOnlyList<string> Needed { get; set; } = [];

    /// <summary>The highest sequence accepted so far; an agent that lost its own counter goes on from here.</summary>
    public long LastSequence { get; init; }

    /// <summary>Why the host's plans stand still; absent when they do not.</summary>
    public string? FrozenReason { get; init; }

    /// <summary>
    /// Whether the agent should forget what it remembers of its lists, read everything and report once more: what the witness
    /// has of the host and what the host turned out to be do not fit. Said once.
    /// </summary>
    public bool ReportInFull { get; init; }
}
