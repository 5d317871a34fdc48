namespace ZfsSync.Simulation;

/// <summary>Breaks one stream after so many of its bytes.</summary>
/// <param name="Kind">How.</param>
/// <param name="AfterBytes">When; a shorter stream is left alone, and the fault waits for the next.</param>
public sealed record StreamFault(StreamFaultKind Kind, long AfterBytes)
{
    /// <summary>Only streams into this dataset; null for any.</summary>
    public string? Into { get; init; }

    /// <summary>The connection is lost after so many bytes.</summary>
    public static StreamFault Cut(long afterBytes) => new(StreamFaultKind.ConnectionLost, afterBytes);
}
