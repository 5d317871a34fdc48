using System.Globalization;
using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs send</c>: checks, prints what -v and -P print, and gives the stream.</summary>
internal static class SendCommand
{
    /// <returns>The stream; null when there is none (a dry run, or a failure that the call tells of).</returns>
    public static SendStream? Run(ZfsCall call)
    {
        var request = SendRequest.Parse(call);
        var stream = request.Token is { } token ? SendResume.Build(call, request, token) : Build(call, request);
        return request.IsDryRun ? null : stream;
    }

    private static SendStream? Build(ZfsCall call, SendRequest request)
    {
        if (!request.IsReplication && !request.IsAllBetween)
            return SendOne(call, request);
        if (request.From?.Contains('#', StringComparison.Ordinal) == true)
            throw new ZfsFailure("Error: multiple snapshots cannot be sent from a bookmark.");
        if (!HostState.TrySplit(request.Target, '@', out var path, out var name))
            throw new ZfsFailure("Error: Unsupported flag with filesystem or bookmark.");
        return SendMany.Build(call, request, call.OpenDataset(path), name);
    }

    private static SendStream? SendOne(ZfsCall call, SendRequest request)
    {
        if (request.Target.Contains('#', StringComparison.Ordinal))
            throw new ZfsFailure($"cannot open '{request.Target}': bookmark delimiter '#' is not expected here");
        var target = call.OpenNode(request.Target);
        var from = request.From is { } text ? OpenBase(call, request, target, text) : null;
        if (!request.IsDryRun && !call.May(target.Owner, "send"))
            throw new ZfsFailure($"warning: cannot send '{request.Target}': permission denied");
        Refuse(request, target);
        var part = StreamParts.Between(
            request,
            target as SimSnapshot ?? Head(target.Owner),
            from,
            isClone: from is SimSnapshot base1 && base1.Owner != target.Owner
        );
        Estimate(call, request, [(part, from)]);
        var package =
            request.HasProperties || request.HasHolds
                ? new[] { StreamParts.Package(request, target.Owner, [target]) }
                : null;
        return new SendStream(target.Owner.FullName, [part]) { Package = package, IsRaw = request.IsRaw };
    }

    /// <summary>A dataset without a snapshot's name is sent as it is now.</summary>
    private static SimSnapshot Head(SimDataset dataset) =>
        new(dataset, "--head--")
        {
            Guid = dataset.Guid,
            CreateTxg = dataset.Pool.Txg,
            Creation = dataset.Creation,
            Files = dataset.Files,
        };

    private static SimNode OpenBase(ZfsCall call, SendRequest request, SimNode target, string text)
    {
        if (text.IndexOfAny(['@', '#']) < 0)
        {
            call.Warn(
                "Warning: incremental source didn't specify type, assuming snapshot. Use '@' or '#' prefix to avoid ambiguity."
            );
            text = "@" + text;
        }
        var name = text[0] is '@' or '#' ? target.Owner.FullName + text : text;
        if (call.Host.FindNode(name) is not { } node)
        {
            throw name.Contains('#', StringComparison.Ordinal)
                ? new ZfsFailure($"warning: cannot send '{request.Target}': incremental source ({name}) does not exist")
                : new ZfsFailure($"cannot open '{name}': dataset does not exist");
        }
        return IsBefore(node, target)
            ? node
            : throw new ZfsFailure(
                $"warning: cannot send '{request.Target}': not an earlier snapshot from the same fs"
            );
    }

    /// <summary>Of the same dataset or of one it was cloned from, and older.</summary>
    internal static bool IsBefore(SimNode from, SimNode to)
    {
        var limit = to is SimDataset ? ulong.MaxValue : to.CreateTxg;
        for (var dataset = to.Owner; dataset is not null; dataset = dataset.Origin?.Owner)
        {
            if (from.Owner == dataset)
                return from.CreateTxg < limit || (dataset != to.Owner && from.CreateTxg <= limit);
            limit = dataset.Origin?.CreateTxg ?? 0;
        }
        return false;
    }

    internal static void Refuse(SendRequest request, SimNode target)
    {
        var dataset = target.Owner;
        if (dataset.Encryption is null || request.IsRaw)
            return;
        if (request.IsListed)
        {
            throw new ZfsFailure(
                $"cannot send {target.FullName}: encrypted dataset {dataset.FullName} may not be sent with properties without the raw flag\n"
                    + $"warning: cannot send '{target.FullName}': backup failed"
            );
        }
        if (!dataset.IsKeyLoaded)
            throw new ZfsFailure($"warning: cannot send '{target.FullName}': dataset key must be loaded");
    }

    /// <summary>What -nv, -nP, -v and -P print first.</summary>
    internal static void Estimate(
        ZfsCall call,
        SendRequest request,
        IReadOnlyList<(StreamPart Part, SimNode? From)> parts
    )
    {
        if (!request.IsVerbose)
            return;
        var print = request.IsDryRun ? (Action<string>)call.Print : call.Warn;
        long total = 0;
        foreach (var (part, from) in parts)
        {
            var bytes = StreamSize.Estimate(StreamParts.FilesOf(from), part.Files) - (part.Begin.ResumeBytes ?? 0);
            bytes = Math.Max(bytes, 2 * StreamSize.RecordBytes);
            total += bytes;
            print(Line(request, part.Begin, from, bytes));
        }
        print(request.IsParsable ? $"size\t{total}" : $"total estimated size is {ZfsNumbers.Short(total)}");
    }

    private static string Line(SendRequest request, StreamBegin begin, SimNode? from, long bytes)
    {
        var size = request.IsParsable ? bytes.ToString(CultureInfo.InvariantCulture) : ZfsNumbers.Short(bytes);
        if (request.IsParsable)
            return from is null
                ? $"full\t{begin.ToName}\t{size}"
                : $"incremental\t{BaseName(request, begin, from)}\t{begin.ToName}\t{size}";
        return from is null
            ? $"full send of {begin.ToName} estimated size is {size}"
            : $"send from {BaseName(request, begin, from)} to {begin.ToName} estimated size is {size}";
    }

    /// <summary>In a stream of several, a base of the same dataset is named without it.</summary>
    private static string BaseName(SendRequest request, StreamBegin begin, SimNode from)
    {
        var isShort = request.IsReplication || request.IsAllBetween;
        if (!isShort || from is not SimSnapshot snapshot || from.Owner.FullName != begin.SourceDataset)
            return from.FullName;
        return request.IsParsable ? snapshot.Name : "@" + snapshot.Name;
    }
}
