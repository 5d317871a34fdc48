using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Display;

namespace ZfsSync.Contracts.Sync;

/// <summary>
/// An instruction as text for people and scripts: POSIX sh, every word through the one quoter, never with a rollback.
/// Our own agent does not read it; it works from the instruction's fields.
/// </summary>
public static class SyncCommand
{
    /// <summary>One command per step, in order, to be run on the executing host. Empty for a repair, which needs an agent that checks guids.</summary>
    public static IReadOnlyList<string> Of(Instruction instruction)
    {
        if (instruction.Kind != InstructionKind.Replicate)
            return [];
        var commands = instruction.Steps.Select((step, i) => Pipe(instruction, step, isFirst: i == 0)).ToList();
        if (instruction.AbortToken is not null && commands.Count > 0)
            commands[0] =
                $"{At(instruction.Target, ["zfs", "receive", "-A", instruction.Target.Dataset])} && {commands[0]}";
        return commands;
    }

    private static string Pipe(Instruction instruction, InstructionStep step, bool isFirst) =>
        $"{At(instruction.Source, Send(instruction, step))} | {At(instruction.Target, Receive(instruction, step, isFirst))}";

    private static string At(InstructionSide side, IEnumerable<string> argv)
    {
        var command = ShellQuoter.Join(argv);
        if (side.SshHostname is not { } host)
            return command;
        var destination = side.SshUser is { } user ? $"{user}@{host}" : host;
        return ShellQuoter.Join(["ssh", "-p", $"{side.SshPort ?? 22}", "--", destination, command]);
    }

    private static List<string> Send(Instruction instruction, InstructionStep step)
    {
        if (step.Token is { } token)
            return ["zfs", "send", "-t", token];
        var source = instruction.Source.Dataset;
        List<string> argv = ["zfs", "send"];
        if (instruction.Flags.Raw)
            argv.Add("-w");
        if (instruction.Flags.LargeBlocks)
            argv.Add("-L");
        if (instruction.Flags.Compressed)
            argv.Add("-c");
        if (instruction.Flags.Embedded)
            argv.Add("-e");
        if (step.Kind != StepKind.Full)
        {
            argv.Add(step.Kind == StepKind.Range ? "-I" : "-i");
            argv.Add($"{source}{(step.FromBookmark ? '#' : '@')}{step.FromName}");
        }
        argv.Add($"{source}@{step.ToName}");
        return argv;
    }

    private static List<string> Receive(Instruction instruction, InstructionStep step, bool isFirst)
    {
        List<string> argv = ["zfs", "receive", "-s", "-u"];
        if (step.Kind == StepKind.Full && isFirst)
        {
            // Only an empty target that the policy allows gets here; without -F zfs would not write into it.
            if (instruction.TargetExists)
                argv.Add("-F");
            foreach (var (name, value) in instruction.ReceiveProperties.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                argv.Add("-o");
                argv.Add($"{name}={value}");
            }
        }
        argv.Add(instruction.Target.Dataset);
        return argv;
    }
}
