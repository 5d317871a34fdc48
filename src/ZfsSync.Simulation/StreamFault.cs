namespace ZfsSync.Simulation;

/// <summary>Breaks one stream after so many of its bytes.</summary>
/// <param name="Kind">How.</param>
/// <param name="AfterBytes">When; a shorter stream is left alone, and the fault waits for the next.</param>
public sealed record StreamFault(StreamFaultKind Kind, long AfterBytes)
{
    /// <summary>Only streams into this dataset; null for any.</summary>
    public string? Into { get; init; }

    /// <summary>The connection is lost after half of the bytes, however many they are.</summary>
    public static readonly StreamFault CutHalfway = new(StreamFaultKind.ConnectionLost, 0) { At = bytes => bytes / 2 };

    /// <summary>Where in a stream of so many bytes; <see cref="AfterBytes"/> when null.</summary>
    public Func<long, long>? At { get; init; }

    internal long PlaceIn(long streamBytes) => At?.Invoke(streamBytes) ?? AfterBytes;

    /// <summary>The connection is lost when only so many bytes are missing.</summary>
    public static StreamFault CutBeforeEnd(long bytes) =>
        new(StreamFaultKind.ConnectionLost, 0) { At = total => Math.Max(0, total - bytes) };

    /// <summary>The connection is lost after so many bytes.</summary>
    public static StreamFault Cut(long afterBytes) => new(StreamFaultKind.ConnectionLost, afterBytes);
}
