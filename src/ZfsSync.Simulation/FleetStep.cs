namespace ZfsSync.Simulation;

/// <summary>A moment at which a fleet can be paused, changed, or a command cancelled.</summary>
/// <param name="Host">Where the command runs.</param>
/// <param name="Command">The command line, for people; of a pipe its stages, with bars.</param>
/// <param name="Bytes">Bytes of a stream so far; null before the command starts.</param>
public sealed record FleetStep(string Host, string Command, long? Bytes);
