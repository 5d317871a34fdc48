using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Replication;

namespace ZfsSync.Tests.Cli;

public sealed class SyncTests
{
    private static readonly EdgeResource Running = Fleet.Behind with
    {
        State = EdgeState.Syncing,
        Run = new RunResource
        {
            InstructionId = Guid.Empty,
            EdgeId = Fleet.Behind.EdgeId,
            SyncGroupId = Fleet.Backup.Id,
            LogicalDataset = "mail",
            SourceHostname = "alpha",
            SourceDataset = "tank/mail",
            TargetHostname = "beta",
            TargetDataset = "backup/alpha/mail",
            ToName = "wed",
        },
    };

    private static readonly EdgeResource Unproven = Fleet.Behind with { State = EdgeState.Unproven };
    private static readonly EdgeResource Proven = Fleet.Behind with { State = EdgeState.InSync };

    private static Room Watching(params EdgeResource[] states)
    {
        var room = Fleet.Room(Fleet.Behind);
        room.AnswersInTurn<IReadOnlyList<EdgeResource>>(
            "GET edges",
            json => json.IReadOnlyListEdgeResource,
            [.. states.Select(s => new[] { s })]
        );
        return room;
    }

    [Fact]
    public async Task It_waits_for_the_proof_and_tells_each_change_once()
    {
        using var room = Watching(Fleet.Behind, Running, Running, Unproven, Proven);
        (await room.RunAsync("sync", "backup")).ShouldBe(0, room.Error);
        room.Error.ShouldBe(
            """
            alpha:tank/mail -> beta:backup/alpha/mail: waits for its agent
            alpha:tank/mail -> beta:backup/alpha/mail: sending @wed
            alpha:tank/mail -> beta:backup/alpha/mail: arrived; waits for the target's inventory
            alpha:tank/mail -> beta:backup/alpha/mail: in sync

            """
        );
        room.Out.ShouldBe("The one copy is in sync.\n");
    }

    [Fact]
    public async Task A_failure_is_exit_1_with_what_the_tool_said()
    {
        using var room = Watching(
            Running,
            Fleet.Behind with
            {
                State = EdgeState.Error,
                Decision = DecisionKind.Nothing,
                Reason = ReasonCode.BackingOff,
                Failures = 1,
                LastError = "out of space",
                Steps = [],
            }
        );
        (await room.RunAsync("sync")).ShouldBe(1);
        room.Out.ShouldContain("last error: out of space");
    }

    [Fact]
    public async Task A_conflict_is_exit_5_with_the_command_that_shows_the_ways_out()
    {
        using var room = Watching(Fleet.Conflict);
        (await room.RunAsync("sync")).ShouldBe(5);
        room.Out.ShouldContain($"zfs-sync repair {Fleet.Conflict.EdgeId}");
    }

    [Theory]
    [InlineData(ReasonCode.YoungerThanMinAge, 0)]
    [InlineData(ReasonCode.NoSelectedSnapshots, 0)]
    [InlineData(ReasonCode.MissingSshIdentity, 1)]
    [InlineData(ReasonCode.SourceStale, 1)]
    [InlineData(ReasonCode.HostFrozen, 5)]
    public async Task When_nothing_is_sent_the_reason_decides(ReasonCode reason, int exitCode)
    {
        using var room = Watching(Fleet.Behind with { Decision = DecisionKind.Nothing, Reason = reason, Steps = [] });
        (await room.RunAsync("sync")).ShouldBe(exitCode);
    }

    [Fact]
    public async Task Good_news_counts_only_when_both_hosts_have_looked_since()
    {
        using var room = Watching(Proven);
        var old = Fleet.Alpha with { LastReport = Room.Now.AddHours(-1) };
        room.AnswersInTurn<IReadOnlyList<SystemResource>>(
            "GET systems",
            json => json.IReadOnlyListSystemResource,
            [old, Fleet.Beta],
            [old, Fleet.Beta],
            [Fleet.Alpha, Fleet.Beta]
        );
        (await room.RunAsync("sync")).ShouldBe(0);
        room.Error.ShouldContain("waits for fresh reports");
    }

    [Fact]
    public async Task Good_news_decided_before_the_answers_came_does_not_count()
    {
        using var room = Watching(Running, Proven);
        room.AnswersInTurn(
            $"POST sync/{Fleet.Backup.Id}/check",
            json => json.CheckAnswer,
            new CheckAnswer(Fleet.Backup.Id, Room.Now.AddMinutes(-5), [Proven]),
            new CheckAnswer(Fleet.Backup.Id, Room.Now, [Fleet.Behind])
        );
        (await room.RunAsync("sync")).ShouldBe(0);
        room.Error.ShouldBe(
            """
            alpha:tank/mail -> beta:backup/alpha/mail: waits for its agent
            alpha:tank/mail -> beta:backup/alpha/mail: sending @wed
            alpha:tank/mail -> beta:backup/alpha/mail: in sync

            """
        );
    }

    [Fact]
    public async Task A_report_that_began_before_it_was_asked_for_is_no_answer_and_who_gives_none_is_named()
    {
        using var room = Watching(Proven);
        var asked = Room.Now.AddMinutes(-5);
        var answered = Fleet.Alpha with { ReportRequestedAt = asked, ReportAnsweredAt = asked };
        var silent = Fleet.Beta with { ReportRequestedAt = asked, ReportAnsweredAt = asked.AddSeconds(-1) };
        room.Answers<IReadOnlyList<SystemResource>>(
            "GET systems",
            [answered, silent],
            json => json.IReadOnlyListSystemResource
        );
        (await room.RunAsync("sync")).ShouldBe(1);
        room.Out.ShouldContain("beta did not report when it was asked to");
        room.Out.ShouldNotContain("alpha did not report");
    }

    [Fact]
    public async Task The_time_limit_ends_the_waiting()
    {
        using var room = Watching(Running);
        (await room.RunAsync("sync", "--timeout", "3s")).ShouldBe(1);
        room.Out.ShouldStartWith("1 of 1 copy not in sync when the time was up.");
    }

    [Fact]
    public async Task Json_is_the_edges_at_the_end()
    {
        using var room = Watching(Running, Proven);
        (await room.RunAsync("sync", "--json")).ShouldBe(0);
        using var json = JsonDocument.Parse(room.Out);
        json.RootElement[0].GetProperty("state").GetString().ShouldBe("in_sync");
    }

    [Fact]
    public async Task A_group_that_is_switched_off_is_refused()
    {
        using var room = Watching(Running);
        room.Answers<IReadOnlyList<ZfsSync.Contracts.Groups.GroupResource>>(
            "GET sync-groups",
            [Fleet.Backup with { Enabled = false }],
            json => json.IReadOnlyListGroupResource
        );
        (await room.RunAsync("sync", "backup")).ShouldBe(2);
        room.Error.ShouldContain("zfs-sync group edit backup --enable");
    }
}
