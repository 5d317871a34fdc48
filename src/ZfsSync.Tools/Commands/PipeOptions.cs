namespace ZfsSync.Tools.Commands;

/// <summary>Limit and progress of a pipe.</summary>
public sealed record PipeOptions
{
    /// <summary>No limit, no progress.</summary>
    public static readonly PipeOptions None = new();

    /// <summary>The most bytes a second from the first to the second stage; null for no limit.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Gets the bytes so far, about once a second while they flow.</summary>
    public Action<long>? OnProgress { get; init; }
}
