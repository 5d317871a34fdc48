namespace ZfsSync.Agent.Execution;

/// <summary>Whether a hold of ours is left on a source.</summary>
internal enum Tidiness
{
    /// <summary>None is.</summary>
    Tidy,

    /// <summary>Some may be; the source answered, and did not release them.</summary>
    NotYet,

    /// <summary>Some may be; the source did not answer.</summary>
    SourceAway,
}
