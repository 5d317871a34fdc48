using ZfsSync.Agent;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Cli.Output;

/// <summary>Says what stopped a command, on standard error, and gives its exit code.</summary>
internal static class FaultReport
{
    public static int Write(Exception fault, Surroundings surroundings)
    {
        switch (fault)
        {
            case OperationCanceledException:
                return ExitCodes.Interrupted;
            case CommandFault known:
                Say(surroundings, known.Message, known.Remedy);
                return known.ExitCode;
            case WitnessException refused:
                Say(surroundings, refused.Message, Remedy(refused));
                foreach (var line in FieldFaults(refused.Problem))
                    surroundings.Error.WriteLine(SafeText.Neutralise($"  {line}"));
                return ExitCodeOf(refused);
            case AgentException agent:
                Say(surroundings, agent.Message, null);
                return ExitCodes.Usage;
            case ToolException tool:
                Say(surroundings, tool.Message, null);
                return ExitCodes.NotInSync;
            case UnauthorizedAccessException denied:
                Say(surroundings, denied.Message, "Run as the owner of the data directory, for instance with sudo.");
                return ExitCodes.Refused;
            case IOException io:
                Say(surroundings, io.Message, null);
                return ExitCodes.NotInSync;
            default:
                Say(
                    surroundings,
                    $"a fault of zfs-sync itself: {fault.GetType().Name}: {fault.Message}",
                    "Please report it. ZFS_SYNC_DEBUG=1 shows where it happened."
                );
                if (surroundings.Variable("ZFS_SYNC_DEBUG") is not null)
                    surroundings.Error.WriteLine(fault);
                return ExitCodes.InternalFault;
        }
    }

    private static int ExitCodeOf(WitnessException refused) =>
        refused switch
        {
            { IsTransient: true } => ExitCodes.Unreachable,
            { Status: 401 or 403 } => ExitCodes.Refused,
            { Code: ProblemCodes.StaleApproval } => ExitCodes.NeedsPerson,
            { Status: >= 400 and < 500 } => ExitCodes.Usage,
            _ => ExitCodes.NotInSync,
        };

    private static string? Remedy(WitnessException refused) =>
        refused switch
        {
            { Status: 0 } => "Start it with: zfs-sync up. Or name another with --witness URL or ZFS_SYNC_URL.",
            { Status: 401 } =>
                "Give a key with --key-file FILE or ZFS_SYNC_API_KEY. On the witness's machine its owner finds the admin's in DATA_DIR/admin.key.",
            { Status: 403 } => "Use a key that may do this: zfs-sync key create --kind operator NAME makes one.",
            { Code: ProblemCodes.StaleApproval } => "Look at the edge again: zfs-sync plan.",
            _ => null,
        };

    private static IEnumerable<string> FieldFaults(Problem problem) =>
        from field in problem.Errors ?? new Dictionary<string, string[]>(StringComparer.Ordinal)
        from text in field.Value
        select $"{field.Key} {text}";

    private static void Say(Surroundings surroundings, string message, string? remedy)
    {
        surroundings.Error.WriteLine(SafeText.Neutralise($"zfs-sync: {message}"));
        foreach (var line in remedy?.Split('\n', StringSplitOptions.TrimEntries) ?? [])
            surroundings.Error.WriteLine(SafeText.Neutralise($"  {line}"));
    }
}
