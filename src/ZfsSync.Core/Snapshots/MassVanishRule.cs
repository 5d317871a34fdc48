namespace ZfsSync.Core.Snapshots;

/// <summary>
/// When so much of a host's inventory vanishes in one report that a person must say whether it is right, before anything
/// is planned from it: a pool that was not imported, a survey that saw half, or somebody destroying everything.
/// </summary>
/// <param name="MaxShare">The share of the known snapshots that may vanish at once, from 0 to 1.</param>
/// <param name="MinVanished">Fewer than this never count as many: the retention of a small host takes most of what it has.</param>
public sealed record MassVanishRule(double MaxShare, int MinVanished)
{
    /// <summary>More than half of the snapshots, and at least ten.</summary>
    public static readonly MassVanishRule Default = new(0.5, 10);

    /// <summary>Why the host's plans must stand still, as a sentence with the numbers; null when this many may vanish.</summary>
    /// <param name="known">How many snapshots were known in the report's scope.</param>
    /// <param name="vanished">How many of them it no longer names.</param>
    public string? Reason(int known, int vanished) =>
        vanished >= MinVanished && vanished > known * MaxShare
            ? $"{vanished} of {known} snapshots vanished in one report, more than {MaxShare:P0}."
            : null;
}
