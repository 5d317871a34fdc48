namespace ZfsSync.Contracts.Groups;

/// <summary>One place of a group: a host, and a root there. A host may be a member twice with two roots.</summary>
public sealed record GroupMember
{
    /// <summary>The host.</summary>
    public required Guid SystemId { get; init; }

    /// <summary>What it may be used as.</summary>
    public MemberRole Role { get; set; } = MemberRole.Both;

    /// <summary>The dataset below which its copies live; cut off to get the logical name. Absent: each of its pools.</summary>
    public string? Root { get; init; }
}
