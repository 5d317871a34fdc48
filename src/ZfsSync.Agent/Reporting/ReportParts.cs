using ZfsSync.Agent.Survey;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Agent.Reporting;

/// <summary>Cuts a report into requests of bounded size. Pure.</summary>
internal static class ReportParts
{
    /// <summary>Rows (datasets, snapshots and bookmarks) of one request; a few megabytes. A dataset's lists are not cut.</summary>
    public const int MaxRows = 20_000;

    /// <param name="head">Without datasets.</param>
    public static IReadOnlyList<InventoryReport> Cut(
        InventoryReport head,
        IReadOnlyList<ReportedDataset> datasets,
        int maxRows = MaxRows
    )
    {
        var parts = new List<List<ReportedDataset>> { new() };
        var rows = 0;
        foreach (var dataset in datasets)
        {
            var cost = 1 + (dataset.Snapshots?.Count ?? 0) + (dataset.Bookmarks?.Count ?? 0);
            if (rows > 0 && rows + cost > maxRows)
            {
                parts.Add([]);
                rows = 0;
            }
            parts[^1].Add(dataset);
            rows += cost;
        }
        return parts.Count == 1
            ? [head with { Datasets = parts[0] }]
            : [.. parts.Select((part, i) => head with { Datasets = part, Part = new ReportPart(i, parts.Count) })];
    }

    /// <summary>A dataset as the wire has it.</summary>
    public static ReportedDataset Dataset(SurveyedDataset surveyed, bool withLists)
    {
        var facts = surveyed.Facts;
        return new ReportedDataset
        {
            Name = facts.Name.Value,
            Digest = surveyed.ListDigest,
            Kind = facts.Kind,
            DatasetGuid = facts.DatasetGuid?.ToString(),
            EncryptionRoot = facts.Encryption?.Root.Value,
            KeyLoaded = facts.Encryption?.IsKeyLoaded,
            Origin = facts.Origin?.ToString(),
            ReceiveResumeToken = facts.ReceiveResumeToken,
            Written = facts.WrittenBytes,
            Used = facts.UsedBytes,
            Referenced = facts.ReferencedBytes,
            Available = facts.AvailableBytes,
            Placeholder = facts.IsPlaceholder,
            Receiving = facts.IsReceiving,
            Snapshots = withLists ? [.. facts.Snapshots.Select(Snapshot)] : null,
            Bookmarks = withLists
                ? [.. facts.Bookmarks.Select(b => new ReportedBookmark(b.Guid, b.Label, b.CreateTxg))]
                : null,
        };
    }

    private static ReportedSnapshot Snapshot(Snapshot snapshot) =>
        new(snapshot.Guid, snapshot.Label, snapshot.CreateTxg)
        {
            Creation = snapshot.CreatedAt?.ToUnixTimeSeconds(),
            Used = snapshot.UsedBytes,
            Referenced = snapshot.ReferencedBytes,
            Written = snapshot.WrittenBytes,
            Userrefs = snapshot.Holds,
        };
}
