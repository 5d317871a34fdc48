using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>The commands of an agent: whatever changes something is held against what was there before.</summary>
internal sealed class WatchedRunner(ICommandRunner inner, FaultWorld world, FaultAgent agent) : ICommandRunner
{
    private static readonly HashSet<string> Reading = new(StringComparer.Ordinal)
    {
        "list",
        "get",
        "version",
        "holds",
        "allow",
        "--version",
        "userspace",
    };

    public async Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation)
    {
        if (command.Arguments.Count == 0 || Reading.Contains(command.Arguments[0]) || command.Program != "zfs")
            return await inner.RunAsync(command, onLine, cancellation);
        using var watch = world.Ledger.Watch($"{agent.Host}: {command}");
        return await inner.RunAsync(command, onLine, cancellation);
    }

    public async Task<PipeResult> PipeAsync(
        IReadOnlyList<Command> stages,
        PipeOptions options,
        CancellationToken cancellation
    )
    {
        using var watch = world.Ledger.Watch($"{agent.Host}: {string.Join(" | ", stages)}");
        using var receive = world.Watch.Receiving(agent, stages[^1].On?.Host ?? agent.Host, stages[^1].Arguments[^1]);
        return await inner.PipeAsync(stages, options, cancellation);
    }
}
