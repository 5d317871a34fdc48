using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads what <c>zfs destroy</c> and <c>zfs receive -A</c> say on standard error.</summary>
public static class DestroyParser
{
    /// <summary>Whether nothing of what was to be destroyed exists.</summary>
    public static bool IsAllGone(string errorText) =>
        errorText.Contains("could not find any snapshots to destroy", StringComparison.Ordinal)
        || (
            errorText.StartsWith("cannot open '", StringComparison.Ordinal)
            && errorText.TrimEnd().EndsWith("dataset does not exist", StringComparison.Ordinal)
        );

    /// <summary>
    /// The snapshots that the text names as held (<c>dataset is busy</c> before 2.4, <c>it's being held</c> since) or cloned. Looked up by
    /// their names, because names may hold the <c>: </c> that ends them in the text.
    /// </summary>
    public static IReadOnlyList<BlockedSnapshot> Blocked(
        DatasetName dataset,
        IReadOnlyCollection<string> labels,
        string errorText
    )
    {
        var byName = labels.ToDictionary(label => $"{dataset}@{label}");
        var blocked = new List<BlockedSnapshot>();
        foreach (var line in errorText.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (
                Subject(line, byName) is { } name
                && ErrorClassifier.Classify(line) is var kind and (ToolErrorKind.Busy or ToolErrorKind.Clones)
                && byName.Remove(name, out var label)
            )
                blocked.Add(new BlockedSnapshot(SnapshotName.Of(dataset, label), kind, line.Trim()));
        }
        return blocked;
    }

    /// <summary>Whether a line of <c>zfs receive -A</c> only says that there is nothing to abort.</summary>
    public static bool HasNoPartialReceive(string line) =>
        line.Contains("does not have any resumable receive state to abort", StringComparison.Ordinal)
        || line.EndsWith("dataset does not exist", StringComparison.Ordinal);

    /// <summary>The known name in <c>cannot destroy snapshot NAME: reason</c> or <c>cannot destroy 'NAME': reason</c>.</summary>
    private static string? Subject(string line, Dictionary<string, string> known)
    {
        const string plain = "cannot destroy snapshot ";
        const string quoted = "cannot destroy '";
        if (line.StartsWith(quoted, StringComparison.Ordinal))
            return line.IndexOf("': ", StringComparison.Ordinal) is var end and >= 0 ? line[quoted.Length..end] : null;
        if (!line.StartsWith(plain, StringComparison.Ordinal))
            return null;
        for (
            var i = line.IndexOf(": ", StringComparison.Ordinal);
            i >= 0;
            i = line.IndexOf(": ", i + 1, StringComparison.Ordinal)
        )
        {
            if (i >= plain.Length && known.ContainsKey(line[plain.Length..i]))
                return line[plain.Length..i];
        }
        return null;
    }
}
