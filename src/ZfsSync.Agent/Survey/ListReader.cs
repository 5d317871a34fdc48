using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Survey;

/// <param name="Datasets">A dataset whose lists are not known is left out.</param>
/// <param name="IsComplete">False when a listing failed.</param>
internal sealed record ListsRead(IReadOnlyList<SurveyedDataset> Datasets, bool IsComplete);

/// <summary>Reads the snapshot and bookmark lists of datasets, and remembers them: only what changed is read again.</summary>
internal sealed class ListReader(ZfsHost zfs, TimeProvider time, AgentLog log)
{
    /// <summary>From this many on, one listing of everything is cheaper than naming each.</summary>
    private const int ManyDatasets = 200;

    private Dictionary<DatasetName, KnownLists> _known = [];

    public bool KnowsNothing => _known.Count == 0;

    public void Forget() => _known = [];

    /// <summary>The lists of all datasets of the host (or of its scope).</summary>
    /// <param name="asksAll">False to save the process that lists bookmarks: then those of the last time are told where nothing
    /// else shows a change. Before 2.2 it lists the names of both, and is not saved.</param>
    public async Task<ListsRead> ReadAllAsync(
        ZfsFeatures features,
        DatasetListing listing,
        bool asksAll,
        CancellationToken cancellation
    )
    {
        var reading = new Reading(listing, time.GetUtcNow());
        try
        {
            if (asksAll && !features.HasSnapshotsChanged)
                await zfs.ListNamesAsync((reading.Names = new ListNamesHash()).Add, cancellation);
            else if (asksAll)
                reading.AllBookmarks = await zfs.ListAllBookmarksAsync(cancellation);
            reading.Changed = [.. listing.Datasets.Where(dataset => !StillHolds(dataset, reading)).Select(d => d.Name)];
            await ReadChangedAsync(features, reading, cancellation);
        }
        catch (ToolException fault)
        {
            log(AgentLogLevel.Warning, $"The survey was cut, so the report is not complete: {fault.Message}");
            return new ListsRead(
                [.. listing.Datasets.Where(dataset => StillHolds(dataset, reading)).Select(Remembered)],
                false
            );
        }
        var before = _known;
        _known = [];
        return Assemble(reading, before);
    }

    /// <summary>The lists of a few datasets, read anew.</summary>
    /// <exception cref="ToolException">They could not be read.</exception>
    public async Task<ListsRead> ReadSomeAsync(
        ZfsFeatures features,
        DatasetListing listing,
        CancellationToken cancellation
    )
    {
        var reading = new Reading(listing, time.GetUtcNow())
        {
            Changed = [.. listing.Datasets.Select(dataset => dataset.Name)],
        };
        await ReadChangedAsync(features, reading, cancellation);
        return Assemble(reading, _known);
    }

    private async Task ReadChangedAsync(ZfsFeatures features, Reading reading, CancellationToken cancellation)
    {
        if (reading.Changed.Count == 0)
            return;
        if (reading.AllBookmarks is null && reading.Changed.Count <= ManyDatasets)
            (reading.Snapshots, reading.Bookmarks) = await zfs.ListListsAsync(features, reading.Changed, cancellation);
        else
        {
            reading.Snapshots =
                reading.Changed.Count > ManyDatasets
                    ? await zfs.ListAllSnapshotsAsync(features, cancellation)
                    : await zfs.ListSnapshotsAsync(features, SnapshotDetail.Identity, reading.Changed, cancellation);
            reading.Bookmarks = reading.AllBookmarks ?? await zfs.ListBookmarksAsync(reading.Changed, cancellation);
        }
        foreach (var gone in reading.Snapshots.Missing.Concat(reading.Bookmarks.Missing).Distinct())
        {
            log(AgentLogLevel.Warning, $"{gone} was destroyed while it was read; it is left out.");
            reading.Gone.Add(gone);
        }
        foreach (var name in reading.Snapshots.Unreadable)
            log(AgentLogLevel.Warning, $"'{name}' is left out: the name is not one that can be replicated.");
        await ReadDetailsAsync(reading, cancellation);
    }

    /// <summary>Creation and sizes open each snapshot, so they are asked for once in its life.</summary>
    private async Task ReadDetailsAsync(Reading reading, CancellationToken cancellation)
    {
        foreach (var dataset in reading.Changed)
        {
            foreach (var snapshot in _known.GetValueOrDefault(dataset)?.Snapshots ?? [])
            {
                if (snapshot.CreatedAt is not null)
                    reading.Details.TryAdd(snapshot.Guid, snapshot);
            }
        }
        var unknown = reading
            .Changed.SelectMany(dataset =>
                reading
                    .Snapshots!.Of(dataset)
                    .Where(snapshot => !reading.Details.ContainsKey(snapshot.Guid))
                    .Select(snapshot => SnapshotName.Of(dataset, snapshot.Label))
            )
            .ToList();
        if (unknown.Count == 0)
            return;
        try
        {
            var facts = await zfs.ListSnapshotFactsAsync(unknown, cancellation);
            foreach (var snapshot in facts.ByDataset.Values.SelectMany(list => list))
                reading.Details.TryAdd(snapshot.Guid, snapshot);
        }
        catch (ToolException fault)
        {
            log(
                AgentLogLevel.Warning,
                $"Creation and sizes of {unknown.Count} snapshots are not known: {fault.Message}"
            );
        }
    }

    private ListsRead Assemble(Reading reading, Dictionary<DatasetName, KnownLists> before)
    {
        var changed = reading.Changed.ToHashSet();
        foreach (var facts in reading.Listing.Datasets.Where(dataset => !reading.Gone.Contains(dataset.Name)))
        {
            var known = before.GetValueOrDefault(facts.Name);
            if (known is null || changed.Contains(facts.Name))
                _known[facts.Name] = reading.ToKnown(facts);
            else if (reading.AllBookmarks?.Of(facts.Name) is { } bookmarks && !bookmarks.SequenceEqual(known.Bookmarks))
                _known[facts.Name] = known with
                {
                    Bookmarks = bookmarks,
                    Digest = InventoryDigest.OfLists(known.Snapshots, bookmarks),
                };
            else
                _known[facts.Name] = known;
        }
        return new ListsRead(
            [.. reading.Listing.Datasets.Where(dataset => !reading.Gone.Contains(dataset.Name)).Select(Remembered)],
            true
        );
    }

    private bool StillHolds(DatasetInventory facts, Reading reading) =>
        _known.GetValueOrDefault(facts.Name) is { } known
        && known.StillHolds(
            facts,
            reading.ChangedAt(facts.Name),
            reading.Names?.Of(facts.Name.Value) ?? known.NamesHash
        );

    private SurveyedDataset Remembered(DatasetInventory facts)
    {
        var known = _known[facts.Name];
        return new SurveyedDataset(
            facts with
            {
                Snapshots = known.Snapshots,
                Bookmarks = known.Bookmarks,
            },
            known.Digest
        );
    }

    /// <summary>What one survey has in its hands.</summary>
    private sealed class Reading(DatasetListing listing, DateTimeOffset startedAt)
    {
        public DatasetListing Listing { get; } = listing;
        public ListNamesHash? Names { get; set; }
        public BookmarkListing? AllBookmarks { get; set; }
        public IReadOnlyList<DatasetName> Changed { get; set; } = [];
        public SnapshotListing? Snapshots { get; set; }
        public BookmarkListing? Bookmarks { get; set; }
        public HashSet<DatasetName> Gone { get; } = [];
        public Dictionary<SnapshotGuid, Snapshot> Details { get; } = [];

        public DateTimeOffset? ChangedAt(DatasetName dataset) =>
            Listing.SnapshotsChangedAt.TryGetValue(dataset, out var at) ? at : null;

        public KnownLists ToKnown(DatasetInventory facts)
        {
            var snapshots = Snapshots!.Of(facts.Name).Select(WithDetails).ToList();
            var bookmarks = Bookmarks!.Of(facts.Name);
            return new KnownLists
            {
                DatasetGuid = facts.DatasetGuid,
                Origin = facts.Origin,
                ChangedAt = ChangedAt(facts.Name),
                NamesHash = Names?.Of(facts.Name.Value),
                ReadAt = startedAt,
                HasAllDetails = snapshots.TrueForAll(snapshot => snapshot.CreatedAt is not null),
                Snapshots = snapshots,
                Bookmarks = bookmarks,
                Digest = InventoryDigest.OfLists(snapshots, bookmarks),
            };
        }

        private Snapshot WithDetails(Snapshot read) =>
            Details.TryGetValue(read.Guid, out var known)
                ? read with
                {
                    CreatedAt = known.CreatedAt,
                    UsedBytes = known.UsedBytes,
                    ReferencedBytes = known.ReferencedBytes,
                    WrittenBytes = known.WrittenBytes,
                    Holds = known.Holds,
                }
                : read;
    }
}
