namespace ZfsSync.Simulation.Model;

/// <summary>One state of one file (or of one extent of a volume).</summary>
/// <param name="Content">Stands for a hash of the bytes; travels with replication.</param>
/// <param name="Bytes">The length.</param>
/// <param name="BirthTxg">When the blocks were written in this pool.</param>
internal sealed record FileVersion(ulong Content, long Bytes, ulong BirthTxg)
{
    private const long BlockBytes = 131_072;

    /// <summary>What it takes on disk: small files take whole sectors, larger ones whole blocks.</summary>
    public long DiskBytes => Bytes <= BlockBytes ? RoundUp(Bytes, 512) : RoundUp(Bytes, BlockBytes);

    /// <summary>Write records in a stream.</summary>
    public long Records => 1 + (Bytes + BlockBytes - 1) / BlockBytes;

    private static long RoundUp(long bytes, long unit) => (bytes + unit - 1) / unit * unit;
}
