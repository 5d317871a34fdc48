using System.Collections.Immutable;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Streams;

/// <summary>How long a part of a stream is: the changed data, and 312 bytes for every record.</summary>
internal static class StreamSize
{
    public const long RecordBytes = 312;

    /// <summary>What <c>send -nP</c> estimates: the data alone.</summary>
    public static long Estimate(
        ImmutableSortedDictionary<string, FileVersion>? from,
        ImmutableSortedDictionary<string, FileVersion> to
    ) => 2 * RecordBytes + Changed(from, to).Sum(file => file.Bytes + RecordBytes);

    public static long Actual(
        ImmutableSortedDictionary<string, FileVersion>? from,
        ImmutableSortedDictionary<string, FileVersion> to
    )
    {
        if (from is not null && ReferenceEquals(from, to))
            return 2 * RecordBytes;
        var gone = from?.Keys.Count(path => !to.ContainsKey(path)) ?? 0;
        var records = Changed(from, to).Sum(file => file.Bytes + (1 + file.Records) * RecordBytes);
        // The objects that every filesystem has, the begin and the end.
        return 8 * RecordBytes + gone * RecordBytes + records;
    }

    private static IEnumerable<FileVersion> Changed(
        ImmutableSortedDictionary<string, FileVersion>? from,
        ImmutableSortedDictionary<string, FileVersion> to
    ) =>
        from is null
            ? to.Values
            : to.Where(file => !from.TryGetValue(file.Key, out var old) || old.Content != file.Value.Content)
                .Select(file => file.Value);
}
