using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Api;

[Trait("Scenario", "96")]
public sealed class RouteWalkTests
{
    private static readonly string[] Exempt =
    [
        "/health",
        "/health/ready",
        "/health/live",
        "/sign-in",
        "/assets/{version}/{name}",
    ];

    [Fact]
    public async Task Without_a_key_every_route_refuses_but_health_and_the_sign_in_page()
    {
        await using var witness = await TestWitness.StartAsync();
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = witness.Address,
        };
        var open = new List<string>();
        var walked = 0;
        foreach (var (method, pattern) in Routes(witness).Where(route => !Exempt.Contains(route.Pattern)))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), Fill(pattern))
            {
                Content = method is "POST" or "PUT" ? TestWitness.Json("{}") : null,
            };
            var answer = await http.SendAsync(request);
            walked++;
            var isSentToSignIn =
                answer.StatusCode is HttpStatusCode.SeeOther or HttpStatusCode.Redirect
                && answer.Headers.Location!.ToString().Contains("sign-in", StringComparison.Ordinal);
            if (answer.StatusCode != HttpStatusCode.Unauthorized && !isSentToSignIn)
                open.Add($"{method} {pattern} {(int)answer.StatusCode}");
        }

        open.ShouldBeEmpty();
        walked.ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData("/nothing/here")]
    [InlineData("/docs/index.html")]
    [InlineData("/openapi/v1.json")]
    public async Task Without_a_key_other_paths_do_not_answer_either(string path)
    {
        await using var witness = await TestWitness.StartAsync();
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        var answer = await http.GetAsync(new Uri(witness.Address, path));

        ((int)answer.StatusCode).ShouldBeOneOf(401, 302, 303);
    }

    private static IEnumerable<(string Method, string Pattern)> Routes(TestWitness witness) =>
        from endpoint in witness.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'));

    private static string Fill(string pattern) =>
        string.Join(
            '/',
            pattern
                .Split('/')
                .Select(part =>
                    part.Contains("id", StringComparison.OrdinalIgnoreCase) && part.StartsWith('{')
                        ? Guid.Empty.ToString()
                        : part.Replace("{documentName}", "v1", StringComparison.Ordinal).Trim('{', '}', '*')
                )
        );
}
