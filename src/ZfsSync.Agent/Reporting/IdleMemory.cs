namespace ZfsSync.Agent.Reporting;

/// <summary>
/// Gives memory back to the host after work. An agent that waits allocates next to nothing, so the garbage of its last big
/// report would otherwise stay resident until the next one: for hours, on hosts that are about something else.
/// </summary>
internal sealed class IdleMemory
{
    /// <summary>Less than this is not worth a collection of some milliseconds.</summary>
    private const long WorthIt = 4L << 20;

    private long _allocatedBefore;

    /// <summary>Before a pause.</summary>
    public void GiveBack()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _allocatedBefore < WorthIt)
            return;
        _allocatedBefore = allocated;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
