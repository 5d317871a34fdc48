namespace ZfsSync.Tools.Zfs;

/// <summary>Reads <see cref="ZfsCommands.Pools"/>.</summary>
public static class PoolParser
{
    /// <summary>The pools in the order printed. A faulted pool prints dashes for its sizes, which count as 0.</summary>
    /// <exception cref="FormatException">A line is not what <c>zpool list -Hp</c> prints.</exception>
    public static IReadOnlyList<PoolFacts> Parse(string output) =>
        [
            .. Rows.Split(output, 6)
                .Select(cells => new PoolFacts(
                    cells[0],
                    Rows.OptionalNumber(cells[1], "guid") ?? 0,
                    Rows.OptionalNumber(cells[2], "size") ?? 0,
                    Rows.OptionalNumber(cells[3], "allocated") ?? 0,
                    Rows.OptionalNumber(cells[4], "free") ?? 0,
                    cells[5]
                )),
        ];
}
