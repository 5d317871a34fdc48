using Shouldly;
using Xunit;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;
using ZfsSync.Testing.Witness;
using static ZfsSync.Testing.Witness.HostReports;

namespace ZfsSync.Tests.Witness.Api;

public sealed class ReportTests
{
    [Theory, DatabaseData, Trait("Scenario", "80")]
    public async Task A_report_repeated_ten_times_leaves_one_row_of_each(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);

        for (var i = 0; i < 10; i++)
            (await reports.SendAsync(Dataset("tank"), Dataset("tank/data", 1, 2))).Status.ShouldBe(
                ReportStatus.Accepted
            );

        (await NamesAsync(witness, host)).ShouldBe(["tank/data@s1", "tank/data@s2"]);
    }

    [Theory, DatabaseData]
    public async Task An_unchanged_host_is_done_with_the_head(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var reports = new HostReports(witness, await witness.JoinAsync("alpha"));
        var tank = Dataset("tank", 1);
        await reports.SendAsync(tank);

        var answer = await reports.PostAsync(reports.Head(["tank"], [tank]));

        answer.Status.ShouldBe(ReportStatus.Accepted);
        answer.LastSequence.ShouldBe(2);
    }

    [Theory, DatabaseData, Trait("Scenario", "81")]
    public async Task A_report_of_one_dataset_leaves_the_others_alone(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        await reports.SendAsync(Dataset("tank"), Dataset("tank/a", 1), Dataset("tank/b", 2));

        await reports.SendAsync(["tank/a"], [Dataset("tank/a", 1, 3)]);

        (await NamesAsync(witness, host)).ShouldBe(["tank/a@s1", "tank/a@s3", "tank/b@s2"]);
    }

    [Theory, DatabaseData, Trait("Scenario", "82")]
    public async Task What_a_complete_report_no_longer_names_has_vanished(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        await reports.SendAsync(Dataset("tank"), Dataset("tank/a", 1, 2), Dataset("tank/b", 3));

        await reports.SendAsync(Dataset("tank"), Dataset("tank/a", 2));

        (await NamesAsync(witness, host)).ShouldBe(["tank/a@s2"]);
    }

    [Theory, DatabaseData, Trait("Scenario", "83")]
    public async Task An_empty_report_removes_nothing(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        await reports.SendAsync(Dataset("tank"), Dataset("tank/a", 1));

        (await reports.SendAsync(["tank"], [])).Status.ShouldBe(ReportStatus.Accepted);
        (await reports.SendAsync([], [])).Status.ShouldBe(ReportStatus.Accepted);

        (await NamesAsync(witness, host)).ShouldBe(["tank/a@s1"]);
    }

    [Theory, DatabaseData]
    public async Task A_pool_that_is_not_reported_any_more_is_missing_and_nothing_of_it_has_vanished(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        DatasetInventory[] both = [Dataset("tank"), Dataset("tank/a", 1), Dataset("vault", 2)];
        await ReportAsync(both, "tank", "vault");
        (await PoolsAsync()).ShouldBe(["tank ONLINE", "vault ONLINE"]);

        await ReportAsync([Dataset("vault", 2)], "vault");
        (await PoolsAsync()).ShouldBe(["vault ONLINE", "tank MISSING"]);
        await ReportAsync([]);
        (await PoolsAsync()).ShouldBe(["vault MISSING", "tank MISSING"]);
        (await NamesAsync(witness, host)).ShouldBe(["tank/a@s1", "vault@s2"]);
        (await witness.Admin.SystemAsync(host.Id, default)).FrozenReason.ShouldBeNull();

        await ReportAsync(both, "tank", "vault");
        (await PoolsAsync()).ShouldBe(["tank ONLINE", "vault ONLINE"]);

        Task<ReportAnswer> ReportAsync(DatasetInventory[] datasets, params string[] pools) =>
            reports.PostAsync(
                reports.Head(pools, datasets) with
                {
                    Pools = [.. pools.Select(name => new ReportedPool(name, "1", 10, 5, "ONLINE"))],
                    Datasets = [.. datasets.Select(d => HostReports.Dataset(d))],
                }
            );

        async Task<IEnumerable<string>> PoolsAsync() =>
            (await witness.Admin.SystemAsync(host.Id, default)).Pools.Select(pool => $"{pool.Name} {pool.Health}");
    }

    [Theory, DatabaseData]
    public async Task A_dataset_that_was_destroyed_is_gone_after_a_report_of_it_alone(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        await reports.SendAsync(Dataset("tank"), Dataset("tank/a", 1), Dataset("tank/b", 2));

        await reports.SendAsync(["tank/a"], []);

        (await NamesAsync(witness, host)).ShouldBe(["tank/b@s2"]);
    }

    [Theory, DatabaseData, Trait("Scenario", "82")]
    public async Task An_incomplete_report_removes_nothing(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        await reports.SendAsync(Dataset("tank"), Dataset("tank/a", 1));

        await reports.SendAsync(["tank"], [Dataset("tank")], complete: false);

        (await NamesAsync(witness, host)).ShouldBe(["tank/a@s1"]);
        var health = await witness.Http().GetStringAsync($"systems/{host.Id}/health");
        health.ShouldContain("incomplete");
    }

    [Theory, DatabaseData, Trait("Scenario", "85")]
    public async Task Parts_count_only_when_all_have_come(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        await reports.SendAsync(Dataset("tank"), Dataset("tank/a", 1));
        DatasetInventory[] next = [Dataset("tank"), Dataset("tank/a", 1, 2), Dataset("tank/b", 3)];
        var head = reports.Head(["tank"], next);

        (await PartAsync(0)).Status.ShouldBe(ReportStatus.Staged);
        (await PartAsync(2)).Status.ShouldBe(ReportStatus.Staged);
        (await NamesAsync(witness, host)).ShouldBe(["tank/a@s1"]);
        (await PartAsync(1)).Status.ShouldBe(ReportStatus.Accepted);

        (await NamesAsync(witness, host)).ShouldBe(["tank/a@s1", "tank/a@s2", "tank/b@s3"]);

        Task<ReportAnswer> PartAsync(int index) =>
            reports.PostAsync(
                head with
                {
                    Datasets = [HostReports.Dataset(next[index])],
                    Part = new ReportPart(index, next.Length),
                }
            );
    }

    [Theory, DatabaseData, Trait("Scenario", "97")]
    public async Task A_report_that_is_not_newer_is_ignored_whatever_its_time(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host) { Sequence = 10 };
        await reports.SendAsync(Dataset("tank", 1));
        reports.Sequence = 5;

        var late = await reports.SendAsync(Dataset("tank", 1, 2));

        late.Status.ShouldBe(ReportStatus.Ignored);
        late.LastSequence.ShouldBe(11);
        (await NamesAsync(witness, host)).ShouldBe(["tank@s1"]);
    }

    [Theory, DatabaseData, Trait("Scenario", "99")]
    public async Task Mass_vanishing_freezes_the_host_until_a_person_lets_it_go_on(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        ulong[] many = [.. Enumerable.Range(1, 20).Select(i => (ulong)i)];
        await reports.SendAsync(Dataset("tank"), Dataset("tank/a", many));

        var answer = await reports.SendAsync(Dataset("tank"), Dataset("tank/a", 1, 2));

        answer.FrozenReason.ShouldNotBeNull().ShouldContain("18 of 20");
        (await witness.Admin.SystemAsync(host.Id, CancellationToken.None)).FrozenReason.ShouldBe(answer.FrozenReason);
        var byHost = await Should.ThrowAsync<WitnessException>(() =>
            host.Client.UpdateSystemAsync(host.Id, new() { Frozen = false }, CancellationToken.None)
        );
        byHost.Code.ShouldBe(ProblemCodes.Forbidden);
        var thawed = await witness.Admin.UpdateSystemAsync(host.Id, new() { Frozen = false }, CancellationToken.None);
        thawed.FrozenReason.ShouldBeNull();
    }

    [Theory, DatabaseData, Trait("Scenario", "100")]
    public async Task Guids_above_the_signed_range_come_back_exactly(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        await new HostReports(witness, host).SendAsync(Dataset("tank", ulong.MaxValue, 1UL << 63));

        var all = await witness.Admin.SnapshotsAsync(host.Id, null, CancellationToken.None);

        all.Select(s => s.Guid!.Value.Value).ShouldBe([ulong.MaxValue, 1UL << 63], ignoreOrder: true);
        var text = await witness.Http().GetStringAsync("snapshots?name=s18446744073709551615");
        text.ShouldContain("\"guid\":\"18446744073709551615\"");
    }

    [Theory, DatabaseData, Trait("Scenario", "105")]
    public async Task Names_of_the_whole_alphabet_pass_unchanged(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        const string odd = "tank/my data:x.y-z_1";
        var longest = new string('l', NameRules.MaxBytes - odd.Length - 1);
        var dataset = Dataset(odd) with { Snapshots = [new Snapshot(new SnapshotGuid(7), longest, 7)] };

        await new HostReports(witness, host).SendAsync(Dataset("tank"), dataset);

        (await NamesAsync(witness, host)).ShouldBe([$"{odd}@{longest}"]);
    }

    [Theory, DatabaseData]
    public async Task A_renamed_snapshot_stays_the_same_one(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        await reports.SendAsync(Dataset("tank", 1));
        var before = (await witness.Admin.SnapshotsAsync(host.Id, null, CancellationToken.None)).Single();

        await reports.SendAsync(Dataset("tank") with { Snapshots = [new Snapshot(new SnapshotGuid(1), "other", 1)] });

        var after = (await witness.Admin.SnapshotsAsync(host.Id, null, CancellationToken.None)).Single();
        after.Name.ShouldBe("other");
        after.Id.ShouldBe(before.Id);
        after.Timestamp.ShouldBe(before.Timestamp);
    }

    [Theory, DatabaseData]
    public async Task A_second_agent_with_the_same_key_is_refused_until_the_first_is_silent(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var first = new HostReports(witness, host);
        var second = new HostReports(witness, host) { AgentId = "clone", Sequence = 100 };
        await first.SendAsync(Dataset("tank", 1));

        var refused = await Should.ThrowAsync<WitnessException>(() => second.SendAsync(Dataset("tank")));
        witness.Time.Advance(TimeSpan.FromSeconds(301));
        var taken = await second.SendAsync(Dataset("tank", 2));

        refused.Code.ShouldBe(ProblemCodes.IdentityInUse);
        taken.Status.ShouldBe(ReportStatus.Accepted);
    }

    [Theory, DatabaseData, Trait("Scenario", "88")]
    public async Task Every_wrong_row_is_named_and_nothing_is_stored(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        await reports.SendAsync(Dataset("tank", 1));
        var wrong = HostReports.Dataset(Dataset("tank/a", 2)) with { Digest = "cut" };
        var stray = HostReports.Dataset(Dataset("other", 3));

        var refused = await Should.ThrowAsync<WitnessException>(() =>
            reports.PostAsync(reports.Head(["tank"], []) with { Datasets = [wrong, stray] })
        );

        refused.Status.ShouldBe(400);
        refused.Problem.Errors!.Keys.ShouldBe(["datasets[0].digest", "datasets[1].name"], ignoreOrder: true);
        (await NamesAsync(witness, host)).ShouldBe(["tank@s1"]);
    }

    [Theory, DatabaseData, Trait("Scenario", "86")]
    public async Task A_host_does_not_report_for_another(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var (alpha, beta) = (await witness.JoinAsync("alpha"), await witness.JoinAsync("beta"));
        var forged = new HostReports(witness, beta with { Client = alpha.Client });

        var refused = await Should.ThrowAsync<WitnessException>(() => forged.SendAsync(Dataset("tank", 1)));

        refused.Status.ShouldBe(403);
        (await NamesAsync(witness, beta)).ShouldBeEmpty();
    }

    private static async Task<IEnumerable<string>> NamesAsync(TestWitness witness, TestHost host) =>
        (await witness.Admin.SnapshotsAsync(host.Id, null, CancellationToken.None))
            .Select(snapshot => $"{snapshot.Dataset}@{snapshot.Name}")
            .Order(StringComparer.Ordinal);
}
