namespace ZfsSync.Contracts.Reports;

/// <summary>The answer to a report.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Sequence">The report's.</param>
/// <param name="NextReportSeconds">When the next one is expected at the latest.</param>
public sealed record ReportAnswer(ReportStatus Status, long Sequence, int NextReportSeconds)
{
    /// <summary>The datasets whose lists are asked for.</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    /// <summary>The highest sequence accepted so far; an agent that lost its own counter goes on from here.</summary>
    public long LastSequence { get; init; }

    /// <summary>Why the host's plans stand still; absent when they do not.</summary>
    public string? FrozenReason { get; init; }

    /// <summary>Changes whenever somebody wants the host to look again at once.</summary>
    public bool ReportInFull { get; init; }
}
