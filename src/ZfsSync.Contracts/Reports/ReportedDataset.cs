using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Reports;

/// <summary>A dataset in a report.</summary>
public sealed record ReportedDataset
{
    /// <summary>The full name.</summary>
    public required string Name { get; init; }

    /// <summary>The digest of its snapshot and bookmark lists.</summary>
    public required string Digest { get; init; }

    /// <summary>File system or volume.</summary>
    public DatasetKind Kind { get; init; }

    /// <summary>The dataset's own guid, as a decimal string.</summary>
    public string? DatasetGuid { get; init; }

    /// <summary>Property <c>encryptionroot</c>; absent for a plain dataset.</summary>
    public string? EncryptionRoot { get; init; }

    /// <summary>Whether the key is loaded.</summary>
    public bool? KeyLoaded { get; init; }

    /// <summary>Property <c>origin</c>; absent when it is no clone.</summary>
    public string? Origin { get; init; }

    /// <summary>Property <c>receive_resume_token</c>; absent when there is none.</summary>
    public string? ReceiveResumeToken { get; init; }

    /// <summary>Property <c>written</c>.</summary>
    public ulong? Written { get; init; }

    /// <summary>Property <c>used</c>.</summary>
    public ulong? Used { get; init; }

    /// <summary>Property <c>referenced</c>.</summary>
    public ulong? Referenced { get; init; }

    /// <summary>Property <c>available</c>.</summary>
    public ulong? Available { get; init; }

    /// <summary>Whether this is a placeholder that an agent made.</summary>
    public bool Placeholder { get; init; }

    /// <summary>Whether a receive into it is running.</summary>
    public bool Receiving { get; init; }

    /// <summary>All its snapshots, oldest first; absent when the agent believes that the witness has this digest.</summary>
    public IReadOnlyList<ReportedSnapshot>? Snapshots { get; init; }

    /// <summary>All its bookmarks, oldest first; present exactly when <see cref="Snapshots"/> is.</summary>
    public IReadOnlyList<ReportedBookmark>? Bookmarks { get; init; }
}
