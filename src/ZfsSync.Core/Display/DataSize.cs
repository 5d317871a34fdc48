namespace ZfsSync.Core.Display;

/// <summary>Bytes for people: binary units, as zfs counts, with at most one decimal (<c>1.5 GiB</c>).</summary>
public static class DataSize
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>The size in the largest unit that leaves a number of at least one.</summary>
    public static string InWords(ulong bytes)
    {
        var unit = 0;
        double number = bytes;
        // Rounding to one decimal may reach the next unit.
        while (number >= 1023.95 && unit < Units.Length - 1)
        {
            number /= 1024;
            unit++;
        }
        return $"{number:0.#} {Units[unit]}";
    }
}
