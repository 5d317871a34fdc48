using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Replication;

/// <summary>What keeps a stream from being made or taken although the histories fit: keys that are not loaded.</summary>
internal static class SendObstacles
{
    public static Nothing? Find(EdgeView edge)
    {
        if (edge.IsRawStream)
            return null;
        if (edge.Source.Encryption is { IsKeyLoaded: false } source)
            return new Nothing(
                ReasonCode.SourceKeyNotLoaded,
                $"The key of {source.Root} is not loaded on the source and the stream is not raw: load it there, or let the edge be raw."
            );
        if ((edge.Target ?? edge.Facts.TargetParent)?.Encryption is { IsKeyLoaded: false } target)
            return new Nothing(
                ReasonCode.TargetKeyNotLoaded,
                $"{edge.Facts.TargetName} is encrypted with the key of {target.Root}, which is not loaded on the target: load it there."
            );
        return null;
    }
}
