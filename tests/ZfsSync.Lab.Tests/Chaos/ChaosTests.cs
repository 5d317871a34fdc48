using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Lab.Tests.EndToEnd;
using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>
/// Something dies at a random moment of a transfer of several datasets, again and again, on real ZFS.
/// <c>ZFS_SYNC_CHAOS_ROUNDS</c> and <c>ZFS_SYNC_CHAOS_SEED</c> say how often and which; see docs/reliability.md.
/// </summary>
public sealed partial class ChaosTests(ChaosHosts hosts, ITestOutputHelper output) : IClassFixture<ChaosHosts>
{
    /// <summary>What <c>./test</c> does: a sample that takes about two minutes.</summary>
    private const int UsualRounds = 2;
    private const int UsualSeed = 1;

    private static readonly TimeSpan BeginsWithin = TimeSpan.FromMinutes(5);

    /// <summary>Longer than an agent waits before it tries again to release what it could not.</summary>
    private static readonly TimeSpan TidiesWithin = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(20);

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    [Fact]
    public async Task Whatever_dies_in_the_middle_all_copies_end_whole_and_nothing_is_left_behind()
    {
        var seed = Setting("SEED", UsualSeed);
        var rounds = ChaosRound.Of(seed, Setting("ROUNDS", UsualRounds));
        Print($"seed {seed}, {rounds.Count} rounds");
        var tally = new ChaosTally();
        ChaosTree? tree = null;
        GroupResource? group = null;
        foreach (var round in rounds)
        {
            if (round.IsFirstOfTree)
            {
                tree = new ChaosTree(hosts, round.Tree);
                await tree.MakeAsync();
            }
            await tree!.WriteAsync(round);
            group = round.IsFirstOfTree ? await tree.GroupAsync() : group;
            await StrikeAsync(tree, group!, round, tally);
            if (round == rounds[^1] || rounds[round.Number].IsFirstOfTree)
                await tree.VerifyWithKeyAsync(round.LastLabel);
        }
        Print(tally.ToString());
        tally.Strikes.ShouldBeGreaterThan(rounds.Count / 2, "most of the faults must come while something runs");
    }

    private async Task StrikeAsync(ChaosTree tree, GroupResource group, ChaosRound round, ChaosTally tally)
    {
        try
        {
            var started = _watch.Elapsed;
            await UntilBegunAsync(group, round);
            var begun = _watch.Elapsed;
            var hits = new List<bool>();
            foreach (var fault in round.Faults)
            {
                await Task.Delay(fault.Delay, TimeProvider.System);
                var isMidway = !IsProven(await EdgesAsync(group), round);
                hits.Add(await ChaosStrike.DoAsync(hosts, fault) && isMidway);
            }
            var struck = _watch.Elapsed;
            await UntilWholeAsync(group, round);
            var recovered = _watch.Elapsed;
            await UntilTidyAsync(round);
            await tree.VerifyAsync(round.LastLabel);
            tally.Count(round.Faults.Zip(hits), recovered - struck);
            Print(
                $"{_watch.Elapsed:h\\:mm\\:ss} round {round}: {string.Join(" and ", hits.Select(hit => hit ? "struck" : "came too late"))}, "
                    + $"begun after {Seconds(begun - started)}, struck after {Seconds(struck - begun)}, "
                    + $"whole after {Seconds(recovered - struck)}, compared after {Seconds(_watch.Elapsed - recovered)}"
            );
        }
        catch
        {
            foreach (var vm in new[] { hosts.Alpha, hosts.Beta })
                Print($"round {round}: the agent of {vm.Name} said\n{await TwoHosts.AgentLogAsync(vm)}");
            throw;
        }
    }

    private async Task UntilBegunAsync(GroupResource group, ChaosRound round)
    {
        await hosts.Witness.Admin.CheckAsync(group.Id, CancellationToken.None);
        await Eventually.TrueAsync(
            async () => (await EdgesAsync(group)).Any(edge => edge.Run?.State == InstructionState.Leased),
            BeginsWithin,
            () => $"{round}: no transfer begins.\n{hosts.Witness.Log}"
        );
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0} s";

    private async Task UntilWholeAsync(GroupResource group, ChaosRound round)
    {
        IReadOnlyList<EdgeResource> edges = [];
        await Eventually.TrueAsync(
            async () =>
            {
                edges = await EdgesAsync(group);
                if (round.IsAided && edges.Any(edge => edge.Reason == ReasonCode.BackingOff))
                    await hosts.Witness.Admin.RetryAsync(group.Id, CancellationToken.None);
                return IsProven(edges, round);
            },
            EndsWithin,
            () => $"{round}\n{string.Join('\n', edges.Select(TwoHosts.Describe))}\n{hosts.Witness.Log}"
        );
    }

    /// <summary>An entry in the journal is something that an agent still has to do: tell an outcome, release a hold.</summary>
    private async Task UntilTidyAsync(ChaosRound round)
    {
        await Task.WhenAll(UntilTidyAsync(hosts.Alpha), UntilTidyAsync(hosts.Beta));

        async Task UntilTidyAsync(LabVm vm)
        {
            var left = "";
            await Eventually.TrueAsync(
                async () =>
                    (left = await vm.RunAsync("find /var/lib/zfs-sync/journal -type f 2>/dev/null || true")).Length
                    == 0,
                TidiesWithin,
                () => $"{round}: the journal of {vm.Name} still has {left}"
            );
        }
    }

    private Task<IReadOnlyList<EdgeResource>> EdgesAsync(GroupResource group) =>
        hosts.Witness.Admin.EdgesAsync(group.Id, CancellationToken.None);

    private static bool IsProven(IReadOnlyList<EdgeResource> edges, ChaosRound round) =>
        edges.Count == ChaosTree.Datasets
        && edges.All(edge => edge.State == EdgeState.InSync && edge.ProvenSnapshot == round.LastLabel);

    private static int Setting(string name, int usual) =>
        int.TryParse(
            Environment.GetEnvironmentVariable($"ZFS_SYNC_CHAOS_{name}"),
            CultureInfo.InvariantCulture,
            out var value
        )
            ? value
            : usual;

    private void Print(string text)
    {
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
