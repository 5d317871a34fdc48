using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Core.Tests.Replication;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Properties;

/// <summary>
/// Every series of daily and hourly snapshots up to a length, every base in it, snapshot or bookmark, and every
/// selection, against a search that knows nothing of the planner: the right ones arrive, in the fewest sends.
/// </summary>
public class StepSeriesTests
{
    private const int MaxLength = 8;

    [Fact, Trait("Scenario", "19"), Trait("Scenario", "20"), Trait("Scenario", "21"), Trait("Scenario", "22")]
    public void Every_series_arrives_as_selected_in_the_fewest_sends()
    {
        var cases = 0;
        for (var length = 1; length <= MaxLength; length++)
        {
            for (var pattern = 0; pattern < 1 << length; pattern++)
            {
                foreach (var include in new string[][] { ["d*"], ["h*"], [] })
                {
                    for (var from = -1; from < length; from++)
                    {
                        Check(new Series(length, pattern, include, from, IsBookmark: false));
                        cases++;
                        if (from < 0)
                            continue;
                        Check(new Series(length, pattern, include, from, IsBookmark: true));
                        cases++;
                    }
                }
            }
        }
        cases.ShouldBe(Enumerable.Range(1, MaxLength).Sum(n => (1 << n) * 3 * (2 * n + 1)));
    }

    private static void Check(Series series)
    {
        var steps = series.Plan() switch
        {
            Incremental d => d.Steps,
            Full d => d.Steps,
            _ => [],
        };
        var target = series.Target();
        foreach (var step in steps)
        {
            foreach (var (from, to) in series.Source().Send(step))
                target.Receive(from, to, series.Source(), cut: false);
        }
        var arrived = target.Snapshots.Select(s => (int)s.Guid.Value - 1).Where(i => i != series.From);
        arrived.ShouldBe(series.Wanted, series.ToString());
        steps.Count.ShouldBe(series.FewestSends(), series.ToString());
    }

    private sealed record Series(int Length, int Pattern, string[] Include, int From, bool IsBookmark)
    {
        public List<int> Wanted => [.. Enumerable.Range(From + 1, Length - From - 1).Where(IsWanted)];

        public ModelDataset Source()
        {
            var source = new ModelDataset("tank/data");
            source.Create();
            for (var i = 0; i < Length; i++)
                source.Take(new SnapshotGuid((ulong)i + 1), Label(i));
            if (IsBookmark)
            {
                source.Bookmark(From, "base");
                source.Destroy(From);
            }
            return source;
        }

        public ModelDataset Target()
        {
            var target = new ModelDataset("backup/data");
            if (From >= 0)
            {
                target.Create();
                target.Take(new SnapshotGuid((ulong)From + 1), Label(From));
            }
            return target;
        }

        public ReplicationDecision Plan()
        {
            var facts = Edge.Of("", null) with { Source = Source().Inventory(), Target = Target().Inventory() };
            return facts.Plan(Edge.Only(Include));
        }

        /// <summary>
        /// Tries every legal next send from every point: the first one in full, then <c>-i</c> to the next wanted one, or
        /// <c>-I</c> to any later one with only wanted ones on the way.
        /// </summary>
        public int FewestSends() =>
            Wanted.Count == 0 ? 0
            : From < 0 ? 1 + Fewest(Wanted[0], isSnapshot: true)
            : Fewest(From, !IsBookmark);

        private int Fewest(int at, bool isSnapshot)
        {
            var next = Enumerable.Range(at + 1, Length - at - 1).Where(IsWanted).Cast<int?>().FirstOrDefault();
            if (next is not { } single)
                return 0;
            var fewest = 1 + Fewest(single, isSnapshot: true);
            for (var end = at + 1; isSnapshot && end < Length && IsWanted(end); end++)
                fewest = Math.Min(fewest, 1 + Fewest(end, isSnapshot: true));
            return fewest;
        }

        private bool IsWanted(int i) => Include.Length == 0 || Label(i)[0] == Include[0][0];

        private string Label(int i) => $"{((Pattern >> i & 1) == 0 ? 'd' : 'h')}{i}";
    }
}
