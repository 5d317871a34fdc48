using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

public sealed partial class ZfsHost
{
    /// <summary>The command of this host that sends a step, for a pipe.</summary>
    public Command Send(DatasetName source, SendStep step, SendFlags flags) =>
        ZfsCommands.Send(source, step, flags).At(On);

    /// <summary>The command of this host that receives a stream, for a pipe.</summary>
    public Command Receive(DatasetName target, ReceiveOptions options) => ZfsCommands.Receive(target, options).At(On);

    /// <summary>About how many bytes a step sends, by zfs's own estimate; null when it gives none or nonsense (openzfs: tokens overflow).</summary>
    /// <exception cref="ToolException"><see cref="ToolErrorKind.Gone"/> or <see cref="ToolErrorKind.Stale"/>: the step cannot be sent any more.</exception>
    public async Task<ulong?> EstimateAsync(
        DatasetName source,
        SendStep step,
        SendFlags flags,
        CancellationToken cancellation
    )
    {
        var command = ZfsCommands.EstimateSend(source, step, flags);
        var result = Checked(command, await RunAsync(command, cancellation));
        return EstimateParser.Parse(result.Output) ?? EstimateParser.Parse(result.ErrorTail);
    }
}
