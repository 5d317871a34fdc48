using System.Collections.Concurrent;

namespace ZfsSync.Witness.Callers;

/// <summary>
/// Counts wrong keys per address and prefix, and says when to stop looking. The prefix is part of it so that one
/// misconfigured host does not shut out others behind the same address.
/// </summary>
internal sealed class FailedSignIns(TimeProvider time)
{
    public const int Allowed = 20;
    private const int MaxEntries = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Count> counts = new(StringComparer.Ordinal);

    /// <summary>How long the caller must wait; null when it may try.</summary>
    public TimeSpan? Wait(string address, string prefix)
    {
        if (!counts.TryGetValue(KeyOf(address, prefix), out var count) || count.Failures < Allowed)
            return null;
        var left = count.Since + Window - time.GetUtcNow();
        // Longer than the window: the clock was put back.
        return left > TimeSpan.Zero && left <= Window ? left : null;
    }

    public void Note(string address, string prefix)
    {
        var now = time.GetUtcNow();
        if (counts.Count >= MaxEntries)
            Forget(now);
        counts.AddOrUpdate(
            KeyOf(address, prefix),
            _ => new Count(1, now),
            (_, count) =>
                now - count.Since >= Window || now < count.Since
                    ? new Count(1, now)
                    : count with
                    {
                        Failures = count.Failures + 1,
                    }
        );
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, count) in counts)
        {
            if (now - count.Since >= Window || count.Failures < Allowed)
                counts.TryRemove(key, out _);
        }
        if (counts.Count >= MaxEntries)
            counts.Clear();
    }

    private static string KeyOf(string address, string prefix) => $"{address} {prefix}";

    private sealed record Count(int Failures, DateTimeOffset Since);
}
