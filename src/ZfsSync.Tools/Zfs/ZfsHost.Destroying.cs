using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

public sealed partial class ZfsHost
{
    /// <summary>
    /// Destroys exactly these snapshots, batched per dataset. Held and cloned ones stay and are told; the rest goes all the same. One that is
    /// gone already is no error. zfs knows snapshots by name only: check their guids just before.
    /// </summary>
    /// <exception cref="ToolException">Any other refusal, for instance <see cref="ToolErrorKind.Permission"/>.</exception>
    public async Task<DestroyOutcome> DestroySnapshotsAsync(
        IReadOnlyCollection<SnapshotName> snapshots,
        CancellationToken cancellation
    )
    {
        var gone = new List<SnapshotName>();
        var blocked = new List<BlockedSnapshot>();
        foreach (var ofDataset in snapshots.Distinct().GroupBy(snapshot => snapshot.Dataset))
        {
            foreach (var batch in ArgumentBatches.Of(ofDataset.Select(snapshot => snapshot.Label)))
                await DestroyBatchAsync(ofDataset.Key, [.. batch], gone, blocked, cancellation);
        }
        return new DestroyOutcome(gone, blocked);
    }

    /// <summary>zfs destroys all of a list or nothing, so what it names as blocked is taken out until the rest passes.</summary>
    private async Task DestroyBatchAsync(
        DatasetName dataset,
        List<string> labels,
        List<SnapshotName> gone,
        List<BlockedSnapshot> blocked,
        CancellationToken cancellation
    )
    {
        while (labels.Count > 0)
        {
            var command = ZfsCommands.DestroySnapshots(dataset, labels);
            var result = await RunAsync(command, cancellation);
            if (result.ExitCode == 0 || DestroyParser.IsAllGone(result.ErrorTail))
                break;
            var refused = DestroyParser.Blocked(dataset, labels, result.ErrorTail);
            if (refused.Count == 0)
                throw Failure(command, result);
            blocked.AddRange(refused);
            labels.RemoveAll(label => refused.Any(one => one.Snapshot.Label == label));
        }
        gone.AddRange(labels.Select(label => SnapshotName.Of(dataset, label)));
    }

    /// <summary>Destroys a dataset; with <paramref name="withSnapshots"/> its snapshots and everything below it. For approved repairs only.</summary>
    public Task DestroyDatasetAsync(DatasetName dataset, bool withSnapshots, CancellationToken cancellation) =>
        OutputAsync(ZfsCommands.DestroyDataset(dataset, withSnapshots), cancellation);

    /// <summary>Goes back to a snapshot: what was written since is lost, and with <paramref name="destroyNewer"/> newer snapshots too.</summary>
    public Task RollbackAsync(SnapshotName to, bool destroyNewer, CancellationToken cancellation) =>
        OutputAsync(ZfsCommands.Rollback(to, destroyNewer), cancellation);

    /// <summary>Creates an empty, unmounted parent that is marked as ours. Its own parent must exist. One that exists is no error.</summary>
    /// <returns>Whether it was made now.</returns>
    public async Task<bool> CreatePlaceholderAsync(DatasetName dataset, CancellationToken cancellation)
    {
        var command = ZfsCommands.CreatePlaceholder(dataset);
        var result = await RunAsync(command, cancellation);
        if (result.ExitCode != 0 && ErrorClassifier.Classify(result.ErrorTail) == ToolErrorKind.Exists)
            return false;
        Checked(command, result);
        return true;
    }

    /// <summary>Renames a dataset within its pool, with everything below it.</summary>
    public Task RenameAsync(DatasetName from, DatasetName to, CancellationToken cancellation) =>
        OutputAsync(ZfsCommands.Rename(from, to), cancellation);

    /// <summary>Renames a snapshot within its dataset.</summary>
    public Task RenameSnapshotAsync(SnapshotName from, string label, CancellationToken cancellation) =>
        OutputAsync(ZfsCommands.RenameSnapshot(from, SnapshotName.Of(from.Dataset, label)), cancellation);

    /// <summary>Sets a property on the dataset itself.</summary>
    public Task SetPropertyAsync(DatasetName dataset, string property, string value, CancellationToken cancellation) =>
        OutputAsync(ZfsCommands.Set(dataset, property, value), cancellation);

    /// <summary>Forgets the dataset's own value of a property.</summary>
    public Task ClearPropertyAsync(DatasetName dataset, string property, CancellationToken cancellation) =>
        OutputAsync(ZfsCommands.Inherit(dataset, property), cancellation);

    /// <summary>Forgets a partial receive, with what had arrived of it. Having none, or no such dataset, is no error.</summary>
    /// <exception cref="ToolException"><see cref="ToolErrorKind.Exists"/>: it is a first one, and datasets lie below it.</exception>
    public async Task AbortReceiveAsync(DatasetName target, CancellationToken cancellation)
    {
        try
        {
            await TolerantAsync(ZfsCommands.AbortReceive(target), DestroyParser.HasNoPartialReceive, cancellation);
        }
        catch (ToolException fault) when (fault.Kind == ToolErrorKind.Exists)
        {
            throw new ToolException(
                fault.Kind,
                fault.ExitCode,
                fault.ErrorTail,
                $"{target} is the beginning of a first copy, which zfs does not take back while datasets lie below it. Move them away or destroy them; 'zfs list -r {target}' shows them. {fault.Message}"
            );
        }
    }
}
