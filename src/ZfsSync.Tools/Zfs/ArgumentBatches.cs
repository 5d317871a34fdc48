namespace ZfsSync.Tools.Zfs;

/// <summary>Splits long argument lists, so that every command fits the tightest limit on its way.</summary>
public static class ArgumentBatches
{
    /// <summary>
    /// Bytes of names in one command. Over ssh the whole command is one argument of the remote shell, and Linux takes
    /// 128 KiB in one argument; FreeBSD takes 256 KiB in all. The rest is for the fixed words and the quotes.
    /// </summary>
    public const int MaxBytes = 110 * 1024;

    /// <summary>The names in order, in batches of at most <see cref="MaxBytes"/> with quotes and separators.</summary>
    public static IEnumerable<IReadOnlyList<string>> Of(IEnumerable<string> names)
    {
        var batch = new List<string>();
        var bytes = 0;
        foreach (var name in names)
        {
            var cost = name.Length + 3;
            if (batch.Count > 0 && bytes + cost > MaxBytes)
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }
            batch.Add(name);
            bytes += cost;
        }
        if (batch.Count > 0)
            yield return batch;
    }
}
