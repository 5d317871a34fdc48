using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary>
/// What zfs checks before it takes the first byte of a snapshot, in its order and its words: the command first, then the
/// kernel.
/// </summary>
internal sealed class ReceiveChecks(
    ZfsCall call,
    ReceiveRequest request,
    StreamBegin begin,
    string destination,
    bool inheritsEncryption
)
{
    public string Destination => destination;
    public string Path { get; } = destination[..destination.IndexOf('@', StringComparison.Ordinal)];
    private readonly string _snapshotName = destination[(destination.IndexOf('@', StringComparison.Ordinal) + 1)..];

    private bool IsResuming => begin.ResumeBytes is not null;
    private bool IsFirst => begin.IsFull || begin.IsClone;
    private bool WantsNew => IsFirst && !IsResuming;

    /// <summary>A first stream takes the place of a filesystem, which is not mounted meanwhile.</summary>
    public bool Unmounts(SimDataset? target) => target is { IsVolume: false } && IsFirst;

    private string Action =>
        WantsNew ? "cannot receive new filesystem stream"
        : IsResuming ? "cannot receive resume stream"
        : "cannot receive incremental stream";

    public ZfsFailure Failure(string why) => new($"{Action}: {why}");

    private ZfsFailure Modified() => Failure($"destination {Path} has been modified\nsince most recent snapshot");

    private ZfsFailure Exists() => new($"cannot restore to {destination}: destination already exists");

    private ZfsFailure KeyMissing() =>
        Failure(begin.IsRaw ? "encryption key does not match existing key" : "inherited key must be loaded");

    /// <summary>What the command itself sees.</summary>
    /// <exception cref="ZfsFailure">zfs would refuse.</exception>
    public void CheckCommand(SimDataset? target)
    {
        if (HostState.NameFault(destination) is not null)
            throw new ZfsFailure("cannot receive: invalid name");
        if (begin.IsClone && Origin() is null)
            throw new ZfsFailure($"cannot receive: local origin for clone {destination} does not exist");
        if (target is null)
            CheckParent();
        else
            CheckTarget(target);
        if (begin.IsRaw && request.OfEncryption() is { } property)
            throw Failure($"encryption property '{property}' cannot be set or excluded for raw streams.");
    }

    private void CheckParent()
    {
        var slash = Path.LastIndexOf('/');
        if (!WantsNew || slash < 0)
            throw Failure($"destination '{Path}' does not exist");
        var parentPath = Path[..slash];
        if (call.Host.FindDataset(parentPath) is not { } parent)
        {
            if (request.DropsTop)
                return;
            call.Complain($"cannot open '{parentPath}': dataset does not exist");
            throw Failure("unable to restore to destination");
        }
        if (parent.IsVolume)
            throw Failure($"parent '{parentPath}' is not a filesystem");
    }

    private void CheckTarget(SimDataset target)
    {
        var isNew = !target.IsInconsistent;
        if (WantsNew && !request.IsForced)
            throw Failure($"destination '{Path}' exists\nmust specify -F to overwrite it");
        if (WantsNew && target.Snapshots.Count > 0)
            throw Failure(
                $"destination has snapshots (eg. {target.Snapshots[0].FullName})\nmust destroy them to overwrite it"
            );
        if (IsFirst && IsResuming && isNew && !request.IsForced && call.Host.Release.IsAtLeast(2, 2))
            throw Failure($"Resuming recv on existing destination '{Path}'\nmust specify -F to overwrite it");
        if (WantsNew && target.Origin is not null)
            throw Failure($"destination '{Path}' is a clone\nmust destroy it to overwrite it");
        if (!WantsNew && begin.IsRaw && target.Encryption is null)
            throw Failure("cannot perform raw receive on top of existing unencrypted dataset");
        if (WantsNew && (target.Encryption is not null || begin.IsRaw))
            throw Failure(
                "zfs receive -F cannot be used to destroy an encrypted filesystem or overwrite an unencrypted one with an encrypted one"
            );
    }

    /// <summary>What the kernel sees.</summary>
    /// <returns>False when the snapshot is there already, so that the part is only skipped.</returns>
    /// <exception cref="ZfsFailure">zfs would refuse.</exception>
    public bool CheckKernel(SimDataset? target)
    {
        var owner = target ?? call.Host.FindDataset(Path[..Path.LastIndexOf('/')])!;
        if (!call.May(owner, "receive", "mount", "create"))
            throw Failure("permission denied");
        if (IsResuming)
            CheckResumed(target!);
        else if (target is null)
            CheckNew(owner);
        else
            return CheckExisting(target);
        return true;
    }

    private void CheckNew(SimDataset parent)
    {
        var origin = begin.IsClone ? Origin()!.Owner : null;
        if (begin.IsRaw)
        {
            if (origin?.Encryption is { } key && key.MasterKey != begin.Key!.MasterKey)
                throw Failure("failed to create encryption key");
            return;
        }
        var like = origin ?? (inheritsEncryption ? parent : null);
        if (like is { IsKeyLoaded: false })
            throw KeyMissing();
        if (begin.HasEmbedded && like?.Encryption is not null)
            throw Invalid();
    }

    private void CheckResumed(SimDataset target)
    {
        if (!begin.IsRaw && !target.IsKeyLoaded)
            throw KeyMissing();
        if (
            target.Partial is not { } partial
            || partial.Begin.ToGuid != begin.ToGuid
            || partial.Begin.FromGuid != begin.FromGuid
            || partial.ReceivedBytes != begin.ResumeBytes
        )
            throw Invalid();
        if (target.IsReceiving)
            throw Failure("dataset is busy");
    }

    private bool CheckExisting(SimDataset target)
    {
        if (!begin.IsRaw && !target.IsKeyLoaded)
            throw KeyMissing();
        if (begin.IsClone)
            throw Invalid();
        if (target.Partial is not null)
            throw Failure($"destination {Path} contains partially-complete state from \"zfs receive -s\".");
        if (target.FindSnapshot(_snapshotName) is not null)
            return target.Snapshots.Exists(snapshot => snapshot.Guid == begin.ToGuid) ? false : throw Exists();
        if (begin.IsFull)
            CheckNew(target.Parent!);
        else
            CheckIncrement(target);
        return true;
    }

    private void CheckIncrement(SimDataset target)
    {
        if (begin.HasEmbedded && target.Encryption is not null)
            throw Invalid();
        if (target.Snapshots.Find(snapshot => snapshot.Guid == begin.FromGuid) is not { } from)
            throw Failure($"most recent snapshot of {Path} does not\nmatch incremental source");
        if (!request.IsForced && IsModifiedSince(target, from))
            throw Modified();
        if (target.HasLargeBlocks && !begin.HasLargeBlocks)
            throw Failure("incremental send stream requires -L (--large-block), to match previous receive.");
        if (begin.IsRaw && begin.FromIvSetGuid != from.IvSetGuid)
        {
            throw Failure(
                "IV set guid mismatch. See the 'zfs receive' man page section\n discussing the limitations of raw encrypted send streams."
            );
        }
    }

    /// <summary>Later snapshots without data are no change, save for a raw stream.</summary>
    private bool IsModifiedSince(SimDataset target, SimSnapshot from) =>
        begin.IsRaw && target.Newest != from || target.IsModified || !ReferenceEquals(target.Newest!.Files, from.Files);

    /// <summary>When all has arrived: whether so many bytes fit, and whether what is in the way can go.</summary>
    /// <param name="target">The dataset.</param>
    /// <param name="onto">Its newest snapshot when the receive began.</param>
    /// <param name="bytes">How much has arrived.</param>
    /// <exception cref="ZfsFailure">It ends here, and what arrived may be kept.</exception>
    public void CheckEnd(SimDataset target, ulong? onto, long bytes)
    {
        if (target.Pool.FreeBytes < bytes)
            throw Failure("out of space");
        if (
            target.SelfAndAncestors.Any(level =>
                level.QuotaBytes is > 0 and var quota && SpaceUsage.UsedBytes(level) + bytes > quota
            )
        )
            throw Failure($"destination {Path} space quota exceeded.");
        if (IsFirst)
            return;
        if (!request.IsForced)
        {
            if (target.Newest?.Guid != onto)
                throw Invalid();
            if (target.IsModified)
                throw Modified();
            if (target.FindSnapshot(_snapshotName) is not null)
                throw Exists();
            return;
        }
        var later = target.Snapshots.SkipWhile(snapshot => snapshot.Guid != begin.FromGuid).Skip(1).ToList();
        if (later.Exists(snapshot => snapshot.IsBusy))
            throw Failure("dataset is busy");
        if (later.Exists(snapshot => snapshot.Clones.Count > 0))
            throw Exists();
    }

    /// <summary>zfs has one error for many streams that do not fit, and guesses why.</summary>
    private ZfsFailure Invalid() =>
        Failure(
            begin is { HasEmbedded: true, IsRaw: false } && (call.Host.Release.IsAtLeast(2, 2) || !request.IsResumable)
                ? "incompatible embedded data stream feature with encrypted receive."
            : request.IsResumable ? "kernel modules must be upgraded to receive this stream."
            : "invalid backup stream"
        );

    /// <summary>The nearest snapshot that the stream is a clone of.</summary>
    public SimSnapshot? Origin() => NearestByGuid.Snapshot(call.Host, Path, begin.FromGuid);
}
