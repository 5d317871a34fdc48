using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary>Why a receive got no more bytes.</summary>
internal enum StreamEnd
{
    /// <summary>All there was; short of the end when the other side broke.</summary>
    Eof,

    /// <summary>The receiving process was killed.</summary>
    Killed,

    /// <summary>The next bytes were not what had been sent.</summary>
    Garbled,
}

/// <summary>One <c>zfs receive</c> while its stream arrives.</summary>
internal sealed class ReceiveSession(ZfsCall call, ReceiveRequest request, SendStream? stream)
{
    private int _next;
    private long _partStart = stream?.PackageBytes ?? 0;
    private OpenReceive? _open;
    private readonly List<SimDataset> _unmounted = [];
    private SimDataset? _replaced;
    private string? _top;
    private bool _mountsTop;

    /// <summary>With fewer the kernel gets no further than to look at the target, and before 2.2 not even so far.</summary>
    private const long FirstBytes = 2 * StreamSize.RecordBytes;

    public bool HasFailed { get; private set; }

    /// <summary>zfs looks for it before it reads anything.</summary>
    private bool LacksTarget =>
        (request.DropsTop || request.KeepsTail) && call.Host.FindDataset(request.Target) is null;
    private string NoTarget => $"cannot receive: specified fs ({request.Target}) does not exist";
    private bool IsComplete => stream is not null && _next == stream.Parts.Count;

    /// <summary>So many bytes of the stream are here.</summary>
    public void Advance(long bytes)
    {
        try
        {
            while (!HasFailed && !IsComplete && stream is not null && bytes >= _partStart + FirstBytes)
            {
                var part = stream.Parts[_next];
                if (_open is null && !Open(part))
                {
                    Skip(stream.Parts[_next]);
                    continue;
                }
                if (bytes < _partStart + part.Bytes)
                    return;
                _open!.Complete(part);
                Remount();
                Skip(part);
            }
            if (IsComplete && bytes >= stream!.Bytes)
                MountTop();
        }
        catch (ZfsFailure failure)
        {
            _open?.Abandon(bytes - _partStart);
            _open = null;
            Fail(failure.Message);
        }
    }

    public void End(StreamEnd end, long bytes)
    {
        if (HasFailed || (IsComplete && end != StreamEnd.Garbled && bytes >= stream!.Bytes))
            return;
        if (_open is null && end != StreamEnd.Killed && HasBegun(bytes))
        {
            FailBegun(stream!.Parts[_next]);
            return;
        }
        if (stream is null || _open is null)
        {
            if (end != StreamEnd.Killed)
                Fail(
                    LacksTarget ? NoTarget
                    : stream is null && end == StreamEnd.Garbled ? "cannot receive: invalid stream (bad magic number)"
                    : "cannot receive: failed to read from stream"
                );
            return;
        }
        var dataset = _open.Abandon(bytes - _partStart);
        var action = _open.Checks;
        _open = null;
        if (end == StreamEnd.Killed)
            return;
        var why = end == StreamEnd.Garbled ? "checksum mismatch" : "incomplete stream";
        Fail(
            dataset?.Partial is { } partial
                ? action
                    .Failure(
                        "checksum mismatch or incomplete stream.\nPartially received snapshot is saved.\n"
                            + $"A resuming stream can be generated on the sending system by running:\n    zfs send -t {partial.Token}"
                    )
                    .Message
                : action.Failure(why).Message
        );
    }

    private bool HasBegun(long bytes) =>
        stream is not null && !IsComplete && bytes >= _partStart + StreamSize.RecordBytes;

    /// <summary>Since 2.2 the kernel looks at the target before it reads on, unless the first record says how.</summary>
    private bool ReadsOnFirst(StreamPart part) =>
        part.Begin.IsRaw || part.Begin.ResumeBytes is not null || !call.Host.Release.IsAtLeast(2, 2);

    /// <summary>There is the first record of a part, and nothing else.</summary>
    private void FailBegun(StreamPart part)
    {
        try
        {
            var checks = ChecksOf(part, out var target);
            checks.CheckCommand(target);
            _top ??= checks.Path;
            if (!ReadsOnFirst(part) && !checks.CheckKernel(target))
                throw Unread(checks.Destination);
            if (target is null && request.IsResumable)
                call.Complain($"cannot open '{checks.Path}': dataset does not exist");
            Fail(
                checks
                    .Failure(target is null && request.IsResumable ? "invalid backup stream" : "incomplete stream")
                    .Message
            );
        }
        catch (ZfsFailure failure)
        {
            Fail(failure.Message);
        }
    }

    private ReceiveChecks ChecksOf(StreamPart part, out SimDataset? target)
    {
        if (LacksTarget)
            throw new ZfsFailure(NoTarget);
        var destination = DestinationOf(part.Begin);
        target = call.Host.FindDataset(destination[..destination.IndexOf('@', StringComparison.Ordinal)]);
        return new ReceiveChecks(
            call,
            request,
            part.Begin,
            destination,
            request.InheritsEncryption(stream!, part.Begin, IsTop(destination))
        );
    }

    /// <summary>Of several datasets in a stream, the one that arrives first.</summary>
    private bool IsTop(string destination) =>
        _top is null || destination.StartsWith($"{_top}@", StringComparison.Ordinal);

    /// <summary>
    /// An increment whose dataset was not named on the command line, and is not there, goes to where its base is.
    /// </summary>
    private string DestinationOf(StreamBegin begin)
    {
        var destination = request.SnapshotFor(stream!, begin);
        HostState.TrySplit(destination, '@', out var path, out var name);
        var isNamed = !request.DropsTop && !request.KeepsTail && begin.SourceDataset == stream!.TopDataset;
        var needsBase = !begin.IsFull && (!begin.IsClone || begin.ResumeBytes is not null);
        return
            needsBase
            && !isNamed
            && call.Host.FindDataset(path!) is null
            && NearestByGuid.Snapshot(call.Host, path!, begin.FromGuid) is { } from
            ? $"{from.Owner.FullName}@{name}"
            : destination;
    }

    private void Fail(string text)
    {
        HasFailed = true;
        call.Complain(text);
        Remount();
        // After a raw list zfs looks at the encryption roots, since 2.2 of what is there.
        if (
            stream is { Package: not null, IsRaw: true }
            && call.Host.Release.IsAtLeast(2, 2)
            && _top is not null
            && call.Host.FindDataset(_top) is null
        )
            call.Complain($"cannot open '{_top}': dataset does not exist");
    }

    /// <summary>When all is here: a new dataset, or with a list of datasets any, and what is below it.</summary>
    private void MountTop()
    {
        if (_mountsTop && !request.IsUnmounted && call.Host.FindDataset(_top!) is { IsVolume: false } top)
            MountCommands.MountAfterReceive(call, top);
        _mountsTop = false;
    }

    private void Unmount(SimDataset target)
    {
        _replaced = target;
        foreach (var dataset in target.Subtree.Where(each => each.IsMounted))
        {
            dataset.IsMounted = false;
            _unmounted.Add(dataset);
        }
    }

    /// <summary>What was mounted before, unless nothing is to be mounted.</summary>
    private void Remount()
    {
        if (_replaced is not null && !request.IsUnmounted)
            Mountpoints.RemoveDirectory(call.Host, _replaced);
        _replaced = null;
        foreach (var dataset in _unmounted.Where(each => !request.IsUnmounted && each.IsKeyLoaded))
            Mountpoints.MountAgain(call, dataset);
        _unmounted.Clear();
    }

    private void Skip(StreamPart part)
    {
        _partStart += part.Bytes;
        _next++;
        _open = null;
    }

    /// <summary>False when the snapshot is there already, and the part is passed over.</summary>
    private bool Open(StreamPart part)
    {
        var checks = ChecksOf(part, out var target);
        var (destination, path) = (checks.Destination, checks.Path);
        if (stream!.IsReplication && request.IsForced && _next == 0 && !part.Begin.IsFull)
            DropForeign(stream);
        checks.CheckCommand(target);
        if (target is null && request.DropsTop)
            MakeParents(path);
        if (request.IsVerbose)
        {
            var kind = part.Begin.IsFull ? "full" : "incremental";
            call.Print(
                $"{(request.IsDryRun ? "would receive" : "receiving")} {kind} stream of {part.Begin.ToName} into {destination}"
            );
        }
        if (request.IsDryRun)
            return false;
        _top ??= path;
        _mountsTop |= target is null or { IsInconsistent: true } || stream!.Package is { Count: > 0 };
        if (checks.Unmounts(target))
            Unmount(target!);
        if (!checks.CheckKernel(target))
        {
            if (request.IsVerbose)
                call.Print($"snap {destination} already exists; ignoring");
            PassOver(part, destination);
            return false;
        }
        _open = OpenReceive.Start(call, request, stream, part, checks, destination, IsTop(destination));
        return true;
    }

    /// <summary>
    /// zfs passes over what is there already up to the next end. The kernel may have read the end of an empty increment.
    /// </summary>
    private void PassOver(StreamPart part, string destination)
    {
        var hasReadEnd =
            part.Bytes <= 2 * StreamSize.RecordBytes && (part.Begin.IsRaw || !call.Host.Release.IsAtLeast(2, 2));
        if (!hasReadEnd)
            return;
        if (_next < stream!.Parts.Count - 1)
            Skip(part);
        else
            throw Unread(destination);
    }

    /// <summary>What is there already was to be passed over.</summary>
    private ZfsFailure Unread(string destination) =>
        new(
            stream!.Package is null
                ? $"cannot receive: failed to read from stream\ncannot restore to {destination}: destination already exists"
                : "cannot receive: failed to read from stream"
        );

    /// <summary>With an increment of -R and with -F, what the source no longer has goes: snapshots, and datasets that it sent before.</summary>
    private void DropForeign(SendStream replication)
    {
        var top = TargetOf(replication, replication.TopDataset);
        var packages = replication.Package!.ToDictionary(
            package => TargetOf(replication, package.Name),
            StringComparer.Ordinal
        );
        foreach (var dataset in call.Host.FindDataset(top)?.Subtree.Reverse().ToList() ?? [])
        {
            var kept = packages.GetValueOrDefault(dataset.FullName)?.SnapshotGuids ?? [];
            var foreign = dataset.Snapshots.Where(snapshot => !kept.Contains(snapshot.Guid)).ToList();
            foreign.ForEach(call.Host.Remove);
            if (!packages.ContainsKey(dataset.FullName) && foreign.Count > 0)
                DestroyCommand.Remove(call.Host, dataset);
        }
    }

    private string TargetOf(SendStream replication, string dataset) =>
        request.SnapshotFor(replication, new StreamBegin(0, 0, dataset + "@")).TrimEnd('@');

    private void MakeParents(string path)
    {
        var parts = path.Split('/');
        for (var depth = request.Target.Split('/').Length + 1; depth < parts.Length; depth++)
        {
            var parent = call.Host.FindDataset(string.Join('/', parts[..(depth - 1)]));
            if (parent is not null && !parent.Children.ContainsKey(parts[depth - 1]))
                DatasetCreation.Make(call.Host, parent, parts[depth - 1]);
        }
    }
}
