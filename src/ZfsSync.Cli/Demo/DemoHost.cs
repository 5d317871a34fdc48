using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Cli.Hosting;
using ZfsSync.Contracts.Client;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Cli.Demo;

/// <summary>A simulated host with a real agent, which can be put to sleep and woken.</summary>
internal sealed class DemoHost(
    Surroundings surroundings,
    AgentOptions options,
    AgentIdentity identity,
    string prefix,
    ICommandRunner runner
) : IAsyncDisposable
{
    private readonly AgentLines _lines = new(surroundings, $"{identity.Hostname}: ", isVerbose: false);
    private CancellationTokenSource? _ending;
    private Task _agent = Task.CompletedTask;
    private HttpClient? _http;

    public AgentIdentity Identity => identity;

    public void Wake()
    {
        _ending = new CancellationTokenSource();
        _http = surroundings.Http();
        _agent = AgentProgram.RunAsync(
            options,
            runner,
            WitnessClient.Connect(_http, options.Witness, identity.ApiKey, prefix),
            surroundings.Time,
            surroundings.Random,
            Tell,
            _ending.Token
        );
    }

    public async Task SleepAsync()
    {
        if (_ending is null)
            return;
        await _ending.CancelAsync();
        try
        {
            await _agent;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
        _ending.Dispose();
        _ending = null;
        _http?.Dispose();
    }

    /// <summary>The commentary tells what goes well.</summary>
    private void Tell(AgentLogLevel level, string text)
    {
        if (level >= AgentLogLevel.Warning)
            _lines.Write(level, text);
    }

    public async ValueTask DisposeAsync() => await SleepAsync();
}
