using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

public sealed partial class ZfsHost
{
    private Task<CommandResult> RunAsync(Command command, CancellationToken cancellation) =>
        runner.RunAsync(command.At(On), null, cancellation);

    private async Task<string> OutputAsync(Command command, CancellationToken cancellation) =>
        Checked(command, await RunAsync(command, cancellation)).Output;

    /// <summary>Runs a listing of named things, of which some may be gone: the output about the others, and the missing names.</summary>
    private async Task<(string Output, IReadOnlyList<string> Missing)> OutputOfExistingAsync(
        Command command,
        CancellationToken cancellation
    )
    {
        var result = await RunAsync(command, cancellation);
        return (result.Output, MissingOrThrow(command, result));
    }

    /// <summary>Long listings go to their parser line by line, so that no megabytes of text pile up.</summary>
    private async Task StreamAsync(Command command, Action<string> onLine, CancellationToken cancellation)
    {
        var result = await StreamLinesAsync(command, onLine, cancellation);
        Checked(command, result);
    }

    private async Task<IReadOnlyList<string>> StreamExistingAsync(
        Command command,
        Action<string> onLine,
        CancellationToken cancellation
    ) => MissingOrThrow(command, await StreamLinesAsync(command, onLine, cancellation));

    private async Task<CommandResult> StreamLinesAsync(
        Command command,
        Action<string> onLine,
        CancellationToken cancellation
    )
    {
        FormatException? fault = null;
        var result = await runner.RunAsync(command.At(On), Guarded, cancellation);
        return fault is null ? result : throw NotUnderstood(command, fault);

        void Guarded(string line)
        {
            try
            {
                onLine(line);
            }
            catch (FormatException e)
            {
                fault ??= e;
            }
        }
    }

    private async Task TolerantAsync(Command command, Predicate<string> isHarmless, CancellationToken cancellation)
    {
        var result = await RunAsync(command, cancellation);
        if (Fault(command, result, isHarmless) is { } fault)
            throw fault;
    }

    private ToolException? Fault(Command command, CommandResult result, Predicate<string> isHarmless) =>
        result.ExitCode == 0 || Array.TrueForAll(ErrorLines(result), isHarmless)
            ? null
            : Failure(command, result, ErrorLines(result).Where(line => !isHarmless(line)));

    private List<string> MissingOrThrow(Command command, CommandResult result)
    {
        if (result.ExitCode == 0)
            return [];
        var missing = new List<string>();
        foreach (var line in ErrorLines(result))
        {
            if (MissingParser.TryParse(line, out var name))
                missing.Add(name);
            else
                throw Failure(command, result, [line]);
        }
        return missing.Count > 0 ? missing : throw Failure(command, result);
    }

    private static string[] ErrorLines(CommandResult result) =>
        ToolFailure
            .WithoutUsage(result.ErrorTail)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private CommandResult Checked(Command command, CommandResult result) =>
        result.ExitCode == 0 ? result : throw Failure(command, result);

    private ToolException Failure(Command command, CommandResult result, IEnumerable<string>? telling = null) =>
        ToolFailure.Of(command.At(On), result, telling is null ? null : string.Join('\n', telling));

    private T Parsed<T>(Command command, Func<string, T> parse, string output)
    {
        try
        {
            return parse(output);
        }
        catch (FormatException fault)
        {
            throw NotUnderstood(command, fault);
        }
    }

    private ToolException NotUnderstood(Command command, FormatException fault) =>
        new(
            ToolErrorKind.Unsupported,
            0,
            "",
            $"The output of '{command.At(On)}' was not understood: {fault.Message} Please report it with the output of 'zfs version'."
        );
}
