using System.Text.Json;
using ZfsSync.Contracts.Json;
using ZfsSync.Tests.Agent;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>The way from an agent to its witness, with what may go wrong on it; and the story's own record of what was said and acknowledged.</summary>
internal sealed class FaultWire(FaultWorld world, FaultAgent agent, Kill kill)
    : DelegatingHandler(world.Witness.Connect())
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        world.Stats.Steps++;
        var path = request.RequestUri!.AbsolutePath;
        kill.Check($"before {request.Method} {path}");
        var fault = world.TakeWireFault(agent.Host);
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        if (path.EndsWith("/outcome", StringComparison.Ordinal))
            agent.Executing.Remove(InstructionOf(path));
        switch (fault)
        {
            case WireFault.Lost:
                throw new HttpRequestException("Connection refused");
            case WireFault.Delayed:
                world.Late.Add(Copy(request, body));
                throw new HttpRequestException("Connection timed out");
            case WireFault.Truncated when body.Length > 1:
                await world.SendAsync(Copy(request, body[..(body.Length / 2)]));
                throw new HttpRequestException("Connection reset by peer");
            case WireFault.Doubled when body.Length > 0:
                await world.SendAsync(Copy(request, body));
                break;
        }
        var since = agent.LooksSince;
        var answer = await base.SendAsync(request, cancellationToken);
        await NoteAsync(path, body, answer, since);
        // The witness has it, and the agent never learns so.
        if (fault == WireFault.AnswerLost)
            throw new HttpRequestException("Connection reset by peer");
        kill.Check($"after {request.Method} {path}");
        await NoteLearnedAsync(path, answer);
        return answer;
    }

    private async Task NoteAsync(string path, byte[] body, HttpResponseMessage answer, int since)
    {
        if (!answer.IsSuccessStatusCode)
            return;
        if (path.EndsWith("/reports", StringComparison.Ordinal))
            world.Watch.Reported(agent.Host, body, await BytesAsync(answer), since);
        else if (path.EndsWith("/outcome", StringComparison.Ordinal))
            world.Watch.Acknowledged(
                InstructionOf(path),
                JsonSerializer.Deserialize(body, WireJson.Default.OutcomeReport)!
            );
        else if (
            path.EndsWith("/progress", StringComparison.Ordinal) && agent.Executing.ContainsKey(InstructionOf(path))
        )
            agent.Executing[InstructionOf(path)] = LeaseEnd(
                JsonSerializer.Deserialize(await BytesAsync(answer), WireJson.Default.ProgressAnswer)!.LeaseSeconds
            );
    }

    private async Task NoteLearnedAsync(string path, HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode || !path.EndsWith("/claim", StringComparison.Ordinal))
            return;
        var claim = JsonSerializer.Deserialize(await BytesAsync(answer), WireJson.Default.ClaimAnswer)!;
        world.Watch.Claimed(agent, claim);
        agent.Executing[claim.Instruction.InstructionId] = LeaseEnd(claim.LeaseSeconds);
    }

    private DateTimeOffset LeaseEnd(int seconds) => world.WitnessClock.GetUtcNow().AddSeconds(seconds);

    private static Task<byte[]> BytesAsync(HttpResponseMessage answer) => answer.Content.ReadAsByteArrayAsync();

    private static Guid InstructionOf(string path) => Guid.Parse(path.Split('/')[^2]);

    private LateRequest Copy(HttpRequestMessage request, byte[] body) =>
        new(
            request.Method,
            request.RequestUri!,
            body,
            request.Headers.Authorization?.Parameter,
            agent.Host,
            agent.LooksSince
        );
}
