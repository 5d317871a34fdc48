namespace ZfsSync.Tools.Commands;

/// <summary>Limit and progress of a pipe.</summary>
public sealed record PipeOptions
{
    /// <summary>No limit, no progress.</summary>
    public static readonly PipeOptions None = new();

    /// <summary>The most bytes a second through the measured place; null for no limit. At least 1.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Gets the bytes so far, about once a second while they flow, one call at a time. What it throws ends the pipe.</summary>
    public Action<long>? OnProgress { get; init; }

    /// <summary>The place that is measured and limited: behind the stage with this index. 0 is behind the first.</summary>
    public int MeasuredBehind { get; init; }

    /// <summary>
    /// Whether the stage before the measured place is one program of this machine that writes nothing but the stream. Then
    /// the kernel can count for us, where there is no limit, and the next stage reads straight from it.
    /// </summary>
    public bool CountsByKernel { get; init; }
}
