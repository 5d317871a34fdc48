using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs receive -A</c>; a receive of a stream is a <see cref="ReceiveSession"/>.</summary>
internal static class ReceiveCommand
{
    public static void Abort(ZfsCall call, ReceiveRequest request)
    {
        if (call.Host.FindDataset(request.Target) is not { } dataset)
            throw ZfsFailure.Usage($"cannot open '{request.Target}': dataset does not exist", "receive");
        if (dataset.Partial is null)
            throw new ZfsFailure($"'{request.Target}' does not have any resumable receive state to abort");
        var hidden = $"{request.Target}{(dataset.IsInconsistent ? "" : SimDataset.HiddenSuffix)}";
        if (!call.May(dataset, "destroy", "mount"))
            throw new ZfsFailure($"cannot destroy '{hidden}': permission denied");
        if (dataset.IsReceiving)
            throw new ZfsFailure($"cannot destroy '{hidden}': dataset is busy");
        if (dataset is { IsInconsistent: true, Children.Count: > 0 })
            throw new ZfsFailure($"cannot destroy '{request.Target}': dataset already exists");
        if (dataset.IsInconsistent)
            DestroyCommand.Remove(call.Host, dataset);
        else
            call.Host.DropPartial(dataset);
    }
}
