using System.Collections.Concurrent;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Execution;

/// <summary>
/// What an edge leaves on its source: holds while a transfer runs, so that retention cannot take what is being sent; and one
/// bookmark of what arrived last, so that the next increment has a base even when that snapshot is gone. Own names only.
/// </summary>
internal sealed class EdgeMarks(
    HostAccess hosts,
    SourceReader sources,
    Companions companions,
    TimeProvider time,
    AgentLog log
)
{
    private readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Gathering<Hold, ToolException?>> _holds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Gathering<Marking, bool>> _markings = new(StringComparer.Ordinal);

    public static string HoldTag(string edgeId) => $"zfs-sync-{edgeId}";

    /// <summary>The edge that a hold is of; null when it is none of ours.</summary>
    public static string? EdgeOf(string holdTag) =>
        holdTag.StartsWith(HoldTag(""), StringComparison.Ordinal)
        && holdTag[HoldTag("").Length..] is var edgeId
        && IsEdgeId(edgeId)
            ? edgeId
            : null;

    public static string BookmarkLabel(string edgeId, SnapshotGuid guid) => $"{BookmarkPrefix(edgeId)}{guid}";

    private static string BookmarkPrefix(string edgeId) => $"zfs-sync-{edgeId}-";

    public static bool IsEdgeId(string text) => text.Length == 16 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Holds bases and ends.</summary>
    /// <exception cref="RefusedException">One of them is gone.</exception>
    public async Task HoldAsync(Instruction plan, SourceLists source, CancellationToken cancellation)
    {
        var zfs = hosts.Of(plan.Source);
        if (_swept.TryAdd(plan.EdgeId, true))
            await SweepAsync(plan, zfs, source, cancellation);
        var fault = await _holds
            .GetOrAdd(HostAccess.KeyOf(zfs), _ => new(companions, time))
            .AskAsync(HoldOf(plan, source), Together, cancellation);
        if (fault is { Kind: ToolErrorKind.Gone })
            throw new RefusedException(RefusedException.StalePlan, fault.Message);
        if (fault is { Kind: not ToolErrorKind.Permission })
            throw fault;
        // The stream itself may be allowed; zfs-sync doctor tells what is missing.
        if (fault is not null)
            log(
                AgentLogLevel.Warning,
                $"{source.Dataset} is sent without holds, so retention could take its base meanwhile: {fault.Message}"
            );

        async Task<Func<Hold, ToolException?>> Together(IReadOnlyList<Hold> holds, CancellationToken stop)
        {
            var faults = holds
                .Zip(await zfs.HoldAsync(holds, stop))
                .ToDictionary(pair => pair.First, pair => pair.Second);
            return hold => faults[hold];
        }
    }

    /// <summary>Releases what a run of this plan may have held, whether it still knows so or not.</summary>
    public Task ReleaseAsync(Instruction plan, SourceLists source, CancellationToken cancellation) =>
        hosts.Of(plan.Source).ReleaseAsync(HoldTag(plan.EdgeId), Held(plan, source), cancellation);

    /// <summary>
    /// The same when the source is not there under its name any more, for a rename takes the holds along: all snapshots of
    /// its host are looked through.
    /// </summary>
    public async Task ReleaseWhereverAsync(Instruction plan, CancellationToken cancellation)
    {
        var zfs = hosts.Of(plan.Source);
        var all = await zfs.ListAllSnapshotsAsync(await hosts.FeaturesAsync(zfs, cancellation), cancellation);
        var held = all.ByDataset.SelectMany(one => Held(plan, new SourceLists(one.Key, one.Value, []))).ToList();
        await zfs.ReleaseAsync(HoldTag(plan.EdgeId), held, cancellation);
    }

    /// <summary>
    /// Marks what arrived, forgets the older marks and releases, at one go and as the lists were when the run began.
    /// </summary>
    /// <returns>False when something is not as it was then; all of it is to be looked at again.</returns>
    public async Task<bool> TryFinishAsync(
        Instruction plan,
        SourceLists source,
        SnapshotGuid arrived,
        CancellationToken cancellation
    )
    {
        var label = BookmarkLabel(plan.EdgeId, arrived);
        if (source.Snapshot(arrived) is not { } snapshot || source.Bookmarks.Any(bookmark => bookmark.Label == label))
            return false;
        var zfs = hosts.Of(plan.Source);
        var marking = new Marking(source.NameOf(snapshot), label, Older(plan, source, label), HoldOf(plan, source));
        return await _markings
            .GetOrAdd(HostAccess.KeyOf(zfs), _ => new(companions, time))
            .AskAsync(marking, Together, cancellation);

        async Task<Func<Marking, bool>> Together(IReadOnlyList<Marking> markings, CancellationToken stop)
        {
            var ends = markings.Zip(await zfs.TryMarkAsync(markings, stop)).ToDictionary();
            return one => ends[one];
        }
    }

    /// <summary>Marks what arrived, then forgets the older marks: in this order, so that a crash leaves one too many, never none.</summary>
    public async Task AnchorAsync(
        Instruction plan,
        SourceLists source,
        SnapshotGuid arrived,
        CancellationToken cancellation
    )
    {
        var zfs = hosts.Of(plan.Source);
        var label = BookmarkLabel(plan.EdgeId, arrived);
        if (!source.Bookmarks.Any(bookmark => bookmark.Label == label))
        {
            if (source.Snapshot(arrived) is not { } snapshot)
                return;
            await zfs.BookmarkAsync(source.NameOf(snapshot), label, cancellation);
        }
        await zfs.DestroyBookmarksAsync(Older(plan, source, label), cancellation);
    }

    /// <summary>Holds of this edge that nobody remembers, for instance after the data directory was lost. Once per edge and start.</summary>
    private async Task SweepAsync(Instruction plan, ZfsHost zfs, SourceLists source, CancellationToken cancellation)
    {
        var held = (await sources.ReadHeldAsync(plan, cancellation)).Select(source.NameOf).ToList();
        if (held.Count == 0)
            return;
        var features = await hosts.FeaturesAsync(zfs, cancellation);
        var tag = HoldTag(plan.EdgeId);
        var orphans = (await zfs.ListHoldsAsync(features, held, cancellation))
            .Where(hold => hold.Tag == tag)
            .Select(hold => hold.Snapshot)
            .ToList();
        if (orphans.Count == 0)
            return;
        log(
            AgentLogLevel.Warning,
            $"Releasing {orphans.Count} holds '{tag}' that a former run left on {source.Dataset}."
        );
        await zfs.ReleaseAsync(tag, orphans, cancellation);
    }

    private static Hold HoldOf(Instruction plan, SourceLists source) => new(HoldTag(plan.EdgeId), Held(plan, source));

    /// <summary>This edge's bookmarks but one, and but those that may be the last base of another edge, whose own a user destroyed.</summary>
    private static List<SnapshotName> Older(Instruction plan, SourceLists source, string label) =>
        [
            .. source
                .Bookmarks.Where(bookmark =>
                    bookmark.Label != label
                    && !plan.NeededByOthers.Contains(bookmark.Guid)
                    && bookmark.Label.StartsWith(BookmarkPrefix(plan.EdgeId), StringComparison.Ordinal)
                )
                .Select(bookmark => SnapshotName.Of(source.Dataset, bookmark.Label, isBookmark: true)),
        ];

    private static List<SnapshotName> Held(Instruction plan, SourceLists source)
    {
        var guids = plan.Steps.SelectMany(step => new[] { step.FromGuid ?? step.ToGuid, step.ToGuid }).ToHashSet();
        return [.. source.Snapshots.Where(snapshot => guids.Contains(snapshot.Guid)).Select(source.NameOf)];
    }
}
