using ZfsSync.Contracts.Edges;

namespace ZfsSync.Cli.Views;

/// <summary>The exit code of a command about edges: the worst of them.</summary>
internal static class EdgeResult
{
    public static int ExitCodeOf(IReadOnlyCollection<EdgeResource> edges) =>
        edges.Any(e => e.State == EdgeState.Conflict) ? ExitCodes.NeedsPerson
        : edges.All(e => e.State == EdgeState.InSync || EdgeTables.IsIdle(e)) ? ExitCodes.Ok
        : ExitCodes.NotInSync;
}
