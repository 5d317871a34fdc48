using System.Buffers.Binary;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Testing.Witness;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Lab.Tests.Browser;

/// <summary>The first page in a real browser, wide and narrow. The pictures stay in the tests' output folder, to be looked at.</summary>
public sealed class FirstPageTests
{
    private const string Chromium = "/usr/bin/chromium";

    [Theory]
    [InlineData(1280, 900)]
    [InlineData(360, 900)]
    public async Task The_page_is_drawn_with_its_styles(int width, int height)
    {
        Assert.SkipUnless(File.Exists(Chromium), "chromium is not installed");
        await using var witness = await TestWitness.StartAsync();
        var (alpha, beta) = (await witness.JoinAsync("alpha"), await witness.JoinAsync("beta"));
        await witness.Admin.CreateGroupAsync(
            new GroupDefinition { Name = "nightly", SystemIds = [alpha.Id, beta.Id] },
            CancellationToken.None
        );
        await using var door = await OpenDoorAsync(witness);

        var page = await BrowseAsync(door, "--dump-dom", $"--window-size={width},{height}");
        page.ShouldContain("2 hosts take part; nothing is copied yet.");

        var picture = Path.Combine(AppContext.BaseDirectory, $"first-page-{width}.png");
        File.Delete(picture);
        await BrowseAsync(door, $"--screenshot={picture}", $"--window-size={width},{height}");
        var png = await File.ReadAllBytesAsync(picture);
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).ShouldBe(width);
        png.Length.ShouldBeGreaterThan(8_000, "an empty page is a small picture");
    }

    /// <summary>Passes requests on with the admin's key, because the browser's command line cannot sign in.</summary>
    private static async Task<WebApplication> OpenDoorAsync(TestWitness witness)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var http = witness.Http();
        app.Run(async context =>
        {
            using var answer = await http.GetAsync(
                new Uri(witness.Address, context.Request.Path + context.Request.QueryString.Value),
                HttpCompletionOption.ResponseHeadersRead,
                context.RequestAborted
            );
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            context.Response.Headers.ContentSecurityPolicy = answer
                .Headers.GetValues("Content-Security-Policy")
                .Single();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<string> BrowseAsync(WebApplication door, params string[] options)
    {
        var profile = Directory.CreateTempSubdirectory("zfs-sync-browser-");
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            string[] always =
            [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                $"--user-data-dir={profile.FullName}",
            ];
            var command = new Command(Chromium, [.. always, .. options, door.Urls.First()]);
            var result = await new LocalCommandRunner().RunAsync(command, null, patience.Token);
            result.ExitCode.ShouldBe(0);
            return result.Output;
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }
}
