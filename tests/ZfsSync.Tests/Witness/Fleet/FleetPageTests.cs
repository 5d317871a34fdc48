using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Witness.Features.Fleet;
using ZfsSync.Witness.Features.Pages;

namespace ZfsSync.Tests.Witness.Fleet;

public sealed class FleetPageTests
{
    private static readonly Visitor Operator = new("ann", "operator", MayOperate: true, "token", "t0k3n");

    [Fact]
    public async Task An_operator_gets_forms_with_the_token_and_a_viewer_gets_none()
    {
        var forOperator = await RenderAsync(FleetScene.BadDay(), Operator);
        forOperator.ShouldContain("""value="receive_beside" />""");
        forOperator.ShouldContain("""name="destroys" value="7,8" />""");
        forOperator.ShouldContain("""name="token" value="t0k3n" />""");
        var forViewer = await RenderAsync(FleetScene.BadDay(), Operator with { MayOperate = false, Role = "viewer" });
        forViewer.ShouldNotContain("/repairs");
        forViewer.ShouldContain("Roll backup/projects back to @monday");
    }

    [Fact]
    public async Task Simulated_hosts_are_labelled_at_the_top_and_by_name()
    {
        var html = await RenderAsync(FleetScene.BadDay(), Operator);
        html.ShouldContain("no real pool is read or written");
        html.ShouldContain("""<span class="tag">simulated</span>""");
    }

    [Fact]
    public async Task The_page_carries_no_inline_script_or_style()
    {
        var html = await RenderAsync(FleetScene.BadDay(), Operator);
        html.ShouldNotContain("style=");
        html.ShouldNotContain("<style");
        html.ShouldNotContain("onclick");
        html.ShouldContain("""defer""");
    }

    [Fact]
    public async Task Names_are_text_never_markup()
    {
        var edge = FleetScene.Edge("a", EdgeState.InSync) with { LogicalDataset = "<b>&x" };
        var view = FleetView.Of(
            [],
            [FleetScene.Group(edge.SyncGroupId, "<script>alert(1)</script>")],
            [edge],
            FleetScene.Now
        );
        var html = await RenderAsync(view, Operator);
        html.ShouldContain("&lt;b&gt;&amp;x");
        html.ShouldNotContain("<script>alert");
    }

    internal static async Task<string> RenderAsync(FleetView view, Visitor visitor)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<FleetPage>(
                ParameterView.FromDictionary(new Dictionary<string, object?> { ["View"] = view, ["Visitor"] = visitor })
            );
            return page.ToHtmlString();
        });
    }
}
