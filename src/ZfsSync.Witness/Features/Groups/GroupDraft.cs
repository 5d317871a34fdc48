using ZfsSync.Contracts.Groups;

namespace ZfsSync.Witness.Features.Groups;

/// <summary>A group as a request would have it, and everything that is wrong with that, by field.</summary>
/// <param name="Group">Meaningful when <paramref name="Faults"/> is empty.</param>
/// <param name="Faults">Per field, what is wrong with it and what to do.</param>
internal sealed record GroupDraft(GroupResource Group, IReadOnlyDictionary<string, string[]> Faults)
{
    public bool IsSound => Faults.Count == 0;
}
