using Shouldly;
using Xunit;
using ZfsSync.Contracts.Reports;
using ZfsSync.Simulation;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Agent;

public sealed class SurveyTests : IDisposable
{
    private AgentBench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string> Releases => ["2.1", "2.3"];

    [Theory, MemberData(nameof(Releases))]
    public async Task An_unchanged_host_costs_two_processes_and_one_request_whatever_its_size(string release)
    {
        Use(release);
        for (var dataset = 0; dataset < 30; dataset++)
        {
            _bench.Target.Zfs($"create backup/d{dataset}");
            for (var snapshot = 0; snapshot < 10; snapshot++)
                _bench.Target.Zfs($"snapshot backup/d{dataset}@s{snapshot}");
        }
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync();
        _bench.Witness.Inventory.Count.ShouldBe(31);
        _bench.Witness.Inventory["backup/d7"].Snapshots!.Count.ShouldBe(10);
        for (var survey = 0; survey < 30; survey++)
        {
            _ = _bench.NewCommands;
            _bench.Witness.Reports.Clear();
            await ReportAsync();
            var commands = _bench.NewCommands;
            // Now and then the pools are looked at, too; before 2.2 nothing may be left out for that.
            var counted = commands.Where(line => release != "2.1" || !line.Contains("zpool", StringComparison.Ordinal));
            counted.Count().ShouldBeLessThanOrEqualTo(2, $"survey {survey}: {string.Join('\n', commands)}");
            var report = _bench.Witness.Reports.ShouldHaveSingleItem();
            report.Datasets.ShouldBeNull();
        }
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Only_the_dataset_that_changed_is_listed_and_sent(string release)
    {
        Use(release);
        foreach (var name in new[] { "a", "b", "c" })
        {
            _bench.Target.Zfs($"create backup/{name}");
            _bench.Target.Zfs($"snapshot backup/{name}@one");
        }
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync();
        _bench.Target.Zfs("snapshot backup/b@two");
        _ = _bench.NewCommands;
        await ReportAsync();
        _bench
            .NewCommands.Where(line => line.Contains("createtxg", StringComparison.Ordinal))
            .ShouldAllBe(line => !line.Contains("backup/a", StringComparison.Ordinal));
        var last = _bench.Witness.Reports[^1];
        last.Datasets!.Where(one => one.Snapshots is not null).Select(one => one.Name).ShouldBe(["backup/b"]);
        _bench.Witness.Inventory["backup/b"].Snapshots!.ShouldAllBe(one => one.Creation > 0);
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task A_second_snapshot_within_the_same_second_is_seen(string release)
    {
        Use(release);
        _bench.Target.Zfs("create backup/a");
        _bench.Target.Zfs("snapshot backup/a@one");
        await ReportAsync();
        _bench.Target.Zfs("snapshot backup/a@two");
        await ReportAsync();
        _bench.Witness.Inventory["backup/a"].Snapshots!.Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task A_bookmark_is_seen_although_no_list_of_snapshots_changed(string release)
    {
        Use(release);
        _bench.Target.Zfs("create backup/a");
        _bench.Target.Zfs("snapshot backup/a@one");
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync();
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        _bench.Target.Zfs("bookmark backup/a@one backup/a#mark");
        await ReportAsync();
        _bench.Witness.Inventory["backup/a"].Bookmarks!.ShouldHaveSingleItem().Name.ShouldBe("mark");
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task A_destroyed_snapshot_is_seen_by_each_survey_by_those_that_look_at_the_pools_too(string release)
    {
        Use(release);
        _bench.Target.Zfs("create backup/a");
        for (var survey = 0; survey < 15; survey++)
            _bench.Target.Zfs($"snapshot backup/a@s{survey}");
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync();
        for (var survey = 0; survey < 15; survey++)
        {
            _bench.Target.Zfs($"destroy backup/a@s{survey}");
            await ReportAsync();
            _bench.Witness.Inventory["backup/a"].Snapshots!.Count.ShouldBe(14 - survey);
        }
    }

    [Fact]
    public async Task A_receive_that_ended_without_a_trace_is_not_told_of_any_more()
    {
        _bench.Target.Zfs("create backup/a");
        _bench.Agent.Reports.IsReceiving = dataset => dataset.Value == "backup/a";
        await ReportAsync();
        _bench.Witness.Inventory["backup/a"].Receiving.ShouldBeTrue();
        _bench.Agent.Reports.IsReceiving = _ => false;
        await ReportAsync();
        _bench.Witness.Inventory["backup/a"].Receiving.ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task A_renamed_snapshot_is_seen_by_the_next_survey(string release)
    {
        Use(release);
        _bench.Target.Zfs("create backup/a");
        _bench.Target.Zfs("snapshot backup/a@one");
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync();
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        _bench.Target.Zfs("rename backup/a@one backup/a@uno");
        await ReportAsync();
        _bench.Witness.Inventory["backup/a"].Snapshots!.ShouldHaveSingleItem().Name.ShouldBe("uno");
    }

    [Fact, Trait("Scenario", "53")]
    public async Task A_dataset_that_goes_between_list_and_read_is_left_out_with_a_warning()
    {
        _bench.Target.Zfs("create backup/a");
        _bench.Target.Zfs("create backup/b");
        _bench.Target.Zfs("snapshot backup/a@one");
        _bench.Fleet.OnStep = (step, _) =>
        {
            if (step.Command.Contains("-t snapshot", StringComparison.Ordinal))
            {
                _bench.Fleet.OnStep = null;
                _bench.Target.Zfs("destroy -r backup/a");
            }
            return ValueTask.CompletedTask;
        };
        await ReportAsync();
        _bench.Witness.Inventory.Keys.ShouldBe(["backup", "backup/b"]);
        _bench.Witness.Reports[^1].Complete.ShouldBeTrue();
        _bench.Log.ShouldContain(line =>
            line.Contains("backup/a was destroyed while it was read", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_listing_that_fails_makes_the_report_incomplete_and_nothing_vanishes()
    {
        _bench.Target.Zfs("create backup/a");
        _bench.Target.Zfs("snapshot backup/a@one");
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync();
        _bench.Target.Zfs("create backup/b");
        _bench.Start(new FailingRunner(_bench.Fleet.RunnerOn("beta"), "-t bookmark"));
        await ReportAsync();
        _bench.Witness.Reports[^1].Complete.ShouldBeFalse();
        _bench.Witness.Inventory.ShouldContainKey("backup/a");
    }

    [Fact, Trait("Scenario", "84")]
    public async Task A_pool_that_is_gone_is_not_spoken_for()
    {
        _bench.Target.AddPool("other");
        await ReportAsync();
        _bench.Witness.Reports[^1].Scope.ShouldBe(["backup", "other"]);
        _bench.Options = _bench.Options with
        {
            Scope =
            [
                ZfsSync.Core.Snapshots.DatasetName.Parse("elsewhere/x"),
                ZfsSync.Core.Snapshots.DatasetName.Parse("other"),
            ],
        };
        _bench.Start();
        await ReportAsync();
        _bench.Witness.Reports[^1].Scope.ShouldBe(["other"]);
    }

    [Fact, Trait("Scenario", "84")]
    public async Task A_pool_that_comes_or_goes_is_seen_by_the_next_report()
    {
        await ReportAsync();
        _bench.Witness.Reports[^1].Pools!.Select(pool => pool.Name).ShouldBe(["backup"]);
        _bench.Target.AddPool("other");
        await ReportAsync();
        _bench.Witness.Reports[^1].Pools!.Select(pool => pool.Name).ShouldBe(["backup", "other"]);
        _bench.Target.RemovePool("other");
        await ReportAsync();
        _bench.Witness.Reports[^1].Pools!.Select(pool => pool.Name).ShouldBe(["backup"]);
        _bench.Target.RemovePool("backup");
        await ReportAsync();
        _bench.Witness.Reports[^1].Pools.ShouldBeEmpty("none is there, which is not the same as none was looked for");
    }

    [Fact]
    public async Task Names_with_spaces_go_through()
    {
        _bench.Target.Run("zfs", "create", "backup/my data");
        _bench.Target.Run("zfs", "snapshot", "backup/my data@last monday 10:00");
        await ReportAsync();
        _bench.Witness.Inventory["backup/my data"].Snapshots!.ShouldHaveSingleItem().Name.ShouldBe("last monday 10:00");
    }

    [Fact, Trait("Scenario", "97")]
    public async Task An_agent_that_lost_its_counter_goes_on_from_what_the_witness_knows()
    {
        _bench.Witness.LastSequence = 1000;
        await ReportAsync();
        _bench.Witness.LastSequence.ShouldBeGreaterThan(1000);
        _bench.Witness.Reports.ShouldContain(one => one.Sequence == 1001);
    }

    [Fact]
    public async Task A_witness_that_is_away_makes_the_pauses_grow()
    {
        _bench.Witness.IsAway = true;
        var first = await ReportAsync();
        for (var i = 0; i < 20; i++)
            await ReportAsync();
        (await ReportAsync()).ShouldBeGreaterThan(first * 10);
        _bench.Witness.IsAway = false;
        (await ReportAsync()).ShouldBeInRange(TimeSpan.FromSeconds(54), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Long_reports_are_cut_between_datasets()
    {
        var head = new InventoryReport
        {
            Sequence = 1,
            SentAt = default,
            Scope = ["p"],
            Complete = true,
            Digest = "d",
        };
        List<ReportedDataset> datasets =
        [
            .. Enumerable
                .Range(0, 10)
                .Select(i => new ReportedDataset
                {
                    Name = $"p/{i}",
                    Digest = "",
                    Snapshots = [],
                    Bookmarks = [],
                }),
        ];
        ZfsSync.Agent.Reporting.ReportParts.Cut(head, datasets, maxRows: 10).ShouldHaveSingleItem().Part.ShouldBeNull();
        var parts = ZfsSync.Agent.Reporting.ReportParts.Cut(head, datasets, maxRows: 4);
        parts.Select(one => one.Part).ShouldBe([new(0, 3), new(1, 3), new(2, 3)]);
        parts.SelectMany(one => one.Datasets!).ShouldBe(datasets);
        ZfsSync.Agent.Reporting.ReportParts.Cut(head, [], 4).ShouldHaveSingleItem().Datasets!.ShouldBeEmpty();
    }

    private Task<TimeSpan> ReportAsync()
    {
        _bench.Clock.Advance(TimeSpan.FromSeconds(60));
        return _bench.Agent.Reports.ReportAsync(CancellationToken.None);
    }

    private void Use(string release)
    {
        _bench.Dispose();
        _bench = new AgentBench(release == "2.1" ? ZfsRelease.Zfs21 : ZfsRelease.Zfs23);
    }

    private sealed class FailingRunner(ICommandRunner inner, string what) : ICommandRunner
    {
        public Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation) =>
            command.ToString().Contains(what, StringComparison.Ordinal)
                ? Task.FromResult(new CommandResult(1, "", "cannot open 'backup': pool I/O is currently suspended\n"))
                : inner.RunAsync(command, onLine, cancellation);

        public Task<PipeResult> PipeAsync(
            IReadOnlyList<Command> stages,
            PipeOptions options,
            CancellationToken cancellation
        ) => inner.PipeAsync(stages, options, cancellation);
    }
}
