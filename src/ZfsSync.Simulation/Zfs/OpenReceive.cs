using System.Collections.Immutable;
using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary>A snapshot that is arriving in a dataset.</summary>
internal sealed class OpenReceive
{
    private const long BlockBytes = 131_072 + StreamSize.RecordBytes;

    private readonly ZfsCall _call;
    private readonly ReceiveRequest _request;
    private readonly SendStream _stream;
    private readonly StreamBegin _begin;
    private readonly SimDataset _dataset;
    private readonly string _snapshotName;
    private readonly bool _isTop;

    /// <summary>A dataset that this receive made has its properties before its first byte.</summary>
    private readonly bool _hasProperties;
    private readonly ulong? _onto;

    private OpenReceive(
        ZfsCall call,
        ReceiveRequest request,
        SendStream stream,
        StreamBegin begin,
        SimDataset dataset,
        string snapshotName,
        bool isCreated,
        bool isTop,
        ReceiveChecks checks
    )
    {
        (_call, _request, _stream, _begin) = (call, request, stream, begin);
        (_dataset, _snapshotName, _isTop, Checks) = (dataset, snapshotName, isTop, checks);
        _onto = dataset.Partial is { } rest ? rest.Onto : dataset.Newest?.Guid;
        dataset.Receiving = begin;
        if (isCreated)
            ReceivedProperties.Apply(call, request, stream, begin, dataset, isTop);
        _hasProperties = isCreated;
        if (request.IsResumable)
            dataset.Partial ??= new PartialReceive(begin, _onto, 0);
    }

    public ReceiveChecks Checks { get; }

    public static OpenReceive Start(
        ZfsCall call,
        ReceiveRequest request,
        SendStream stream,
        StreamPart part,
        ReceiveChecks checks,
        string destination,
        bool isTop
    )
    {
        HostState.TrySplit(destination, '@', out var path, out var name);
        var begin = part.Begin;
        var existing = call.Host.FindDataset(path!);
        if (begin.ResumeBytes is not null && existing?.Partial is { } partial)
            begin = partial.Begin;
        var dataset = existing ?? Create(call, request, stream, begin, checks, path!, isTop);
        return new OpenReceive(call, request, stream, begin, dataset, name!, existing is null, isTop, checks);
    }

    private static SimDataset Create(
        ZfsCall call,
        ReceiveRequest request,
        SendStream stream,
        StreamBegin begin,
        ReceiveChecks checks,
        string path,
        bool isTop
    )
    {
        var slash = path.LastIndexOf('/');
        var parent = call.Host.FindDataset(path[..slash])!;
        var dataset = call.Host.AddDataset(parent, path[(slash + 1)..], begin.IsVolume);
        dataset.IsInconsistent = true;
        if (begin.IsClone && checks.Origin() is { } origin)
            DatasetCreation.MakeClone(dataset, origin);
        else if (begin.Key is { } key)
        {
            // A raw replica is its own encryption root, and its key is not here; below the top of a tree, the source's
            // roots stay the roots.
            var isNamed = !stream.IsReplication || begin.SourceDataset == stream.TopDataset;
            var isRoot = key.IsRoot || isNamed || parent.Encryption is null;
            dataset.Encryption = new SimEncryption
            {
                Suite = key.Suite,
                MasterKey = key.MasterKey,
                Root = isRoot ? new WrappingKey(key.Format, "prompt", key.Secret) : null,
            };
        }
        else if (isTop && request.Property("encryption") is { } suite && suite != "off")
        {
            EncryptionKeys.MakeRoot(call.Host, dataset, suite, request.Property);
        }
        else if (parent.Encryption is { } inherited && request.InheritsEncryption(stream, begin, isTop))
        {
            dataset.Encryption = new SimEncryption { Suite = inherited.Suite, MasterKey = call.Host.NewGuid() };
        }
        return dataset;
    }

    /// <summary>All of it is here: the head becomes the snapshot.</summary>
    public void Complete(StreamPart part)
    {
        var txg = _dataset.Pool.NextTxg();
        Checks.CheckEnd(_dataset, _onto, part.Bytes);
        RollBackToBase();
        _dataset.Files = Adopt(part.Files, txg);
        _dataset.VolumeBytes = part.VolumeBytes;
        _dataset.ModifiedTxg = txg;
        _dataset.IsInconsistent = false;
        _call.Host.DropPartial(_dataset);
        _dataset.HasLargeBlocks |= _begin.HasLargeBlocks;
        var snapshot = new SimSnapshot(_dataset, _snapshotName)
        {
            Guid = part.Begin.ToGuid,
            CreateTxg = txg,
            Creation = part.Begin.Creation,
            Files = _dataset.Files,
            VolumeBytes = part.VolumeBytes,
            IvSetGuid =
                _begin.IsRaw ? part.Begin.IvSetGuid
                : _dataset.Encryption is null ? 0
                : _call.Host.NewGuid(),
        };
        _call.Host.Append(_dataset, snapshot);
        if (!_hasProperties)
            ReceivedProperties.Apply(_call, _request, _stream, part.Begin, _dataset, _isTop);
        ReceivedProperties.Apply(_call, _request, _stream, part.Begin, snapshot);
        if (_request.IsVerbose)
            _call.Print(
                $"received {ZfsNumbers.Short(part.Bytes)} stream in {(_call.Host.Release.IsAtLeast(2, 2) ? "1.00" : "1")} seconds ({ZfsNumbers.Short(part.Bytes)}/sec)"
            );
    }

    /// <summary>The stream ended early. What stays is in the dataset's partial state, or nothing.</summary>
    /// <returns>The dataset, when it still exists.</returns>
    public SimDataset? Abandon(long bytes)
    {
        if (_request.IsResumable)
        {
            _dataset.Receiving = null;
            // What came since the last whole block counts for nothing.
            var received =
                Math.Max(0, bytes - StreamSize.RecordBytes) / BlockBytes * BlockBytes + _dataset.Partial!.ReceivedBytes;
            _dataset.Partial = new PartialReceive(_begin with { ResumeBytes = null }, _onto, received);
            return _dataset;
        }
        if (!_dataset.IsInconsistent)
        {
            _call.Host.DropPartial(_dataset);
            return _dataset;
        }
        DestroyCommand.Drop(_call.Host, _dataset);
        return null;
    }

    /// <summary>With -F, what came after the base goes; without it there was nothing.</summary>
    private void RollBackToBase()
    {
        if (!_request.IsForced || _begin.IsFull)
            return;
        var from = _dataset.Snapshots.FindIndex(snapshot => snapshot.Guid == _begin.FromGuid);
        foreach (var later in _dataset.Snapshots.Skip(from + 1).ToList())
            _call.Host.Remove(later);
    }

    /// <summary>What did not change keeps its blocks; the rest is written now. A raw stream always writes the head anew.</summary>
    private ImmutableSortedDictionary<string, FileVersion> Adopt(
        ImmutableSortedDictionary<string, FileVersion> files,
        ulong txg
    )
    {
        var before = Base?.Files ?? _dataset.Files;
        if (
            Base is not null
            && !_begin.IsRaw
            && before.Count == files.Count
            && files.All(file => IsOwn(file.Key, file.Value))
        )
            return before;
        return files
            .Select(file =>
                IsOwn(file.Key, file.Value)
                    ? new KeyValuePair<string, FileVersion>(file.Key, before[file.Key])
                    : new(file.Key, file.Value with { BirthTxg = txg })
            )
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

        bool IsOwn(string path, FileVersion file) =>
            before.TryGetValue(path, out var own) && own.Content == file.Content;
    }

    /// <summary>What the stream starts from, here.</summary>
    private SimSnapshot? Base =>
        _begin.IsClone ? _dataset.Origin : _dataset.Snapshots.Find(snapshot => snapshot.Guid == _begin.FromGuid);
}
