namespace ZfsSync.Agent;

/// <summary>
/// Growing pauses while something is away. Each is drawn between half and the whole of the doubled pause, so that hosts
/// that lost the witness together do not come back together.
/// </summary>
internal sealed class RetryPause(TimeSpan first, TimeSpan longest, Random random)
{
    private const int MostDoublings = 30;
    private int failures;

    public void Reset() => failures = 0;

    /// <param name="asked">The least that the witness asks for; on top of it comes a part of the pause, drawn as above.</param>
    public TimeSpan Next(TimeSpan? asked = null)
    {
        var whole = Math.Min(
            first.TotalSeconds * Math.Pow(2, Math.Min(failures++, MostDoublings)),
            longest.TotalSeconds
        );
        var pause = TimeSpan.FromSeconds(whole * (0.5 + (random.NextDouble() / 2)));
        return asked is { } least ? least + (pause / 2) : pause;
    }
}
