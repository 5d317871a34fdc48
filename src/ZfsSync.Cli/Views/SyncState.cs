using ZfsSync.Contracts.Edges;

namespace ZfsSync.Cli.Views;

/// <summary>All edges of a sync at one instant.</summary>
internal sealed record SyncState(IReadOnlyList<(EdgeResource Edge, SyncVerdict Verdict)> Items, bool IsTimedOut = false)
{
    /// <summary>Hosts that were asked to report and did not.</summary>
    public IReadOnlyList<string> Silent { get; init; } = [];

    public IReadOnlyList<EdgeResource> Edges => [.. Items.Select(i => i.Edge)];

    public bool IsOver => IsTimedOut || Items.All(i => i.Verdict != SyncVerdict.Waits);

    public int ExitCode => SyncVerdicts.ExitCodeOf([.. Items.Select(i => i.Verdict)]);
}
