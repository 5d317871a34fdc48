using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Model;

/// <summary>What <c>zfs receive -s</c> keeps of a stream that ended early.</summary>
/// <param name="Begin">How the stream began.</param>
/// <param name="Onto">The newest snapshot of its dataset when it began; what it becomes must follow it.</param>
/// <param name="ReceivedBytes">How much has come.</param>
internal sealed record PartialReceive(StreamBegin Begin, ulong? Onto, long ReceivedBytes)
{
    /// <summary>The object the resumed stream starts at, as the token names it.</summary>
    public ulong ObjectNumber => 2 + (ulong)(ReceivedBytes / 1_048_576);

    public ulong Offset => (ulong)(ReceivedBytes % 1_048_576 / 131_072 * 131_072);

    public string Token => ResumeTokenText.Encode(this);
}
