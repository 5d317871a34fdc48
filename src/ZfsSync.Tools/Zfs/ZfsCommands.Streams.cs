using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

public static partial class ZfsCommands
{
    /// <summary><c>zfs send</c> of one step of a plan.</summary>
    public static Command Send(DatasetName source, SendStep step, SendFlags flags) =>
        Zfs(["send", .. SendArguments(source, step, flags)]);

    /// <summary><c>zfs send -nvP</c>: what the step would send, without sending.</summary>
    public static Command EstimateSend(DatasetName source, SendStep step, SendFlags flags) =>
        Zfs(["send", "-nvP", .. SendArguments(source, step, flags)]);

    /// <summary><c>zfs receive -s -u</c>: never mounts; keeps a partial receive; never rolls back.</summary>
    public static Command Receive(DatasetName target, ReceiveOptions options) =>
        Zfs([
            "receive",
            .. options.Resumable ? (string[])["-s"] : [],
            "-u",
            .. options.IntoEmptyExisting ? (string[])["-F"] : [],
            .. options
                .Set.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .SelectMany(pair => (string[])["-o", $"{pair.Key}={pair.Value}"]),
            .. options.Exclude.SelectMany(name => (string[])["-x", name]),
            target.Value,
        ]);

    /// <summary><c>zfs receive -A</c>: forgets a partial receive, with what had arrived of it.</summary>
    public static Command AbortReceive(DatasetName target) => Zfs("receive", "-A", target.Value);

    private static IEnumerable<string> SendArguments(DatasetName source, SendStep step, SendFlags flags) =>
        step switch
        {
            SendStep.Full full => [.. FlagArguments(flags), $"{source}@{full.To.Label}"],
            SendStep.Incremental { From: var from, To: var to } =>
            [
                .. FlagArguments(flags),
                "-i",
                $"{source}{(from.IsBookmark ? '#' : '@')}{from.Label}",
                $"{source}@{to.Label}",
            ],
            SendStep.Range range =>
            [
                .. FlagArguments(flags),
                "-I",
                $"{source}@{range.From.Label}",
                $"{source}@{range.Arriving[^1].Label}",
            ],
            // The token carries the flags; zfs refuses some of them beside it.
            SendStep.Resume resume => ["-t", resume.Token.Text],
            _ => throw new ArgumentException($"No command for a step of kind {step.GetType().Name}.", nameof(step)),
        };

    private static IEnumerable<string> FlagArguments(SendFlags flags)
    {
        if (flags.Raw)
            yield return "-w";
        if (flags.LargeBlocks)
            yield return "-L";
        if (flags.Compressed)
            yield return "-c";
        if (flags.Embedded)
            yield return "-e";
    }
}
