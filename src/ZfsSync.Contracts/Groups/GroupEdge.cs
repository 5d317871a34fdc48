namespace ZfsSync.Contracts.Groups;

/// <summary>An edge of an explicit group, between two members by their place in the member list (from 0).</summary>
/// <param name="From">The source member.</param>
/// <param name="To">The target member.</param>
public sealed record GroupEdge(int From, int To);
