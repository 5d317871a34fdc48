using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>What a receive that was cut left on the target, and whether it is worth going on with.</summary>
/// <param name="Verdict">The judgement.</param>
/// <param name="Token">The decoded token; null exactly when it is corrupt.</param>
internal sealed record PartialReceive(TokenVerdict Verdict, ResumeToken? Token)
{
    /// <summary>The judgement on the target's token, or null when it has none.</summary>
    public static PartialReceive? Judge(EdgeView edge)
    {
        if (edge.Target?.ReceiveResumeToken is not { } text)
            return null;
        return ResumeTokenParser.TryParse(text, out var token, out _)
            ? new PartialReceive(Verdicts(edge, token), token)
            : new PartialReceive(TokenVerdict.Corrupt, null);
    }

    /// <summary>The edge as it is when the partial receive has been aborted: a first receive takes its dataset with it.</summary>
    public static EdgeView WithoutPartial(EdgeView edge, TokenVerdict verdict) =>
        edge with
        {
            Abort = verdict,
            Target = edge.Target is { Snapshots.Count: 0, IsPlaceholder: false }
                ? null
                : edge.Target! with
                {
                    ReceiveResumeToken = null,
                },
        };

    private static TokenVerdict Verdicts(EdgeView edge, ResumeToken token)
    {
        var history = edge.History;
        if (history.Source.FirstOrDefault(s => s.Guid == token.ToGuid) is not { } arriving)
            return BelongsTo(edge.Source, token) ? TokenVerdict.Obsolete : TokenVerdict.Foreign;
        if (!edge.Policy.Resume)
            return TokenVerdict.ResumeForbidden;
        // zfs send -t looks for the snapshot in the pool that the token names, on whichever host it runs.
        if (SnapshotName.TryParse(token.ToName, out var sent) && sent.Dataset.Pool != edge.Source.Name.Pool)
            return TokenVerdict.Obsolete;
        // The rest of an increment fits only on the snapshot that it began on, which the source must have as well.
        SnapshotGuid? newest = history.Target.Count == 0 ? null : history.Target[^1].Guid;
        if (token.FromGuid != newest || history.Base?.Guid != token.FromGuid)
            return TokenVerdict.Obsolete;
        if (history.Base is not null && !history.SourceOnly.Contains(arriving))
            return TokenVerdict.Obsolete;
        if (token.IsRaw != edge.IsRawStream)
            return TokenVerdict.RawMismatch;
        return edge.Policy.Snapshots.Wants(arriving.Label) ? TokenVerdict.Wanted : TokenVerdict.NotSelected;
    }

    private static bool BelongsTo(DatasetInventory source, ResumeToken token) =>
        (SnapshotName.TryParse(token.ToName, out var name) && name.Dataset == source.Name)
        || (
            token.FromGuid is { } from
            && (source.Snapshots.Any(s => s.Guid == from) || source.Bookmarks.Any(b => b.Guid == from))
        );
}
