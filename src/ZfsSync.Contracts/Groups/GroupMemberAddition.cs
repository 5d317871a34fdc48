namespace ZfsSync.Contracts.Groups;

/// <summary>The body of <c>POST /sync-groups/{id}/systems</c>.</summary>
public sealed record GroupMemberAddition
{
    /// <summary>The host.</summary>
    public required Guid SystemId { get; init; }

    /// <summary>See <see cref="GroupMember.Root"/>.</summary>
    public string? Root { get; init; }

    /// <summary>See <see cref="GroupMember.Role"/>.</summary>
    public MemberRole Role { get; init; }
}
