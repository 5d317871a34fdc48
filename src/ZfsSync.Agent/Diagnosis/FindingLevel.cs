namespace ZfsSync.Agent.Diagnosis;

/// <summary>How a thing is that the doctor looked at.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and something should be better.</summary>
    Warn,

    /// <summary>Something does not work.</summary>
    Fail,
}
