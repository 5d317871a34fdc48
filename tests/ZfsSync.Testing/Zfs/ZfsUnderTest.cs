using ZfsSync.Tools.Commands;

namespace ZfsSync.Testing.Zfs;

/// <summary>A ZFS that the contract is tried on: a simulated host, or a virtual machine with the real one.</summary>
public abstract class ZfsUnderTest
{
    private int _scenarios;

    /// <summary>The pool that streams come from, and the one they go to.</summary>
    public const string SourcePool = "source";

    public const string TargetPool = "target";

    /// <summary>A user of the host without any right beyond an ordinary one's.</summary>
    public const string OrdinaryUser = "zfssync";

    public abstract ICommandRunner Runner { get; }

    /// <summary>Whether it is OpenZFS 2.2 or later.</summary>
    public abstract bool IsAtLeast22 { get; }

    /// <summary>Whether a refused destroy names the hold in the way (late 2.3 and 2.4).</summary>
    public abstract bool SaysWhoHolds { get; }

    /// <summary>A name that no other scenario has.</summary>
    public string NextName() => $"c{Interlocked.Increment(ref _scenarios)}";

    /// <summary>The same command, addressed to the host, as root or as the ordinary user.</summary>
    public abstract Command Address(Command command, bool isOrdinaryUser);

    /// <summary>
    /// Makes a filesystem and in it, for each snapshot, a file named after it. One step, because each command on a real
    /// ZFS costs time.
    /// </summary>
    public abstract Task CreateAsync(
        string dataset,
        IReadOnlyList<string> options,
        IReadOnlyList<string> snapshots,
        CancellationToken cancellation
    );

    /// <summary>Writes new content to a file of a mounted filesystem; zfs accounts for it when this returns.</summary>
    public abstract Task WriteAsync(string dataset, string file, int bytes, CancellationToken cancellation);

    /// <summary>Waits until all that was done is on disk, and so in what zfs lists.</summary>
    public abstract Task SettleAsync(CancellationToken cancellation);

    /// <summary>A hash for each file of a mounted filesystem.</summary>
    public abstract Task<IReadOnlyDictionary<string, string>> HashesAsync(
        string dataset,
        CancellationToken cancellation
    );

    /// <summary>Sends a stream, of which only the first bytes arrive.</summary>
    public abstract Task<PipeResult> CutAsync(
        IReadOnlyList<string> send,
        IReadOnlyList<string> receive,
        int bytes,
        CancellationToken cancellation
    );

    /// <summary>A place for the key that new encrypted datasets are given, such as a file; another one when asked.</summary>
    public abstract string KeyLocation(bool isOther);
}
