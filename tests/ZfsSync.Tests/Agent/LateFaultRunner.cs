using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Agent;

/// <summary>Every stream arrives whole, and then the connection of its sender breaks.</summary>
internal sealed class LateFaultRunner(ICommandRunner inner) : ICommandRunner
{
    public Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation) =>
        inner.RunAsync(command, onLine, cancellation);

    public async Task<PipeResult> PipeAsync(
        IReadOnlyList<Command> stages,
        PipeOptions options,
        CancellationToken cancellation
    )
    {
        var result = await inner.PipeAsync(stages, options, cancellation);
        return result with
        {
            Stages = [new CommandResult(255, "", "Connection reset by peer"), .. result.Stages.Skip(1)],
        };
    }
}
