using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>Which snapshots a list is about; null means any. A dataset is named with or without its pool.</summary>
internal sealed record SnapshotFilter(
    Guid? SystemId = null,
    string? Pool = null,
    string? Dataset = null,
    string? Name = null,
    DateTimeOffset? Since = null
)
{
    /// <summary>With a pool the dataset is one; without, <c>data</c> means that path below any pool.</summary>
    public object ToArguments(Page page, IReadOnlyCollection<Guid>? systems = null)
    {
        var dataset = Pool is not null && Dataset is not null ? SnapshotInput.Canonical(Pool, Dataset)?.Value : Dataset;
        return new
        {
            anySystem = SystemId is null,
            systemId = SystemId ?? Guid.Empty,
            anyPool = Pool is null,
            pool = Pool ?? "",
            belowPool = Escape(Pool) + "/%",
            anyDataset = Dataset is null,
            dataset = dataset ?? "",
            inAnyPool = Pool is null && Dataset is { Length: > 0 } ? "%/" + Escape(Dataset) : "",
            anyName = Name is null,
            name = Name?[(Name.LastIndexOf('@') + 1)..] ?? "",
            anyTime = Since is null,
            since = Since ?? DateTimeOffset.UnixEpoch,
            systems = systems?.Select(ColumnMapping.ToColumn).ToList() ?? [],
            page.Size,
            page.Offset,
        };
    }

    private static string Escape(string? text) =>
        (text ?? "").Replace("_", "\\_", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal);
}
