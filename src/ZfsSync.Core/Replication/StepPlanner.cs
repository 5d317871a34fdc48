using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>
/// The sends that bring chosen snapshots to a target. <c>-I</c> where two or more follow their base without a gap, so
/// that nothing unwanted comes along; <c>-i</c> everywhere else, and always from a bookmark, which <c>-I</c> refuses.
/// </summary>
internal static class StepPlanner
{
    /// <summary>The steps from <paramref name="from"/>, which is followed by <paramref name="source"/>[<paramref name="position"/>].</summary>
    /// <param name="from">The newest snapshot of the target, as the source has it.</param>
    /// <param name="source">The source's whole history, oldest first.</param>
    /// <param name="position">How many of it are at or before <paramref name="from"/>.</param>
    /// <param name="arrives">Which of the later ones are to arrive.</param>
    public static List<SendStep> Increments(
        Anchor from,
        IReadOnlyList<Snapshot> source,
        int position,
        IReadOnlySet<SnapshotGuid> arrives
    )
    {
        var steps = new List<SendStep>();
        var baseSnapshot = !from.IsBookmark && position > 0 ? source[position - 1] : null;
        if (baseSnapshot?.Guid != from.Guid)
            baseSnapshot = null;
        var since = position;
        for (var i = position; i < source.Count; i++)
        {
            if (!arrives.Contains(source[i].Guid))
            {
                baseSnapshot = null;
                continue;
            }
            var end = i;
            while (baseSnapshot is not null && end + 1 < source.Count && arrives.Contains(source[end + 1].Guid))
                end++;
            SendStep step =
                end > i
                    ? new SendStep.Range(baseSnapshot!, [.. source.Skip(i).Take(end - i + 1)])
                    : new SendStep.Incremental(from, source[i]);
            steps.Add(step with { EstimatedBytes = Written(source, since, end) });
            since = end + 1;
            baseSnapshot = source[end];
            from = new Anchor(baseSnapshot.Guid, baseSnapshot.Label, false);
            i = end;
        }
        return steps;
    }

    /// <summary>The rest of the receive that was cut, as long as its snapshot is still in <paramref name="source"/>.</summary>
    public static SendStep.Resume Rest(ResumeToken token, IReadOnlyList<Snapshot> source)
    {
        var end = Position(source, token.ToGuid);
        var whole =
            token.FromGuid is not { } from ? source[end].ReferencedBytes
            : Position(source, from) is >= 0 and var start ? Written(source, start + 1, end)
            : null;
        return new SendStep.Resume(token)
        {
            EstimatedBytes = whole is { } bytes ? bytes - Math.Min(bytes, token.ReceivedBytes) : null,
        };
    }

    private static int Position(IReadOnlyList<Snapshot> source, SnapshotGuid guid)
    {
        for (var i = 0; i < source.Count; i++)
        {
            if (source[i].Guid == guid)
                return i;
        }
        return -1;
    }

    /// <summary>What changed with these snapshots, those that do not arrive included: their changes come with the next one.</summary>
    private static ulong? Written(IReadOnlyList<Snapshot> source, int first, int last)
    {
        ulong sum = 0;
        for (var i = first; i <= last; i++)
        {
            if (source[i].WrittenBytes is not { } written)
                return null;
            sum += written;
        }
        return sum;
    }

    /// <summary>The steps into a dataset that does not exist: the first arriving one in full, the rest from there.</summary>
    public static List<SendStep> FirstReplication(IReadOnlyList<Snapshot> source, IReadOnlySet<SnapshotGuid> arrives)
    {
        var first = 0;
        while (!arrives.Contains(source[first].Guid))
            first++;
        var whole = source[first];
        return
        [
            new SendStep.Full(whole) { EstimatedBytes = whole.ReferencedBytes },
            .. Increments(new Anchor(whole.Guid, whole.Label, false), source, first + 1, arrives),
        ];
    }
}
