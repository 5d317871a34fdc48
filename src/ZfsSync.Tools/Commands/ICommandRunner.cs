namespace ZfsSync.Tools.Commands;

/// <summary>
/// The one way to the outside: runs programs. Two implementations: <c>LocalCommandRunner</c> (real processes, ssh for
/// remote ones) and the runners of <c>SimulatedFleet</c> (a model of ZFS that interprets the same argv).
/// </summary>
public interface ICommandRunner
{
    /// <summary>Runs one program to its end. A non-zero exit is a result, not an exception.</summary>
    /// <param name="command">What to run, and where.</param>
    /// <param name="onLine">When given, gets each line of standard output as it comes, and the result's output stays empty.</param>
    /// <param name="cancellation">Kills the program and everything it started, then throws.</param>
    /// <exception cref="ToolException">The program could not be started.</exception>
    Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation);

    /// <summary>Runs programs with each one's standard output feeding the next one's standard input.</summary>
    /// <param name="stages">At least two; the bytes between the first and the second (or where the options say) are counted and limited.</param>
    /// <param name="options">Limit and progress.</param>
    /// <param name="cancellation">Kills all stages and everything they started, then throws.</param>
    /// <exception cref="ToolException">A program could not be started; the others were ended.</exception>
    Task<PipeResult> PipeAsync(IReadOnlyList<Command> stages, PipeOptions options, CancellationToken cancellation);

    /// <summary>
    /// Runs sequences of short programs on one host, whose end matters and not their output: of each sequence one after the
    /// other until one ends badly; the sequences may run side by side. Over ssh all share one session.
    /// </summary>
    /// <param name="sequences">At least one, none empty; all of the same host.</param>
    /// <param name="cancellation">As in <see cref="RunAsync"/>.</param>
    /// <returns>For each sequence how those that ran ended; the last one may have failed.</returns>
    /// <exception cref="ToolException">A program could not be started.</exception>
    async Task<IReadOnlyList<IReadOnlyList<CommandResult>>> RunEachAsync(
        IReadOnlyList<IReadOnlyList<Command>> sequences,
        CancellationToken cancellation
    )
    {
        var all = new List<IReadOnlyList<CommandResult>>();
        foreach (var sequence in sequences)
            all.Add(await UntilFailureAsync(this, sequence, cancellation));
        return all;
    }

    /// <summary>One sequence of <see cref="RunEachAsync"/>, with a process for each command.</summary>
    internal static async Task<IReadOnlyList<CommandResult>> UntilFailureAsync(
        ICommandRunner runner,
        IReadOnlyList<Command> sequence,
        CancellationToken cancellation
    )
    {
        var results = new List<CommandResult>();
        while (results.Count < sequence.Count && (results.Count == 0 || results[^1].ExitCode == 0))
            results.Add(await runner.RunAsync(sequence[results.Count], null, cancellation));
        return results;
    }
}
