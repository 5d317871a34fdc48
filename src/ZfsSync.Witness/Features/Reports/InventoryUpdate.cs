using System.Globalization;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Reports;

/// <summary>Makes what a report says the host's inventory: appeared, vanished, renamed, changed facts.</summary>
internal sealed class InventoryUpdate(
    DatasetStore datasets,
    SnapshotStore snapshots,
    InventoryStore inventory,
    WitnessOptions options
)
{
    private readonly MassVanishRule massVanish = new(
        options.MassVanishPercent / 100.0,
        MassVanishRule.Default.MinVanished
    );

    /// <summary>What came of it.</summary>
    /// <param name="Needed">Datasets whose lists must be sent first; then nothing was stored.</param>
    /// <param name="Changed">Datasets with other snapshots, bookmarks or facts than before.</param>
    /// <param name="FreezeReason">Why the host's plans must stand still.</param>
    internal sealed record Outcome(
        IReadOnlyList<string> Needed,
        IReadOnlyCollection<ChangedDataset> Changed,
        string? FreezeReason
    )
    {
        public static readonly Outcome Unchanged = new([], [], null);
    }

    public async Task<Outcome> ApplyAsync(Session session, Guid systemId, InventoryReport report, DateTimeOffset now)
    {
        var scope = report.Scope.Select(DatasetName.Parse).ToList();
        var inScope = (await datasets.OfSystemAsync(session, systemId))
            .Where(row => scope.Exists(DatasetName.Parse(row.Name).IsAtOrBelow))
            .ToDictionary(row => row.Name, StringComparer.Ordinal);
        var needed = report
            .Datasets!.Where(d => d.Snapshots is null && inScope.GetValueOrDefault(d.Name)?.Digest != d.Digest)
            .Select(d => d.Name)
            .ToList();
        if (needed.Count > 0)
            return Outcome.Unchanged with { Needed = needed };

        var changed = await WriteFactsAsync(session, systemId, report.Datasets!, inScope, now);
        var gone = report.Complete ? Gone(report, scope, inScope) : [];
        var lists = report.Datasets!.Where(d => d.Snapshots is not null).ToList();
        var known = await datasets.CountSnapshotsAsync(session, inScope.Values.Select(row => row.Id));
        var vanished = await datasets.CountSnapshotsAsync(session, gone.Select(row => row.Id));
        await datasets.DeleteAsync(session, gone.Select(row => row.Id), now);
        vanished += await WriteListsAsync(session, systemId, lists, changed, now);
        changed.UnionWith(gone.Select(row => row.Name));
        return new Outcome(
            [],
            [.. changed.Select(name => new ChangedDataset(systemId, DatasetName.Parse(name)))],
            FreezeReason(known, vanished)
        );
    }

    private string? FreezeReason(long known, long vanished) =>
        massVanish.Reason((int)known, (int)vanished) is { } reason
            ? $"{reason} Plans for this host stand still. If that is right, let it go on (frozen=false); if not, see which pool is missing."
            : null;

    /// <summary>
    /// What a complete report no longer names. A pool of which it names nothing was not read: even an empty pool has its
    /// root dataset.
    /// </summary>
    private static List<DatasetRow> Gone(
        InventoryReport report,
        List<DatasetName> scope,
        Dictionary<string, DatasetRow> inScope
    )
    {
        var named = report.Datasets!.Select(d => d.Name).ToHashSet(StringComparer.Ordinal);
        var namedPools = report.Datasets!.Select(d => DatasetName.Parse(d.Name).Pool).ToHashSet(StringComparer.Ordinal);
        var read = scope.Where(root => root.Depth > 0 || namedPools.Contains(root.Pool)).ToList();
        return
        [
            .. inScope.Values.Where(row =>
                !named.Contains(row.Name) && read.Exists(DatasetName.Parse(row.Name).IsAtOrBelow)
            ),
        ];
    }

    /// <summary>The names of datasets whose facts are others than before.</summary>
    private async Task<HashSet<string>> WriteFactsAsync(
        Session session,
        Guid systemId,
        IReadOnlyList<ReportedDataset> reported,
        Dictionary<string, DatasetRow> known,
        DateTimeOffset now
    )
    {
        var (added, updated) = (new List<DatasetRow>(), new List<DatasetRow>());
        foreach (var dataset in reported)
        {
            var row = RowOf(systemId, dataset, now);
            if (!known.TryGetValue(dataset.Name, out var was))
                added.Add(row);
            else if (row with { Id = was.Id, ReportedAt = was.ReportedAt } != was)
                updated.Add(row with { Id = was.Id });
        }
        await datasets.InsertAsync(session, added);
        await datasets.UpdateAsync(session, updated);
        return added
            .Concat(updated.Where(row => !IsOnlySizes(known[row.Name], row)))
            .Select(row => row.Name)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Sizes move with every write to the pool; no decision waits for them.</summary>
    private static bool IsOnlySizes(DatasetRow was, DatasetRow row) =>
        was
        == row with
        {
            ReportedAt = was.ReportedAt,
            Used = was.Used,
            Referenced = was.Referenced,
            Available = was.Available,
        };

    /// <summary>The number of snapshots that vanished from datasets that are still there.</summary>
    private async Task<long> WriteListsAsync(
        Session session,
        Guid systemId,
        List<ReportedDataset> reported,
        HashSet<string> changedNames,
        DateTimeOffset now
    )
    {
        var rows = await datasets.FindAsync(session, systemId, [.. reported.Select(d => d.Name)]);
        var ids = rows.ToDictionary(row => row.Name, row => row.Id, StringComparer.Ordinal);
        var known = await inventory.SnapshotsAsync(session, ids.Values);
        var byDataset = known.ToLookup(row => row.DatasetId);
        var graves = await snapshots.GravesAsync(session, systemId);
        var inserted = new List<IEnumerable<SnapshotRow>>();
        var vanished = 0L;
        foreach (var dataset in reported)
        {
            var id = ids[dataset.Name];
            // Each row is made when it is inserted: a first report has many.
            var current = dataset.Snapshots!.Select(s => RowOf(id, s, now));
            var changes = byDataset.Contains(id)
                ? ListChanges.Of([.. byDataset[id]], [.. current], isWholeList: true, now)
                : ListChanges.None;
            await snapshots.DeleteAsync(session, id, changes.Identified);
            await snapshots.BuryAsync(session, id, changes.Vanished, now);
            await snapshots.UpdateAsync(session, changes.Updated);
            var (added, count) = byDataset.Contains(id)
                ? (changes.Inserted, changes.Inserted.Count)
                : (current, dataset.Snapshots!.Count);
            if (count > 0)
                inserted.Add(added);
            if (count > 0 && graves.Contains(dataset.Name))
                await snapshots.UnburyAsync(session, systemId, dataset.Name, added.Select(row => row.Guid));
            vanished += changes.Vanished.Count;
            if (count > 0 || !changes.IsEmpty)
                changedNames.Add(dataset.Name);
        }
        if (inserted.Count > 0)
            await snapshots.InsertAsync(session, inserted.SelectMany(rows => rows));
        await snapshots.ReplaceBookmarksAsync(
            session,
            [.. ids.Values],
            reported.SelectMany(d => Bookmarks(ids[d.Name], d))
        );
        return vanished;
    }

    private static IEnumerable<BookmarkRow> Bookmarks(long datasetId, ReportedDataset dataset) =>
        dataset.Bookmarks!.Select(bookmark => new BookmarkRow
        {
            DatasetId = datasetId,
            Name = bookmark.Name,
            Guid = bookmark.Guid,
            Createtxg = bookmark.Createtxg,
        });

    private static SnapshotRow RowOf(long datasetId, ReportedSnapshot snapshot, DateTimeOffset now)
    {
        DateTimeOffset? created = snapshot.Creation is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        return new SnapshotRow
        {
            DatasetId = datasetId,
            Guid = SnapshotIdentity.Of(snapshot.Guid, snapshot.Name, created),
            GuidKnown = !snapshot.Guid.IsUnknown,
            Name = snapshot.Name,
            Createtxg = snapshot.Createtxg,
            CreatedAt = created,
            Used = snapshot.Used,
            Referenced = snapshot.Referenced,
            Written = snapshot.Written,
            Holds = snapshot.Userrefs,
            FirstSeen = now,
            ChangedAt = now,
        };
    }

    private static DatasetRow RowOf(Guid systemId, ReportedDataset dataset, DateTimeOffset now) =>
        new()
        {
            SystemId = systemId,
            Name = dataset.Name,
            Digest = dataset.Digest,
            Kind = EnumText<DatasetKind>.Of(dataset.Kind),
            DatasetGuid = dataset.DatasetGuid is { } guid ? ulong.Parse(guid, CultureInfo.InvariantCulture) : null,
            EncryptionRoot = dataset.EncryptionRoot,
            KeyLoaded = dataset.KeyLoaded,
            Origin = dataset.Origin,
            ResumeToken = dataset.ReceiveResumeToken,
            Written = dataset.Written,
            Used = dataset.Used,
            Referenced = dataset.Referenced,
            Available = dataset.Available,
            Placeholder = dataset.Placeholder,
            Receiving = dataset.Receiving,
            ReportedAt = now,
        };
}
