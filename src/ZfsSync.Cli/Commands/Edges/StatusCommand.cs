using System.Text.Json;
using System.Text.Json.Nodes;
using ZfsSync.Cli.Output;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Display;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync status</c></summary>
internal sealed class StatusCommand : WitnessCommand
{
    public StatusCommand(Surroundings surroundings)
        : base("status", "one sentence about the whole fleet, then what is wrong", surroundings)
    {
        Notes = ["Exits 0 when everything is in sync, 1 when something is not, 5 when a person must decide."];
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var groups = await request.Witness.GroupsAsync(cancellation);
        var edges = await request.Witness.EdgesAsync(null, cancellation);
        var now = Surroundings.Time.GetUtcNow();
        var view = StatusView.Of(hosts, groups, edges, now);
        request.Screen.Data(Json(view, hosts, edges));
        Show(request.Screen, view, hosts, now);
        return view.ExitCode;
    }

    private static void Show(Screen screen, StatusView view, IReadOnlyList<SystemResource> hosts, DateTimeOffset now)
    {
        screen.Line(view.Sentence, view.Tone);
        if (view.IsSimulated)
            screen.Line("These hosts are SIMULATED: a demo, no real pools.", Tone.Warning);
        foreach (var fault in view.HostFaults)
            screen.Line($"  {fault}", Tone.Bad);
        if (view.Wrong.Count > 0)
        {
            screen.Line();
            foreach (var edge in view.Wrong)
                ShowEdge(screen, edge, now);
        }
        if (hosts.Count > 0)
        {
            screen.Line();
            screen.Table(HostTable.Of(hosts, now));
        }
        if (view.Next.Count > 0)
        {
            screen.Line();
            screen.Line("Next:");
            foreach (var step in view.Next)
                screen.Line($"  {step}");
        }
    }

    private static void ShowEdge(Screen screen, EdgeResource edge, DateTimeOffset now)
    {
        var state = EdgeTables.State(edge);
        var late = edge.IsLate(now) ? $", late for {Duration.InWords(now - edge.LateAt!.Value)}" : "";
        var lag =
            edge.LagSnapshots > 0 ? $", behind by {EdgeTables.Behind(edge)}"
            : edge.ProvenSnapshot is null ? ", nothing copied yet"
            : "";
        screen.Line($"{state.Text}: {EdgeTables.Name(edge)}{lag}{late}", state.Tone);
        screen.Line($"  {edge.Text}");
        if (edge.Run is { Bytes: > 0 } run)
            screen.Line($"  {Amounts.Bytes(run.Bytes)} of {Amounts.About(run.EstimatedBytes)}");
        if (edge.LastError is not null)
            screen.Line($"  last error: {edge.LastError}");
    }

    private static JsonObject Json(
        StatusView view,
        IReadOnlyList<SystemResource> hosts,
        IReadOnlyList<EdgeResource> edges
    ) =>
        new()
        {
            ["summary"] = view.Sentence,
            ["exit_code"] = view.ExitCode,
            ["systems"] = JsonSerializer.SerializeToNode(hosts, WireJson.Default.IReadOnlyListSystemResource),
            ["edges"] = JsonSerializer.SerializeToNode(edges, WireJson.Default.IReadOnlyListEdgeResource),
        };
}
