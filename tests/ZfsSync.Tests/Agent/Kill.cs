using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Agent;

/// <summary>The end of an agent's process: from its step on, nothing of it reaches anything any more.</summary>
internal sealed class Kill(int atStep)
{
    private int _left = atStep;

    public bool HasStruck { get; private set; }

    /// <summary>What it was about to do.</summary>
    public string Last { get; private set; } = "";

    /// <summary>Before the n-th step from now.</summary>
    public void StrikeIn(int steps) => _left = steps;

    public void Check(string what = "journal")
    {
        if (!HasStruck && --_left > 0)
            return;
        if (!HasStruck)
            Last = what;
        HasStruck = true;
        throw new AgentKilledException();
    }
}

internal sealed class AgentKilledException() : Exception("The agent was killed.");

/// <summary>The commands of an agent that may be killed before each of them, and at each step of a stream.</summary>
internal sealed class DyingRunner(ICommandRunner inner, Kill kill) : ICommandRunner
{
    public Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation)
    {
        kill.Check(command.ToString());
        return inner.RunAsync(command, onLine, cancellation);
    }

    public Task<PipeResult> PipeAsync(
        IReadOnlyList<Command> stages,
        PipeOptions options,
        CancellationToken cancellation
    )
    {
        kill.Check(string.Join(" | ", stages));
        return inner.PipeAsync(
            stages,
            options with
            {
                OnProgress = bytes =>
                {
                    options.OnProgress?.Invoke(bytes);
                    kill.Check($"stream at {bytes}");
                },
            },
            cancellation
        );
    }
}
