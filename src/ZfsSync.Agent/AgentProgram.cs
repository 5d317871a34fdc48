using ZfsSync.Agent.Identity;
using ZfsSync.Agent.Storage;
using ZfsSync.Agent.Systemd;
using ZfsSync.Contracts.Client;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent;

/// <summary>The agent as its host starts it.</summary>
public static class AgentProgram
{
    /// <summary>
    /// Reports this host and does what the witness decided, until it is cancelled; then ends transfers so that they can be
    /// resumed, releases holds, and returns within <see cref="AgentOptions.StopWithin"/> or little more.
    /// </summary>
    /// <param name="client">Signed in with the host's own key (<see cref="AgentIdentity.ApiKey"/>).</param>
    /// <exception cref="AgentException">It cannot start: not joined, or another agent uses the data directory.</exception>
    public static async Task RunAsync(
        AgentOptions options,
        ICommandRunner runner,
        WitnessClient client,
        TimeProvider time,
        Random random,
        AgentLog log,
        CancellationToken cancellation
    )
    {
        var identity = AgentIdentity.Load(options.KeyFile);
        using var held = AgentLock.Take(options.DataDirectory);
        var agent = AgentParts.Build(options, identity, runner, client, time, random, log);
        await using var service = ServiceNotifier.FromEnvironment(time);
        agent.Reports.OnStatus = service.Status;
        log(AgentLogLevel.Information, $"Agent of {identity}.");
        // Whichever loop ends first takes the other with it.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var loops = new[] { agent.Reports.RunAsync(ending.Token), agent.Instructions.RunAsync(ending.Token) };
        try
        {
            await (await Task.WhenAny(loops));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            log(AgentLogLevel.Information, "Stopping.");
        }
        finally
        {
            service.Stopping();
            await ending.CancelAsync();
            await Task.WhenAll(loops).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
