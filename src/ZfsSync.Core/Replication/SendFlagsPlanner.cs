using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>
/// The stream format of an edge. What earlier successes pinned stays, because ZFS refuses an increment without
/// <c>-L</c> after one with it, and mixes of raw and plain; a new edge is raw exactly when its source is encrypted,
/// unless the policy says otherwise.
/// </summary>
internal static class SendFlagsPlanner
{
    /// <param name="facts">What is known of the edge.</param>
    /// <param name="policy">What is wanted.</param>
    /// <param name="source">The source's dataset.</param>
    /// <param name="hasHistory">Whether an increment continues a history; a full stream is free to choose raw anew.</param>
    public static SendFlags Plan(EdgeFacts facts, EdgePolicy policy, DatasetInventory source, bool hasHistory)
    {
        var wantsRaw = policy.Raw ?? source.Encryption is not null;
        if (facts.Pinned is { } pinned)
            return hasHistory ? pinned : pinned with { Raw = wantsRaw };
        // ZFS refuses embedded blocks on the way into an encrypted dataset.
        var arrivesEncrypted = wantsRaw
            ? source.Encryption is not null
            : (facts.Target ?? facts.TargetParent)?.Encryption is not null;
        return SendFlags.Default with { Raw = wantsRaw, Embedded = !arrivesEncrypted };
    }

    /// <summary>Why an increment may not be sent in the format that the policy wants, or null when it may.</summary>
    public static string? HistoryMismatch(EdgeView edge)
    {
        if (edge.Source.Encryption is null || edge.History.Base is null)
            return null;
        var wanted = edge.Policy.Raw;
        if (edge.Facts.Pinned is { } pinned)
            return wanted is null || wanted == pinned.Raw ? null
                : pinned.Raw ? "The history was sent raw and the policy now wants it not raw"
                : "The history was not sent raw and the policy now wants it raw";
        return edge.Flags.Raw && edge.Target!.Encryption is null
            ? "The target is plain, so its history did not arrive raw, and now it is wanted raw"
            : null;
    }
}
