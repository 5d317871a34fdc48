namespace ZfsSync.Contracts.Reports;

/// <summary>What became of a report.</summary>
public enum ReportStatus
{
    /// <summary>Stored as a whole; it is the host's inventory now.</summary>
    Accepted,

    /// <summary>Not newer than the last accepted one: acknowledged and ignored.</summary>
    Ignored,

    /// <summary>The whole digest is not known: send the same report with its datasets.</summary>
    NeedsDatasets,

    /// <summary>Send the same report with the lists of the datasets named.</summary>
    NeedsLists,

    /// <summary>This part is kept; the report counts when its other parts have come.</summary>
    Staged,
}
