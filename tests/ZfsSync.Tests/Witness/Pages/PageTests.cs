using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Keys;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Pages;

public sealed class PageTests
{
    [Fact]
    public async Task Without_a_session_a_page_leads_to_the_sign_in_and_back()
    {
        await using var witness = await TestWitness.StartAsync();
        using var browser = new Browser(witness);
        (await browser.GetAsync("/")).Headers.Location!.OriginalString.ShouldBe("/sign-in");
        (await browser.GetAsync("/docs/index.html")).Headers.Location!.OriginalString.ShouldBe(
            "/sign-in?return_to=%2Fdocs"
        );
        (await browser.GetAsync("/events/fleet")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var signedIn = await browser.SignInAsync(TestWitness.AdminKey, "/docs");
        signedIn.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        signedIn.Headers.Location!.OriginalString.ShouldBe("/docs");
        var cookie = signedIn
            .Headers.GetValues("Set-Cookie")
            .Single(c => c.StartsWith("zfs-sync-session=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain(TestWitness.AdminKey);
        (await browser.PageAsync("/")).ShouldContain("No host takes part yet.");
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task Signing_in_never_leads_elsewhere(string returnTo)
    {
        await using var witness = await TestWitness.StartAsync();
        using var browser = new Browser(witness);
        (await browser.SignInAsync(TestWitness.AdminKey, returnTo)).Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Fact]
    public async Task A_wrong_key_or_a_hosts_key_opens_nothing()
    {
        await using var witness = await TestWitness.StartAsync();
        var host = await witness.JoinAsync("alpha");
        using var browser = new Browser(witness);
        foreach (var key in new[] { "wrong", host.Key })
        {
            var answer = await browser.SignInAsync(key);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("role=\"alert\"");
        }
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_session_ends_with_its_key_and_by_signing_out()
    {
        await using var witness = await TestWitness.StartAsync();
        var viewer = await KeyAsync(witness, KeyKind.Viewer);
        using var browser = new Browser(witness);
        await browser.SignInAsync(viewer.ApiKey!);
        var page = await browser.PageAsync("/");
        page.ShouldContain("viewer");
        await witness.Admin.RevokeKeyAsync(viewer.Id, CancellationToken.None);
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        await browser.SignInAsync(TestWitness.AdminKey);
        var token = Browser.TokenOf(await browser.PageAsync("/"));
        (await browser.PostAsync("/sign-out", ("form_token", token))).Headers.Location!.OriginalString.ShouldBe(
            "/sign-in"
        );
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_and_a_session_changes_nothing_through_the_api()
    {
        var (room, edge) = await DivergedAsync();
        await using var _room = room;
        using var browser = new Browser(room.Witness);
        await browser.SignInAsync(TestWitness.AdminKey);
        var forged = await browser.PostAsync(
            $"/fleet/edges/{edge.EdgeId}/repairs",
            ("kind", "rollback"),
            ("destroys", "7")
        );
        forged.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await forged.Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("code")
            .GetString()
            .ShouldBe("bad_form_token");
        (await browser.PostAsync($"/api/v1/edges/{edge.EdgeId}/stop")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.GetAsync("/api/v1/edges")).StatusCode.ShouldBe(HttpStatusCode.OK, "reading is fine");
    }

    [Fact]
    public async Task An_operator_approves_a_repair_by_a_form_and_a_viewer_is_refused()
    {
        var (room, edge) = await DivergedAsync();
        await using var _room = room;
        using var viewer = new Browser(room.Witness);
        await viewer.SignInAsync((await KeyAsync(room.Witness, KeyKind.Viewer)).ApiKey!);
        var page = await viewer.PageAsync("/");
        page.ShouldContain("1 conflict waits for you");
        page.ShouldNotContain("/repairs");
        var token = Browser.TokenOf(page);
        (
            await viewer.PostAsync(
                $"/fleet/edges/{edge.EdgeId}/repairs",
                ("form_token", token),
                ("kind", "rollback"),
                ("destroys", "7")
            )
        ).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var someone = new Browser(room.Witness);
        await someone.SignInAsync((await KeyAsync(room.Witness, KeyKind.Operator)).ApiKey!);
        token = Browser.TokenOf(await someone.PageAsync("/"));
        var stale = await someone.PostAsync(
            $"/fleet/edges/{edge.EdgeId}/repairs",
            ("form_token", token),
            ("kind", "rollback"),
            ("destroys", "8")
        );
        stale.Headers.Location!.OriginalString.ShouldStartWith("/?notice=stale");
        var approved = await someone.PostAsync(
            $"/fleet/edges/{edge.EdgeId}/repairs",
            ("form_token", token),
            ("kind", "rollback"),
            ("destroys", "7")
        );
        approved.Headers.Location!.OriginalString.ShouldStartWith("/?notice=approved");
        (await someone.PageAsync("/?notice=approved")).ShouldContain("Approved. An agent carries it out");
        (await room.Witness.Admin.EdgesAsync(null, CancellationToken.None))[0].Decision.ShouldBe(DecisionKind.Repair);
    }

    [Fact]
    public async Task The_page_forbids_inline_script_and_foreign_content()
    {
        await using var witness = await TestWitness.StartAsync();
        using var browser = new Browser(witness);
        await browser.SignInAsync(TestWitness.AdminKey);
        var answer = await browser.GetAsync("/");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("script-src 'unsafe");
        var html = await answer.Content.ReadAsStringAsync();
        html.ShouldNotContain("<script>");
        foreach (var file in new[] { "site.css", "live.js", "icon.svg" })
        {
            var at = html.IndexOf(
                "/assets/",
                html.IndexOf(file, StringComparison.Ordinal) - 40,
                StringComparison.Ordinal
            );
            var asset = await browser.GetAsync(
                html[at..(html.IndexOf(file, at, StringComparison.Ordinal) + file.Length)]
            );
            asset.StatusCode.ShouldBe(HttpStatusCode.OK, file);
            asset.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(365));
        }
        (await browser.GetAsync("/assets/1/site.css")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_open_page_hears_of_changes()
    {
        await using var witness = await TestWitness.StartAsync();
        using var http = witness.Http();
        using var stream = await http.GetStreamAsync(new Uri(witness.Address, "/events/fleet"));
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync()).ShouldBe("event: hello");
        var alpha = await witness.JoinAsync("alpha");
        await witness.Admin.CreateGroupAsync(
            new GroupDefinition { Name = "g", SystemIds = [alpha.Id] },
            CancellationToken.None
        );
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string? line;
        do line = await reader.ReadLineAsync(patience.Token);
        while (line is not null && line != "event: changed");
        line.ShouldBe("event: changed");
    }

    [Fact]
    public async Task The_api_describes_itself_to_callers_only()
    {
        await using var witness = await TestWitness.StartAsync();
        using var anonymous = new Browser(witness);
        (await anonymous.GetAsync("/openapi/v1.json")).StatusCode.ShouldNotBe(HttpStatusCode.OK);
        var document = await witness.Http().GetFromJsonAsync<JsonElement>(new Uri(witness.Address, "/openapi/v1.json"));
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();
        paths.ShouldContain("/api/v1/sync-groups/{id}");
        paths.ShouldContain("/api/v1/edges/{id}/repairs");
        paths.ShouldNotContain("/sign-in");
        (await witness.Http().GetStringAsync(new Uri(witness.Address, "/docs/index.html"))).ShouldContain("swagger-ui");
    }

    private static async Task<(FleetRoom Room, EdgeResource Edge)> DivergedAsync()
    {
        var room = await FleetRoom.OpenAsync();
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2"));
        await room.ReportAsync(beta, "b", ("b/d", "1 7"));
        var group = await room.GroupAsync(alpha, beta);
        return (room, (await room.CheckAsync(group.Id))[0]);
    }

    private static Task<KeyResource> KeyAsync(TestWitness witness, KeyKind kind) =>
        witness.Admin.CreateKeyAsync(new KeyRequest { Kind = kind, Name = kind.ToString() }, CancellationToken.None);
}
