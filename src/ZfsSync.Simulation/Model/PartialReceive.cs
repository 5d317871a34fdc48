using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Model;

/// <summary>What <c>zfs receive -s</c> keeps of a stream that ended early.</summary>
internal sealed record PartialReceive(StreamBegin Begin, long ReceivedBytes)
{
    /// <summary>The object the resumed stream starts at, as the token names it.</summary>
    public ulong ObjectNumber => 2 + (ulong)(ReceivedBytes / 1_048_576);

    public ulong Offset => (ulong)(ReceivedBytes % 1_048_576 / 131_072 * 131_072);

    public string Token => ResumeTokenText.Encode(this);
}
