namespace ZfsSync.Contracts.Groups;

/// <summary>What a member may be used as.</summary>
public enum MemberRole
{
    /// <summary>Source and target, as the mode has it.</summary>
    Both,

    /// <summary>Only copied from.</summary>
    Source,

    /// <summary>Only copied to.</summary>
    Target,
}
