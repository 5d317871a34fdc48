using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

public sealed partial class ZfsHost
{
    /// <summary>
    /// Holds snapshots, each of the holds under its own tag. Being held under it already is no error. Over ssh all in one
    /// session.
    /// </summary>
    /// <returns>For each what went wrong, or null. <see cref="ToolErrorKind.Gone"/>: one does not exist; the others are held.</returns>
    public async Task<IReadOnlyList<ToolException?>> HoldAsync(
        IReadOnlyList<Hold> holds,
        CancellationToken cancellation
    )
    {
        Command[] commands = [.. holds.Select(hold => ZfsCommands.Hold(hold.Tag, Names(hold.Snapshots)).At(On))];
        var ends = await runner.RunEachAsync([.. commands.Select(command => (Command[])[command])], cancellation);
        return [.. commands.Select((command, i) => Fault(command, ends[i][0], HoldParser.IsHeldAlready))];
    }

    /// <summary>Releases a tag. A snapshot that is gone or not held under it is no error.</summary>
    public async Task ReleaseAsync(
        string tag,
        IReadOnlyCollection<SnapshotName> snapshots,
        CancellationToken cancellation
    )
    {
        foreach (var batch in ArgumentBatches.Of(snapshots.Select(snapshot => snapshot.ToString())))
            await TolerantAsync(ZfsCommands.Release(tag, batch), HoldParser.IsReleasedAlready, cancellation);
    }

    /// <summary>
    /// Bookmarks what arrived, destroys older bookmarks and releases, in this order, as far as each works at once. Over ssh
    /// all in one session.
    /// </summary>
    /// <returns>For each whether all of it worked; what comes behind a failure did not run.</returns>
    public async Task<IReadOnlyList<bool>> TryMarkAsync(IReadOnlyList<Marking> markings, CancellationToken cancellation)
    {
        Command[][] sequences = [.. markings.Select(Sequence)];
        var ends = await runner.RunEachAsync(sequences, cancellation);
        return [.. sequences.Select((sequence, i) => ends[i].Count == sequence.Length && ends[i][^1].ExitCode == 0)];
    }

    private Command[] Sequence(Marking marking)
    {
        var bookmark = SnapshotName.Of(marking.Arrived.Dataset, marking.Label, isBookmark: true);
        Command[] commands =
        [
            ZfsCommands.Bookmark(marking.Arrived, bookmark),
            .. marking.Forgotten.Select(ZfsCommands.DestroyBookmark),
            ZfsCommands.Release(marking.Hold.Tag, Names(marking.Hold.Snapshots)),
        ];
        return [.. commands.Select(command => command.At(On))];
    }

    private static string[] Names(IEnumerable<SnapshotName> snapshots) =>
        [.. snapshots.Select(snapshot => snapshot.ToString())];
}
