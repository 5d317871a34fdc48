namespace ZfsSync.Contracts.Reports;

/// <summary>
/// The body of <c>POST /systems/{id}/reports</c>. First the head alone, with the whole digest: an unchanged host is done
/// with that. Else, as the answer asks, the same sequence again with datasets, and with lists where they are needed.
/// </summary>
public sealed record InventoryReport
{
    /// <summary>Grows with every report of a host; an older one is ignored, whatever its time.</summary>
    public required long Sequence { get; init; }

    /// <summary>The random id of the agent's installation. Two at once on one host's key are refused.</summary>
    public string? AgentId { get; init; }

    /// <summary>The host's clock.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The latest request to report at once that the agent knew of when it began to look; absent when there is none it has not answered.</summary>
    public DateTimeOffset? AnswersRequest { get; init; }

    /// <summary>The agent's version.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>As <c>zfs version</c> says.</summary>
    public string? ZfsVersion { get; init; }

    /// <summary><c>linux</c>, <c>freebsd</c>, …</summary>
    public string? Platform { get; init; }

    /// <summary>Whether this is a simulated host.</summary>
    public bool Simulated { get; init; }

    /// <summary>The pools or datasets that the report speaks for, each with everything below it.</summary>
    public required IReadOnlyList<string> Scope { get; init; }

    /// <summary>Whether the scope was read to its end: what it no longer names has vanished.</summary>
    public required bool Complete { get; init; }

    /// <summary>The digest over the scope's datasets, their digests and facts.</summary>
    public required string Digest { get; init; }

    /// <summary>The pools of the host.</summary>
    public IReadOnlyList<ReportedPool>? Pools { get; init; }

    /// <summary>All datasets of the scope (or this part's share of them); absent in the first, short form.</summary>
    public IReadOnlyList<ReportedDataset>? Datasets { get; init; }

    /// <summary>Absent when the report is one request.</summary>
    public ReportPart? Part { get; init; }
}
