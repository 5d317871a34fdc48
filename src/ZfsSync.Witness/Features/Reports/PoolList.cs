using System.Text.Json;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Reports;

namespace ZfsSync.Witness.Features.Reports;

/// <summary>
/// A host's pools as they are kept. A pool that is not reported any more is kept as missing as long as the inventory holds
/// something of it: what nobody can see has not vanished, and must not be looked for in another pool. Pure.
/// </summary>
internal static class PoolList
{
    public static IReadOnlyList<ReportedPool> Read(string text) =>
        JsonSerializer.Deserialize(text, WireJson.Default.IReadOnlyListReportedPool)!;

    public static string Text(IReadOnlyList<ReportedPool> pools) =>
        JsonSerializer.Serialize(pools, WireJson.Default.IReadOnlyListReportedPool);

    /// <summary>The names that were known and are not reported now.</summary>
    public static IReadOnlyList<string> Unseen(
        IReadOnlyList<ReportedPool> known,
        IReadOnlyList<ReportedPool> reported
    ) => [.. known.Select(pool => pool.Name).Except(reported.Select(pool => pool.Name), StringComparer.Ordinal)];

    /// <summary>What is reported, and of what is not those that the inventory still holds something of.</summary>
    public static IReadOnlyList<ReportedPool> Merge(
        IReadOnlyList<ReportedPool> known,
        IReadOnlyList<ReportedPool> reported,
        IReadOnlyCollection<string> stillHeld
    ) =>
        [
            .. reported,
            .. known
                .Where(pool => stillHeld.Contains(pool.Name))
                .Select(pool => pool with { FreeBytes = null, Health = ReportedPool.MissingHealth }),
        ];

    /// <summary>Whether plans may differ: other names, or others of them missing. Sizes and health do not count.</summary>
    public static bool IsSameForPlans(IReadOnlyList<ReportedPool> one, IReadOnlyList<ReportedPool> other) =>
        one.Select(Essence).ToHashSet().SetEquals(other.Select(Essence));

    /// <summary>With pools of which datasets came by themselves, as scripts send them.</summary>
    public static IReadOnlyList<ReportedPool> With(IReadOnlyList<ReportedPool> known, IEnumerable<string> names) =>
        [
            .. known.Where(pool => !IsMissing(pool) || !names.Contains(pool.Name, StringComparer.Ordinal)),
            .. names
                .Where(name => !known.Any(pool => pool.Name == name && !IsMissing(pool)))
                .Select(name => new ReportedPool(name, null, null, null, null)),
        ];

    public static bool IsMissing(ReportedPool pool) => pool.Health == ReportedPool.MissingHealth;

    private static (string Name, bool IsMissing) Essence(ReportedPool pool) => (pool.Name, IsMissing(pool));
}
