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
            steps.Add(
                end > i
                    ? new SendStep.Range(baseSnapshot!, [.. source.Skip(i).Take(end - i + 1)])
                    : new SendStep.Incremental(from, source[i])
            );
            baseSnapshot = source[end];
            from = new Anchor(baseSnapshot.Guid, baseSnapshot.Label, false);
            i = end;
        }
        return steps;
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
