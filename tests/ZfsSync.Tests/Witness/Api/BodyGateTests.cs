using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using ZfsSync.Contracts;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Http;

namespace ZfsSync.Tests.Witness.Api;

public sealed class BodyGateTests
{
    [Fact]
    public async Task Bodies_come_in_as_they_came_and_no_more_than_fit()
    {
        var gate = new BodyGate(capacity: 10, mostWaiting: 9);
        var first = await gate.EnterAsync(6, default);
        var large = gate.EnterAsync(8, default);
        var small = gate.EnterAsync(1, default);
        large.IsCompleted.ShouldBeFalse();
        small.IsCompleted.ShouldBeFalse("it would fit, and yet it must not overtake, or a large one never came in");

        first.Dispose();
        await Task.WhenAll(large, small);
        var last = gate.EnterAsync(2, default);
        last.IsCompleted.ShouldBeFalse();
        (await large).Dispose();
        await last;
    }

    [Fact]
    public async Task One_that_is_larger_than_all_there_is_comes_in_alone()
    {
        var gate = new BodyGate(capacity: 10, mostWaiting: 9);
        var huge = await gate.EnterAsync(100, default);
        var next = gate.EnterAsync(1, default);
        next.IsCompleted.ShouldBeFalse();
        huge.Dispose();
        await next;
    }

    [Fact]
    public async Task Who_gives_up_leaves_its_place_to_the_next()
    {
        var gate = new BodyGate(capacity: 10, mostWaiting: 2);
        var first = await gate.EnterAsync(9, default);
        using var patience = new CancellationTokenSource();
        var given = gate.EnterAsync(8, patience.Token);
        var next = gate.EnterAsync(1, default);
        await Should.ThrowAsync<RefusedException>(() => gate.EnterAsync(1, default));

        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);
        await next;

        first.Dispose();
        first.Dispose();
        await gate.EnterAsync(9, default);
        gate.EnterAsync(1, default).IsCompleted.ShouldBeFalse("a place is given back once");
    }

    [Fact]
    public async Task A_large_report_among_too_many_is_told_when_to_come_back_and_heads_still_come_in()
    {
        var gate = new BodyGate(capacity: 1, mostWaiting: 1);
        await using var witness = await TestWitness.StartAsync(
            DatabaseKind.Sqlite,
            configure: null,
            services => services.AddSingleton(gate)
        );
        var host = await witness.JoinAsync("alpha");
        var inside = await gate.EnterAsync(1, default);
        var waits = gate.EnterAsync(1, default);
        (await PostAsync(witness, isLengthSaid: true)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var refused = await PostAsync(witness, isLengthSaid: false);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (await refused.Content.ReadFromJsonAsync<Problem>())!.Code.ShouldBe(ProblemCodes.Busy);
        await new HostReports(witness, host).SendAsync(HostReports.Dataset("tank"));

        inside.Dispose();
        (await waits).Dispose();
        (await PostAsync(witness, isLengthSaid: true)).StatusCode.ShouldNotBe(HttpStatusCode.ServiceUnavailable);
        (await PostAsync(witness, isLengthSaid: false)).StatusCode.ShouldNotBe(HttpStatusCode.ServiceUnavailable);
    }

    private static async Task<HttpResponseMessage> PostAsync(TestWitness witness, bool isLengthSaid)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "snapshots/batch");
        request.Content = TestWitness.Json("[" + new string(' ', BodyGate.SmallBytes) + "]");
        request.Headers.TransferEncodingChunked = !isLengthSaid;
        return await witness.Http().SendAsync(request);
    }
}
