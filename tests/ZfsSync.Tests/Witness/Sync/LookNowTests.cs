using System.Net;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Testing.Witness;
using static ZfsSync.Testing.Witness.HostReports;

namespace ZfsSync.Tests.Witness.Sync;

public sealed class LookNowTests
{
    /// <summary>Hub alpha and target beta, both reported by agents.</summary>
    private sealed record Room(TestWitness Witness, TestHost Alpha, TestHost Beta, GroupResource Group)
        : IAsyncDisposable
    {
        public required HostReports AlphaReports { get; init; }
        public required HostReports BetaReports { get; init; }

        public static async Task<Room> OpenAsync(DatabaseKind kind = DatabaseKind.Sqlite)
        {
            var witness = await TestWitness.StartAsync(kind);
            var (alpha, beta) = (await witness.JoinAsync("alpha"), await witness.JoinAsync("beta"));
            var (ofAlpha, ofBeta) = (new HostReports(witness, alpha), new HostReports(witness, beta));
            await ofAlpha.SendAsync(Dataset("tank"), Dataset("tank/d", 1, 2));
            await ofBeta.SendAsync(Dataset("backup"));
            var group = await witness.Admin.CreateGroupAsync(
                new GroupDefinition
                {
                    Name = "g",
                    Mode = GroupMode.Hub,
                    HubSystemId = alpha.Id,
                    Members =
                    [
                        new GroupMember { SystemId = alpha.Id, Root = "tank" },
                        new GroupMember { SystemId = beta.Id, Root = "backup" },
                    ],
                },
                default
            );
            return new Room(witness, alpha, beta, group) { AlphaReports = ofAlpha, BetaReports = ofBeta };
        }

        public Task<CheckAnswer> CheckAsync(int waitSeconds = 0) =>
            Witness.Admin.CheckAsync(Group.Id, waitSeconds, default);

        public async Task<DateTimeOffset?> RequestAsync(TestHost host) =>
            (await host.Client.WorkAsync(host.Id, 0, null, default)).ReportRequestedAt;

        /// <summary>As an agent that knew of the host's request before it looked.</summary>
        public async Task AnswerAsync(TestHost host, HostReports reports, params DatasetInventory[] datasets)
        {
            var head = reports.Head([datasets[0].Name.Pool], datasets) with
            {
                AnswersRequest = await RequestAsync(host),
                Datasets = [.. datasets.Select(d => Dataset(d))],
            };
            (await reports.PostAsync(head)).Status.ShouldBe(ReportStatus.Accepted);
        }

        /// <summary>Beta's agent takes the one instruction, and says how it ended.</summary>
        public async Task WorkAsync(OutcomeResult result, string? kind = null)
        {
            await CheckAsync();
            var work = await Beta.Client.InstructionsAsync(Beta.Id, 0, default);
            var claim = await Beta.Client.ClaimAsync(work[0].InstructionId, new ClaimRequest("a"), default);
            await Beta.Client.OutcomeAsync(
                work[0].InstructionId,
                new OutcomeReport
                {
                    LeaseId = claim.LeaseId,
                    Result = result,
                    ErrorKind = kind,
                    StartedAt = Witness.Time.GetUtcNow(),
                    FinishedAt = Witness.Time.GetUtcNow(),
                },
                default
            );
        }

        public ValueTask DisposeAsync() => Witness.DisposeAsync();
    }

    [Theory, DatabaseData]
    public async Task A_check_asks_the_agents_until_a_report_answers_that_began_after_it(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        (await room.RequestAsync(room.Beta)).ShouldBeNull();
        (await room.CheckAsync()).Awaited.ShouldBe(["alpha", "beta"]);
        var asked = (await room.RequestAsync(room.Beta)).ShouldNotBeNull();

        await room.BetaReports.SendAsync(Dataset("backup"), Dataset("backup/x", 9));
        (await room.RequestAsync(room.Beta)).ShouldBe(asked, "that report may have begun before");
        await room.AnswerAsync(room.Beta, room.BetaReports, Dataset("backup"));
        (await room.RequestAsync(room.Beta)).ShouldBeNull();
        (await room.Witness.Admin.SystemAsync(room.Beta.Id, default)).ReportAnsweredAt.ShouldBe(asked);

        await room.CheckAsync();
        (await room.RequestAsync(room.Beta)).ShouldBe(asked.AddMicroseconds(1), "later, though the clock stands still");
    }

    [Fact]
    public async Task A_request_ends_the_long_poll_once()
    {
        await using var room = await Room.OpenAsync();
        await room.AnswerAsync(room.Beta, room.BetaReports, Dataset("backup"), Dataset("backup/d", 1, 2));
        // Plans at once, so that nothing is pending that the first report gave rise to.
        await room.CheckAsync();
        await room.AnswerAsync(room.Beta, room.BetaReports, Dataset("backup"), Dataset("backup/d", 1, 2));
        var waiting = room.Beta.Client.WorkAsync(room.Beta.Id, 60, null, default);
        waiting.IsCompleted.ShouldBeFalse();
        await room.CheckAsync();
        var work = await waiting.WaitAsync(TimeSpan.FromMinutes(2));
        work.Instructions.ShouldBeEmpty();

        var again = room.Beta.Client.WorkAsync(room.Beta.Id, 60, work.ReportRequestedAt.ShouldNotBeNull(), default);
        await room.Alpha.Client.WorkAsync(room.Alpha.Id, 0, null, default);
        again.IsCompleted.ShouldBeFalse("its agent knows of it");
        await room.CheckAsync();
        (await again.WaitAsync(TimeSpan.FromMinutes(2))).ReportRequestedAt.ShouldNotBe(work.ReportRequestedAt);
    }

    [Theory, DatabaseData]
    public async Task A_request_made_at_one_replica_is_told_by_another(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var one = await TestWitness.StartAsync(database);
        await using var two = await TestWitness.StartAsync(database, time: one.Time);
        var (alpha, beta) = (await one.JoinAsync("alpha"), await one.JoinAsync("beta"));
        await new HostReports(one, beta).SendAsync(Dataset("backup"));
        var group = await one.Admin.CreateGroupAsync(
            new GroupDefinition { Name = "g", SystemIds = [alpha.Id, beta.Id] },
            default
        );
        await one.Admin.CheckAsync(group.Id, default);
        var work = await two.Client(beta.Key).WorkAsync(beta.Id, 60, null, default);
        work.ReportRequestedAt.ShouldNotBeNull();
    }

    [Theory, DatabaseData]
    public async Task A_check_that_waits_decides_by_the_fresh_reports(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        var check = room.CheckAsync(waitSeconds: 60);
        // The poll may end for an instruction before the check has come.
        while (!check.IsCompleted && await room.RequestAsync(room.Beta) is null)
            await Task.Yield();
        await room.AnswerAsync(room.Alpha, room.AlphaReports, Dataset("tank"), Dataset("tank/d", 1, 2, 3));
        check.IsCompleted.ShouldBeFalse();
        await room.AnswerAsync(room.Beta, room.BetaReports, Dataset("backup"), Dataset("backup/d", 1));
        var answer = await check.WaitAsync(TimeSpan.FromMinutes(2));
        answer.Awaited.ShouldBeEmpty();
        answer.Edges.ShouldHaveSingleItem().Steps.ShouldHaveSingleItem().ToGuid.ShouldBe(new SnapshotGuid(3));
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_named_when_the_time_is_up()
    {
        await using var room = await Room.OpenAsync();
        var check = room.CheckAsync(waitSeconds: 20);
        await room.Alpha.Client.WorkAsync(room.Alpha.Id, 60, null, default);
        await room.AnswerAsync(room.Alpha, room.AlphaReports, Dataset("tank"), Dataset("tank/d", 1, 2));
        while (!check.IsCompleted)
        {
            room.Witness.Time.Advance(TimeSpan.FromSeconds(1));
            await room.Alpha.Client.HeartbeatAsync(room.Alpha.Id, default);
        }
        (await check).Awaited.ShouldBe(["beta"]);
    }

    [Fact]
    public async Task A_host_that_is_not_heard_of_is_named_and_not_waited_for()
    {
        await using var room = await Room.OpenAsync();
        room.Witness.Time.Advance(TimeSpan.FromSeconds(room.Witness.Options.HeartbeatTimeoutSeconds + 1));
        (await room.CheckAsync(waitSeconds: 60)).Awaited.ShouldBe(["alpha", "beta"]);
    }

    [Fact]
    public async Task A_check_without_reports_plans_with_what_is_known_and_asks_nobody()
    {
        await using var room = await Room.OpenAsync();
        await room.AnswerAsync(room.Alpha, room.AlphaReports, Dataset("tank"), Dataset("tank/d", 1, 2, 3));
        var answer = await room.Witness.Admin.PlanAsync(room.Group.Id, default);
        answer.Awaited.ShouldBeEmpty();
        answer.Edges.ShouldHaveSingleItem().Steps[^1].ToGuid.ShouldBe(new SnapshotGuid(3));
        (await room.RequestAsync(room.Beta)).ShouldBeNull();

        var refused = await room
            .Witness.Http()
            .PostAsync($"sync/{room.Group.Id}/check?report=false&wait_seconds=5", null);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, InlineData("-1"), InlineData("61"), InlineData("soon")]
    public async Task A_wait_out_of_range_is_refused(string wait)
    {
        await using var room = await Room.OpenAsync();
        var answer = await room.Witness.Http().PostAsync($"sync/{room.Group.Id}/check?wait_seconds={wait}", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("wait_seconds");
    }

    [Theory, DatabaseData]
    public async Task Facts_that_an_agent_found_otherwise_are_read_in_full_again(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        await room.AnswerAsync(room.Beta, room.BetaReports, Dataset("backup"));
        await room.WorkAsync(OutcomeResult.Refused, "stale_plan");
        (await room.RequestAsync(room.Beta)).ShouldNotBeNull();
        (await room.AlphaReports.SendAsync(Dataset("tank"), Dataset("tank/d", 1, 2))).ReportInFull.ShouldBeTrue();
        (await room.BetaReports.SendAsync(Dataset("backup"))).ReportInFull.ShouldBeTrue();
        (await room.BetaReports.SendAsync(Dataset("backup"))).ReportInFull.ShouldBeFalse("it is said once");
    }

    [Fact]
    public async Task A_copy_that_is_said_to_be_done_and_is_not_reported_is_read_in_full_again()
    {
        await using var room = await Room.OpenAsync();
        await room.WorkAsync(OutcomeResult.Done);
        room.Witness.Time.Advance(TimeSpan.FromSeconds(1));
        await room.AnswerAsync(room.Beta, room.BetaReports, Dataset("backup"));
        await room.CheckAsync();
        (await room.BetaReports.SendAsync(Dataset("backup"))).ReportInFull.ShouldBeTrue();
        (await room.AlphaReports.SendAsync(Dataset("tank"), Dataset("tank/d", 1, 2))).ReportInFull.ShouldBeFalse();
    }

    [Theory, DatabaseData]
    public async Task Datasets_that_do_not_make_the_heads_digest_are_asked_for_in_full_once(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        var tank = Dataset("tank", 1);
        var head = room.AlphaReports.Head(["tank"], [tank]) with { Digest = "of something else" };
        (await PostAsync(head)).ReportInFull.ShouldBeTrue();
        (await PostAsync(Next())).ReportInFull.ShouldBeFalse("it was read anew and still does not fit");
        (await room.AlphaReports.PostAsync(Next())).Status.ShouldBe(
            ReportStatus.NeedsDatasets,
            "a digest that fits nothing proves nothing"
        );

        InventoryReport Next() => head with { Sequence = ++room.AlphaReports.Sequence };

        Task<ReportAnswer> PostAsync(InventoryReport report) =>
            room.AlphaReports.PostAsync(report with { Datasets = [Dataset(tank)] });
    }

    [Theory, DatabaseData]
    public async Task A_check_with_retry_ends_the_wait_after_a_failure(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        await room.WorkAsync(OutcomeResult.Failed, "space");
        (await room.CheckAsync()).Edges.ShouldHaveSingleItem().Reason.ShouldBe(ReasonCode.BackingOff);

        var edge = (await room.Witness.Admin.RetryAsync(room.Group.Id, default)).Edges.ShouldHaveSingleItem();

        edge.Run.ShouldNotBeNull().State.ShouldBe(InstructionState.Pending);
        edge.Failures.ShouldBe(1, "the next wait is the longer one");
    }
}
