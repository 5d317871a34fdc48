using ZfsSync.Contracts;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Reports;
using ZfsSync.Witness.Features.Systems;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>
/// Takes snapshots from scripts, one or many, all or nothing. What is not named stays: only a complete report can say
/// that something has vanished.
/// </summary>
internal sealed class SnapshotIntake(
    Database database,
    SystemStore systems,
    DatasetStore datasets,
    SnapshotStore snapshots,
    InventoryStore inventory,
    ReportStore reports,
    PlanningBell bell,
    WitnessOptions options,
    TimeProvider time
)
{
    /// <summary>A row that was taken, with its dataset.</summary>
    internal sealed record Taken(Guid SystemId, DatasetName Dataset, SnapshotRow Row);

    /// <param name="isBatch">Whether faults name the row.</param>
    /// <exception cref="RefusedException">A row is wrong or another host's; nothing was stored.</exception>
    public async Task<(BatchAnswer Answer, IReadOnlyList<Taken> Rows)> TakeAsync(
        IReadOnlyList<SnapshotSubmission> submissions,
        bool isBatch,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (submissions.Count > options.MaxRequestRows)
            throw Problems.Refused(
                StatusCodes.Status413PayloadTooLarge,
                ProblemCodes.TooLarge,
                $"The batch has {submissions.Count} rows; {options.MaxRequestRows} are allowed (ZFS_SYNC_MAX_REQUEST_ROWS). Send it in several."
            );
        var now = time.GetUtcNow();
        RefuseForeign(submissions, caller);
        var rows = Read(submissions, isBatch, now);
        var written = await database.WriteAsync(session => WriteAsync(session, rows, caller, now), cancellation);
        bell.Ring(written.Changed);
        var unchanged = rows.Count - written.Created - written.Updated;
        return (new BatchAnswer(submissions.Count, written.Created, written.Updated, unchanged), written.Rows);
    }

    private static void RefuseForeign(IReadOnlyList<SnapshotSubmission> submissions, Caller caller)
    {
        for (var i = 0; i < submissions.Count; i++)
        {
            if (!caller.MayActFor(submissions[i].SystemId))
                throw Problems.Refused(
                    StatusCodes.Status403Forbidden,
                    ProblemCodes.Forbidden,
                    $"Row {i} is for the system {submissions[i].SystemId}, which is not the caller's. Nothing was stored."
                );
        }
    }

    private static List<Taken> Read(IReadOnlyList<SnapshotSubmission> submissions, bool isBatch, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        var rows = new Dictionary<(Guid, DatasetName, string), Taken>();
        for (var i = 0; i < submissions.Count && !errors.IsFull; i++)
        {
            if (SnapshotInput.Read(submissions[i], isBatch ? $"[{i}]." : "", now, errors) is not var (dataset, row))
                continue;
            // The same snapshot twice in one batch: the later row is the newer word.
            rows[(submissions[i].SystemId, dataset, row.Name)] = new Taken(submissions[i].SystemId, dataset, row);
        }
        errors.ThrowIfAny();
        return [.. rows.Values];
    }

    private async Task<Written> WriteAsync(Session session, List<Taken> rows, Caller caller, DateTimeOffset now)
    {
        var written = new Written();
        foreach (var group in rows.GroupBy(row => row.SystemId).OrderBy(group => group.Key))
        {
            // This also makes a second writer of this host wait.
            if (await systems.SetReportedAsync(session, group.Key, isHeard: caller.SystemId == group.Key, now) == 0)
                throw Problems.RefusedMissing("system", group.Key);
            await WriteAsync(session, group.Key, [.. group], written, now);
        }
        return written;
    }

    private async Task WriteAsync(Session session, Guid systemId, List<Taken> rows, Written written, DateTimeOffset now)
    {
        var names = rows.Select(row => row.Dataset.Value).Distinct(StringComparer.Ordinal).ToList();
        var ids = (await datasets.FindAsync(session, systemId, names)).ToDictionary(row => row.Name, row => row.Id);
        var missing = names.Where(name => !ids.ContainsKey(name)).Select(DatasetName.Parse).ToList();
        if (missing.Count > 0)
        {
            await AddPoolsAsync(session, systemId, missing);
            await datasets.InsertAsync(session, [.. missing.Select(name => DatasetStore.Bare(systemId, name, now))]);
            ids = (await datasets.FindAsync(session, systemId, names)).ToDictionary(row => row.Name, row => row.Id);
        }
        var known = (await inventory.SnapshotsAsync(session, ids.Values)).ToLookup(row => row.DatasetId);
        var changedIds = new List<long>();
        foreach (var group in rows.GroupBy(row => row.Dataset))
        {
            var id = ids[group.Key.Value];
            var taken = Match([.. known[id]], group.Select(row => row.Row with { DatasetId = id }));
            written.Rows.AddRange(taken.Select(row => new Taken(systemId, group.Key, row)));
            if (!await WriteListAsync(session, id, [.. known[id]], taken, written, now))
                continue;
            changedIds.Add(id);
            written.Changed.Add(new ChangedDataset(systemId, group.Key));
        }
        if (changedIds.Count > 0)
            await datasets.ForgetDigestsAsync(session, systemId, changedIds);
    }

    /// <summary>A script sends no list of pools: they are those of its datasets.</summary>
    private async Task AddPoolsAsync(Session session, Guid systemId, List<DatasetName> datasets)
    {
        var known = PoolList.Read((await systems.FindAsync(session, systemId))!.Pools);
        var pools = PoolList.With(known, [.. datasets.Select(name => name.Pool).Distinct(StringComparer.Ordinal)]);
        if (!PoolList.IsSameForPlans(known, pools))
            await reports.SetPoolsAsync(session, systemId, PoolList.Text(pools));
    }

    /// <summary>A row without a guid means the known snapshot of its name and second, when there is one.</summary>
    private static List<SnapshotRow> Match(IReadOnlyList<SnapshotRow> known, IEnumerable<SnapshotRow> rows)
    {
        var byName = known
            .Where(row => row.GuidKnown)
            .GroupBy(row => row.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        return
        [
            .. rows.Select(row =>
                !row.GuidKnown
                && byName.TryGetValue(row.Name, out var was)
                && (
                    was.CreatedAt is null
                    || was.CreatedAt.Value.ToUnixTimeSeconds() == row.CreatedAt!.Value.ToUnixTimeSeconds()
                )
                    ? row with
                    {
                        Guid = was.Guid,
                        GuidKnown = true,
                    }
                    : row
            ),
        ];
    }

    private async Task<bool> WriteListAsync(
        Session session,
        long datasetId,
        IReadOnlyList<SnapshotRow> known,
        List<SnapshotRow> rows,
        Written written,
        DateTimeOffset now
    )
    {
        var changes = ListChanges.Of(known, rows, isWholeList: false, now);
        var replaced = Replaced(known, changes, rows);
        await snapshots.DeleteAsync(session, datasetId, changes.Identified);
        await snapshots.BuryAsync(session, datasetId, replaced, now);
        await snapshots.UpdateAsync(session, changes.Updated);
        if (changes.Inserted.Count > 0)
            await snapshots.InsertAsync(session, changes.Inserted);
        written.Created += changes.Inserted.Count - changes.Identified.Count;
        written.Updated += changes.Updated.Count + changes.Identified.Count;
        return !changes.IsEmpty;
    }

    /// <summary>A name belongs to one snapshot at a time: what had a new one's name before is gone.</summary>
    private static List<SnapshotGuid> Replaced(
        IReadOnlyList<SnapshotRow> known,
        ListChanges changes,
        List<SnapshotRow> rows
    )
    {
        var names = changes.Inserted.Concat(changes.Updated).Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
        var staying = rows.Select(row => row.Guid).Concat(changes.Identified).ToHashSet();
        return [.. known.Where(row => names.Contains(row.Name) && !staying.Contains(row.Guid)).Select(row => row.Guid)];
    }

    private sealed class Written
    {
        public int Created { get; set; }

        public int Updated { get; set; }

        public List<ChangedDataset> Changed { get; } = [];

        public List<Taken> Rows { get; } = [];
    }
}
