using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary>What zfs checks before it takes the first byte of a snapshot, in its order and its words.</summary>
internal sealed class ReceiveChecks(
    ZfsCall call,
    ReceiveRequest request,
    StreamBegin begin,
    string destination,
    bool inheritsEncryption
)
{
    private readonly string _path = destination[..destination.IndexOf('@', StringComparison.Ordinal)];
    private readonly string _snapshotName = destination[(destination.IndexOf('@', StringComparison.Ordinal) + 1)..];

    private bool IsResuming => begin.ResumeBytes is not null;
    private bool WantsNew => (begin.IsFull || begin.IsClone) && !IsResuming;

    private string Action =>
        WantsNew ? "cannot receive new filesystem stream"
        : IsResuming ? "cannot receive resume stream"
        : "cannot receive incremental stream";

    public ZfsFailure Failure(string why) => new($"{Action}: {why}");

    /// <summary>Whether the snapshot is there already, so that the part is only skipped.</summary>
    public bool IsAlreadyThere(SimDataset? target) =>
        target?.Snapshots.Exists(snapshot => snapshot.Guid == begin.ToGuid) == true
        && target.FindSnapshot(_snapshotName) is not null;

    /// <exception cref="ZfsFailure">zfs would refuse.</exception>
    public void Check(SimDataset? target)
    {
        if (HostState.NameFault(destination) is not null)
            throw new ZfsFailure("cannot receive: invalid name");
        if (target is null)
            CheckParent();
        else
            CheckExisting(target);
    }

    private void CheckParent()
    {
        var slash = _path.LastIndexOf('/');
        if (!WantsNew || slash < 0)
            throw Failure($"destination '{_path}' does not exist");
        var parentPath = _path[..slash];
        if (call.Host.FindDataset(parentPath) is not { } parent)
        {
            call.Complain($"cannot open '{parentPath}': dataset does not exist");
            throw Failure("unable to restore to destination");
        }
        if (parent.IsVolume)
            throw Failure($"parent '{parentPath}' is not a filesystem");
        if (!call.May(parent, "receive", "mount", "create"))
            throw Failure("permission denied");
        if (!begin.IsRaw && inheritsEncryption && !parent.IsKeyLoaded)
            throw Failure("inherited key must be loaded");
        if (begin.HasEmbedded && inheritsEncryption && parent.Encryption is not null)
            throw Invalid();
    }

    /// <summary>Whether so many more bytes fit.</summary>
    public void CheckSpace(SimDataset target, long bytes)
    {
        if (target.Pool.FreeBytes < bytes)
            throw Failure("out of space");
        if (
            target.SelfAndAncestors.Any(level =>
                level.QuotaBytes is > 0 and var quota && SpaceUsage.UsedBytes(level) + bytes > quota
            )
        )
            throw Failure($"destination {_path} space quota exceeded.");
    }

    private void CheckExisting(SimDataset target)
    {
        if (WantsNew)
            CheckOverwrite(target);
        if (!WantsNew && !IsResuming && begin.IsRaw && target.Encryption is null)
            throw Failure("cannot perform raw receive on top of existing unencrypted dataset");
        if (!call.May(target, "receive", "mount", "create"))
            throw Failure("permission denied");
        if (IsResuming)
            CheckResumed(target);
        else
            CheckIncrement(target);
    }

    private void CheckOverwrite(SimDataset target)
    {
        if (!request.IsForced)
            throw Failure($"destination '{_path}' exists\nmust specify -F to overwrite it");
        if (target.Snapshots.Count > 0)
            throw Failure(
                $"destination has snapshots (eg. {target.Snapshots[0].FullName})\nmust destroy them to overwrite it"
            );
        if (target.Encryption is not null || begin.IsRaw)
        {
            throw Failure(
                "zfs receive -F cannot be used to destroy an encrypted filesystem or overwrite an unencrypted one with an encrypted one"
            );
        }
    }

    private void CheckResumed(SimDataset target)
    {
        var saysSo = call.Host.Release.IsAtLeast(2, 2);
        if (saysSo && begin.IsFull && !request.IsForced && target is { Partial: null, IsInconsistent: false })
            throw Failure($"Resuming recv on existing destination '{_path}'\nmust specify -F to overwrite it");
        if (
            target.Partial is not { } partial
            || partial.Begin.ToGuid != begin.ToGuid
            || partial.ReceivedBytes != begin.ResumeBytes
        )
            throw Invalid();
        if (target.IsReceiving)
            throw Failure("dataset is busy");
    }

    private void CheckIncrement(SimDataset target)
    {
        if (target.Partial is not null)
            throw Failure($"destination {_path} contains partially-complete state from \"zfs receive -s\".");
        if (target.FindSnapshot(_snapshotName) is { } clash && !(request.IsForced && IsLater(target, clash)))
            throw new ZfsFailure($"cannot restore to {destination}: destination already exists");
        if (begin.IsFull)
            return;
        if (begin.HasEmbedded && target.Encryption is not null)
            throw Invalid();
        if (target.Snapshots.Find(snapshot => snapshot.Guid == begin.FromGuid) is not { } from)
            throw Failure($"most recent snapshot of {_path} does not\nmatch incremental source");
        if (!request.IsForced && IsModifiedSince(target, from))
            throw Failure($"destination {_path} has been modified\nsince most recent snapshot");
        var later = target.Snapshots.SkipWhile(snapshot => snapshot != from).Skip(1);
        if (request.IsForced && later.Any(snapshot => snapshot.HoldSecondsByTag.Count > 0 || snapshot.Readers > 0))
            throw Failure("dataset is busy");
        CheckLineage(target, from);
    }

    /// <summary>zfs has one error for many streams that do not fit, and guesses why.</summary>
    private ZfsFailure Invalid() =>
        Failure(
            begin is { HasEmbedded: true, IsRaw: false }
                ? "incompatible embedded data stream feature with encrypted receive."
            : request.IsResumable ? "kernel modules must be upgraded to receive this stream."
            : "invalid backup stream"
        );

    /// <summary>After the base: -F takes it away.</summary>
    private bool IsLater(SimDataset target, SimSnapshot snapshot) =>
        target.Snapshots.SkipWhile(each => each.Guid != begin.FromGuid).Skip(1).Contains(snapshot);

    /// <summary>Later snapshots without data are no change, save for a raw stream.</summary>
    private bool IsModifiedSince(SimDataset target, SimSnapshot from) =>
        begin.IsRaw && target.Newest != from
        || target.ModifiedTxg > (target.Newest?.CreateTxg ?? 0)
        || !ReferenceEquals(target.Newest!.Files, from.Files);

    private void CheckLineage(SimDataset target, SimSnapshot from)
    {
        if (begin.IsRaw && begin.FromIvSetGuid != from.IvSetGuid)
        {
            throw Failure(
                "IV set guid mismatch. See the 'zfs receive' man page section\n discussing the limitations of raw encrypted send streams."
            );
        }
        if (!begin.IsRaw && target.Encryption is not null && !target.IsKeyLoaded)
            throw Failure("inherited key must be loaded");
        if (target.HasLargeBlocks && !begin.HasLargeBlocks)
            throw Failure("incremental send stream requires -L (--large-block), to match previous receive.");
    }
}
