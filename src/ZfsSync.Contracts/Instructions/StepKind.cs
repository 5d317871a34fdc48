namespace ZfsSync.Contracts.Instructions;

/// <summary>The form of one send.</summary>
public enum StepKind
{
    /// <summary><c>zfs send to</c></summary>
    Full,

    /// <summary><c>zfs send -i from to</c></summary>
    Incremental,

    /// <summary><c>zfs send -I from to</c></summary>
    Range,

    /// <summary><c>zfs send -t token</c></summary>
    Resume,
}
