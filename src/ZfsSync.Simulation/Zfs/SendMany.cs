using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs send</c> with -I or -R: several snapshots, and with -R several datasets.</summary>
internal static class SendMany
{
    public static SendStream? Build(ZfsCall call, SendRequest request, SimDataset top, string toName)
    {
        var fromName = FromName(request, top);
        if (top.FindSnapshot(toName) is null)
            throw new ZfsFailure($"cannot open '{top.FullName}@{toName}': dataset does not exist");
        if (fromName is not null && top.FindSnapshot(fromName) is null)
            throw new ZfsFailure($"cannot open '{top.FullName}@{fromName}': dataset does not exist");
        List<SimDataset> sent = request.IsReplication ? [.. Sent(top, toName, ulong.MaxValue)] : [top];
        if (sent.Select(each => WhyNot(request, each, toName)).FirstOrDefault(why => why is not null) is { } fault)
        {
            throw new ZfsFailure(
                $"cannot send {top.FullName}@{toName}{fault}\nwarning: cannot send '{top.FullName}@{toName}': backup failed"
            );
        }
        var datasets = InSendOrder(sent);
        // zfs holds the snapshots of such a stream while it is sent.
        if (!request.IsDryRun && !call.May(top, "send", "hold"))
            throw new ZfsFailure($"cannot hold: permission denied\ncannot send '{top.FullName}': permission denied");
        var parts = new List<(StreamPart Part, SimNode? From)>();
        foreach (var dataset in datasets)
            AddParts(call, request, dataset, fromName, toName, parts);
        SendCommand.Estimate(call, request, parts);
        if (parts.Count == 0)
            return null;
        var package = request.IsListed
            ? datasets.ConvertAll(dataset => StreamParts.Package(request, dataset, dataset.Snapshots))
            : [];
        return new SendStream(top.FullName, [.. parts.Select(part => part.Part)])
        {
            Package = package,
            IsReplication = request.IsReplication,
            IsRaw = request.IsRaw,
        };
    }

    /// <summary>Why one of the datasets cannot be sent; null when it can.</summary>
    private static string? WhyNot(SendRequest request, SimDataset dataset, string toName) =>
        dataset.FindSnapshot(toName) is null
            ? $"{(request.IsReplication ? " recursively" : "")}: snapshot {dataset.FullName}@{toName} does not exist"
        : request is { IsListed: true, IsRaw: false } && dataset.Encryption is not null
            ? $": encrypted dataset {dataset.FullName} may not be sent with properties without the raw flag"
        : null;

    /// <summary>The base's short name; null for a full send, and when the base is the dataset's origin.</summary>
    private static string? FromName(SendRequest request, SimDataset top)
    {
        if (request.From is not { } from || string.Equals(top.Origin?.FullName, from, StringComparison.Ordinal))
            return null;
        if (!HostState.TrySplit(from, '@', out var path, out var name))
            name = from;
        if (path is { Length: > 0 } && path != top.FullName)
            throw ZfsFailure.Usage("incremental source must be in same filesystem", "send");
        return name;
    }

    /// <summary>Parents first, and a clone after the dataset of its origin.</summary>
    private static List<SimDataset> InSendOrder(IEnumerable<SimDataset> datasets)
    {
        var all = datasets.ToList();
        return [.. all.OrderBy(dataset => Origins(dataset).Count(all.Contains))];
    }

    /// <summary>A dataset without the last snapshot that is younger than the one above has it is left out, with all below.</summary>
    private static IEnumerable<SimDataset> Sent(SimDataset dataset, string toName, ulong txgAbove)
    {
        var last = dataset.FindSnapshot(toName)?.CreateTxg;
        return last is null && dataset.CreateTxg > txgAbove
            ? []
            : dataset.Children.Values.SelectMany(child => Sent(child, toName, last ?? txgAbove)).Prepend(dataset);
    }

    private static IEnumerable<SimDataset> Origins(SimDataset dataset)
    {
        for (var origin = dataset.Origin?.Owner; origin is not null; origin = origin.Origin?.Owner)
            yield return origin;
    }

    private static void AddParts(
        ZfsCall call,
        SendRequest request,
        SimDataset dataset,
        string? fromName,
        string toName,
        List<(StreamPart Part, SimNode? From)> parts
    )
    {
        var to = dataset.FindSnapshot(toName)!;
        SendCommand.Refuse(request, to);
        var from = fromName is null ? null : dataset.FindSnapshot(fromName);
        SimNode? previous = from ?? (SimNode?)dataset.Origin;
        var first = from is null ? 0 : dataset.Snapshots.IndexOf(from) + 1;
        var last = dataset.Snapshots.IndexOf(to);
        if (first > last)
        {
            var why = from == to || request.IsReplication ? "is not earlier than it" : "does not exist";
            call.Complain(
                $"WARNING: could not send {dataset.FullName}@{toName}:\nincremental source ({dataset.FullName}@{fromName}) {why}"
            );
            return;
        }
        var isEvery = request.IsAllBetween || (request.IsReplication && request.From is null);
        for (var at = isEvery ? first : Math.Max(first, last); at <= last; at++)
        {
            var snapshot = dataset.Snapshots[at];
            var isClone = previous is SimSnapshot origin && origin.Owner != dataset;
            parts.Add((StreamParts.Between(request, snapshot, previous, isClone), previous));
            previous = snapshot;
        }
    }
}
