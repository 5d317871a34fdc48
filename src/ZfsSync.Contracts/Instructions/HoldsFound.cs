namespace ZfsSync.Contracts.Instructions;

/// <summary>
/// The body of <c>POST /systems/{id}/forgotten-holds</c>: the edges that a host's holds <c>zfs-sync-EDGE</c> are of. The answer
/// has those of them that the witness has given out, and of which nothing runs: their holds are of a transfer that is lost.
/// Edges it does not know may be another witness's, and are left out.
/// </summary>
/// <param name="EdgeIds">Up to <see cref="Most"/>, each of 16 hexadecimal digits.</param>
public sealed record HoldsFound(IReadOnlyList<string> EdgeIds)
{
    /// <summary>How many edges may be asked about at once.</summary>
    public const int Most = 10_000;
}
