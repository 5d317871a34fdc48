namespace ZfsSync.Witness.Features.Fleet;

/// <summary>How much attention something wants, worst first. Shown by word and sign, and by colour besides.</summary>
public enum Tone
{
    /// <summary>A person must act.</summary>
    Bad,

    /// <summary>Something is late, silent or not shown yet.</summary>
    Warning,

    /// <summary>Work is under way or about to be.</summary>
    Busy,

    /// <summary>Nothing to do and nothing wrong.</summary>
    Quiet,

    /// <summary>Proven.</summary>
    Good,
}
