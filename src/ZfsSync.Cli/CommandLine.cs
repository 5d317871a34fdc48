using System.CommandLine;
using ZfsSync.Cli.Output;

namespace ZfsSync.Cli;

/// <summary>From arguments to an exit code. Whatever happens, a person gets a sentence and what to do next, never a stack trace.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        Surroundings surroundings,
        CancellationToken cancellation = default
    )
    {
        var root = CommandTree.Build(surroundings);
        var isBare = arguments.Count == 0;
        var parse = root.Parse(isBare ? ["--help"] : arguments);
        if (parse.Errors.Count > 0 && parse.Action is not { ClearsParseErrors: true })
            return UsageReport.Write(parse, surroundings);
        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            // Long-running commands end their children and transfers first.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
        };
        try
        {
            var exitCode = await parse.InvokeAsync(configuration, cancellation);
            return isBare ? ExitCodes.Usage : exitCode;
        }
        catch (Exception fault)
        {
            return FaultReport.Write(fault, surroundings);
        }
    }
}
