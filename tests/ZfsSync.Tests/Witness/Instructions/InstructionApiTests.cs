using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Features.Planning;

namespace ZfsSync.Tests.Witness.Instructions;

public sealed class InstructionApiTests
{
    private static async Task<(FleetRoom Room, TestHost Alpha, TestHost Beta, GroupResource Group)> BehindAsync(
        DatabaseKind kind = DatabaseKind.Sqlite
    )
    {
        var room = await FleetRoom.OpenAsync(kind);
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2 3"));
        await room.ReportAsync(beta, "b", ("b/d", "1"));
        var group = await room.GroupAsync(alpha, beta);
        await room.CheckAsync(group.Id);
        return (room, alpha, beta, group);
    }

    [Theory, DatabaseData]
    public async Task From_plan_to_proof(DatabaseKind kind)
    {
        var (room, _, beta, group) = await BehindAsync(kind);
        await using var _room = room;
        var claim = await room.ClaimAsync(beta);
        claim.Instruction.Steps.ShouldHaveSingleItem().ToGuid.ShouldBe(new SnapshotGuid(3));
        (await room.CheckAsync(group.Id))[0].State.ShouldBe(EdgeState.Syncing);

        var progress = await beta.Client.ProgressAsync(
            claim.Instruction.InstructionId,
            new ProgressReport(claim.LeaseId, 0, 1234),
            CancellationToken.None
        );
        progress.Stop.ShouldBeFalse();
        (await room.Witness.Admin.EdgesAsync(group.Id, CancellationToken.None))[0].Run!.Bytes.ShouldBe(1234);

        (await room.OutcomeAsync(beta, claim, OutcomeResult.Done)).State.ShouldBe(InstructionState.Done);
        (await room.CheckAsync(group.Id))[0].State.ShouldBe(EdgeState.Unproven);
        (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None)).ShouldBeEmpty();

        room.Witness.Time.Advance(TimeSpan.FromSeconds(1));
        await room.ReportAsync(beta, "b", ("b/d", "1 2 3"));
        var edge = (await room.CheckAsync(group.Id))[0];
        edge.State.ShouldBe(EdgeState.InSync);
        edge.ProvenSnapshot.ShouldBe("s3");
        edge.LastInSyncAt.ShouldNotBeNull();
        (await room.Witness.Admin.RunsAsync(10, CancellationToken.None))[0].Proven.ShouldBe(true);
    }

    [Theory, DatabaseData]
    [Trait("Scenario", "102")]
    public async Task A_success_that_the_next_report_does_not_show_is_flagged_unproven(DatabaseKind kind)
    {
        var (room, _, beta, group) = await BehindAsync(kind);
        await using var _room = room;
        await room.OutcomeAsync(beta, await room.ClaimAsync(beta), OutcomeResult.Done);
        room.Witness.Time.Advance(TimeSpan.FromSeconds(1));
        await room.ReportAsync(beta, "b", ("b/d", "1"));
        var edge = (await room.CheckAsync(group.Id))[0];
        edge.State.ShouldBe(EdgeState.Unproven);
        edge.LastError!.ShouldContain("does not show @s3");
        edge.Reason.ShouldBe(ReasonCode.BackingOff);
        (await room.Witness.Admin.RunsAsync(10, CancellationToken.None))[0].Proven.ShouldBe(false);

        room.Witness.Time.Advance(TimeSpan.FromSeconds(31));
        await room.CheckAsync(group.Id);
        (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None)).Count.ShouldBe(
            1,
            "it is tried again"
        );
    }

    [Theory, DatabaseData]
    [Trait("Scenario", "59")]
    public Task Of_two_runners_only_one_gets_the_lease(DatabaseKind kind) =>
        OneGetsTheLeaseAsync(kind, i => new ClaimRequest($"agent{i}") { LeaseId = Guid.NewGuid() });

    [Theory, DatabaseData]
    [Trait("Scenario", "59")]
    public Task Of_two_agents_with_the_same_id_only_one_gets_the_lease(DatabaseKind kind) =>
        OneGetsTheLeaseAsync(kind, _ => new ClaimRequest("agent") { LeaseId = Guid.NewGuid() });

    [Theory, DatabaseData]
    public Task Of_two_that_name_no_lease_only_one_gets_it(DatabaseKind kind) =>
        OneGetsTheLeaseAsync(kind, _ => new ClaimRequest("agent"));

    private static async Task OneGetsTheLeaseAsync(DatabaseKind kind, Func<int, ClaimRequest> claim)
    {
        var (room, _, beta, _) = await BehindAsync(kind);
        await using var _room = room;
        var id = (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None))[0].InstructionId;
        var attempts = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async i =>
                {
                    try
                    {
                        await beta.Client.ClaimAsync(id, claim(i), CancellationToken.None);
                        return "leased";
                    }
                    catch (WitnessException refused)
                    {
                        return refused.Code;
                    }
                })
        );
        attempts.Count(a => a == "leased").ShouldBe(1);
        attempts.Count(a => a == "not_claimable").ShouldBe(7);
    }

    [Theory, DatabaseData]
    public async Task Holds_are_forgotten_when_nothing_runs_of_their_edge_and_unless_it_is_unknown(DatabaseKind kind)
    {
        var (room, alpha, beta, _) = await BehindAsync(kind);
        await using var _room = room;
        var claim = await room.ClaimAsync(beta);
        string[] held = [claim.Instruction.EdgeId, "00000000000000aa"];
        (await alpha.Client.ForgottenHoldsAsync(alpha.Id, held, CancellationToken.None)).ShouldBeEmpty();

        await room.OutcomeAsync(beta, claim, OutcomeResult.Done);

        (await alpha.Client.ForgottenHoldsAsync(alpha.Id, held, CancellationToken.None)).ShouldBe([held[0]]);
        (await alpha.Client.ForgottenHoldsAsync(alpha.Id, [], CancellationToken.None)).ShouldBeEmpty();
        var tooMany = new string[HoldsFound.Most + 1];
        Array.Fill(tooMany, held[0]);
        (
            await Should.ThrowAsync<WitnessException>(() =>
                alpha.Client.ForgottenHoldsAsync(alpha.Id, tooMany, CancellationToken.None)
            )
        ).Message.ShouldContain("edge_ids");
    }

    [Theory, DatabaseData]
    public async Task Runs_are_listed_of_an_edge_or_of_a_group(DatabaseKind kind)
    {
        var (room, _, beta, group) = await BehindAsync(kind);
        await using var _room = room;
        var run = (await room.ClaimAsync(beta)).Instruction.InstructionId.ToString();
        var edge = (await room.CheckAsync(group.Id))[0].EdgeId;

        (await ListAsync($"edge_id={edge}")).ShouldContain(run);
        (await ListAsync($"sync_group_id={group.Id}")).ShouldContain(run);
        (await ListAsync($"edge_id={edge}&sync_group_id={group.Id}")).ShouldContain(run);
        (await ListAsync($"edge_id={Guid.NewGuid()}")).ShouldNotContain(run);
        (await ListAsync($"sync_group_id={Guid.NewGuid()}")).ShouldNotContain(run);
        (await ListAsync($"edge_id={edge}&sync_group_id={Guid.NewGuid()}")).ShouldNotContain(run);

        Task<string> ListAsync(string asked) =>
            room.Witness.Http().GetStringAsync($"runs?{asked}", CancellationToken.None);
    }

    [Theory, DatabaseData]
    public async Task A_claim_whose_answer_was_lost_can_be_repeated(DatabaseKind kind)
    {
        var (room, _, beta, _) = await BehindAsync(kind);
        await using var _room = room;
        var id = (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None))[0].InstructionId;
        var claim = new ClaimRequest("a1") { LeaseId = Guid.NewGuid() };
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => beta.Client.ClaimAsync(id, claim, CancellationToken.None))
        );
        answers.ShouldAllBe(answer => answer.LeaseId == claim.LeaseId);
    }

    [Fact]
    public async Task A_plan_that_changed_withdraws_what_waits()
    {
        var (room, alpha, beta, group) = await BehindAsync();
        await using var _room = room;
        var old = (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None))[0].InstructionId;
        await room.ReportAsync(alpha, "a", ("a/d", "1 2 3 4"));
        var refused = await Should.ThrowAsync<WitnessException>(() =>
            beta.Client.ClaimAsync(old, new ClaimRequest("a1"), CancellationToken.None)
        );
        (refused.Status, refused.Code).ShouldBe((409, "not_claimable"));
        var next = await room.ClaimAsync(beta);
        next.Instruction.InstructionId.ShouldNotBe(old);
        next.Instruction.Steps[^1].ToName.ShouldBe("s4");
        group.Id.ShouldBe(next.Instruction.SyncGroupId);
    }

    [Fact]
    public async Task A_lease_without_progress_ends_and_its_late_outcome_still_counts()
    {
        var (room, _, beta, group) = await BehindAsync();
        await using var _room = room;
        var claim = await room.ClaimAsync(beta);
        room.Witness.Time.Advance(TimeSpan.FromSeconds(121));
        await room.Witness.Services.GetRequiredService<PlanningLoop>().TickAsync(CancellationToken.None);
        (await room.Witness.Admin.EdgesAsync(group.Id, CancellationToken.None))[0].State.ShouldBe(EdgeState.OutOfSync);
        var lost = await Should.ThrowAsync<WitnessException>(() =>
            beta.Client.ProgressAsync(
                claim.Instruction.InstructionId,
                new ProgressReport(claim.LeaseId, 0, 1),
                CancellationToken.None
            )
        );
        lost.Code.ShouldBe("lease_lost");
        (await room.OutcomeAsync(beta, claim, OutcomeResult.Done)).State.ShouldBe(InstructionState.Done);
        (await room.OutcomeAsync(beta, claim, OutcomeResult.Done)).State.ShouldBe(
            InstructionState.Done,
            "twice is once"
        );
    }

    [Fact]
    public async Task An_outcome_is_refused_when_another_runner_has_the_instruction_since()
    {
        var (room, _, beta, _) = await BehindAsync();
        await using var _room = room;
        var first = await room.ClaimAsync(beta);
        room.Witness.Time.Advance(TimeSpan.FromSeconds(121));
        await room.Witness.Services.GetRequiredService<PlanningLoop>().TickAsync(CancellationToken.None);
        await beta.Client.ClaimAsync(first.Instruction.InstructionId, new ClaimRequest("a2"), CancellationToken.None);
        var refused = await Should.ThrowAsync<WitnessException>(() =>
            room.OutcomeAsync(beta, first, OutcomeResult.Done)
        );
        refused.Code.ShouldBe("lease_lost");
    }

    [Fact]
    public async Task Failures_wait_longer_each_time_and_the_edge_says_so()
    {
        var (room, _, beta, group) = await BehindAsync();
        await using var _room = room;
        await room.OutcomeAsync(beta, await room.ClaimAsync(beta), OutcomeResult.Failed, "space");
        var edge = (await room.CheckAsync(group.Id))[0];
        edge.State.ShouldBe(EdgeState.Error);
        edge.Reason.ShouldBe(ReasonCode.BackingOff);
        edge.Failures.ShouldBe(1);
        edge.LastError.ShouldBe("it said space");
        room.Witness.Time.Advance(TimeSpan.FromSeconds(31));
        await room.CheckAsync(group.Id);
        await room.OutcomeAsync(beta, await room.ClaimAsync(beta), OutcomeResult.Failed, "space");
        (await room.CheckAsync(group.Id))[0].Text.ShouldContain("The last 2 attempts failed");
        room.Witness.Time.Advance(TimeSpan.FromSeconds(31));
        (await room.CheckAsync(group.Id))[0].Reason.ShouldBe(ReasonCode.BackingOff, "now it is a minute");
    }

    [Fact]
    [Trait("Scenario", "36")]
    public async Task A_broken_raw_lineage_is_a_conflict_and_not_retried()
    {
        var (room, _, beta, group) = await BehindAsync();
        await using var _room = room;
        await room.EncryptAsync("a/d", "b/d");
        await room.CheckAsync(group.Id);
        var claim = await room.ClaimAsync(beta);
        claim.Instruction.Flags.Raw.ShouldBeTrue();
        await room.OutcomeAsync(beta, claim, OutcomeResult.Failed, "raw_lineage");
        room.Witness.Time.Advance(TimeSpan.FromMinutes(2));
        (await room.CheckAsync(group.Id))[0].Conflict.ShouldBe(ConflictKind.RawLineageBroken);
    }

    [Theory, DatabaseData]
    public async Task Files_found_in_a_target_that_looks_empty_are_a_conflict_until_somebody_asks_again(
        DatabaseKind kind
    )
    {
        await using var room = await FleetRoom.OpenAsync(kind);
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1"));
        await room.ReportAsync(beta, "b", ("b/d", ""));
        var group = await room.GroupAsync(alpha, beta);
        await room.Witness.Admin.UpdateGroupAsync(
            group.Id,
            new GroupDefinition { Policy = group.Policy with { AllowEmptyTarget = true } },
            CancellationToken.None
        );
        await room.CheckAsync(group.Id);

        await room.OutcomeAsync(beta, await room.ClaimAsync(beta), OutcomeResult.Refused, "target_has_files");

        room.Witness.Time.Advance(TimeSpan.FromMinutes(2));
        var edge = (await room.CheckAsync(group.Id)).ShouldHaveSingleItem();
        edge.Conflict.ShouldBe(ConflictKind.TargetHasData);
        edge.Failures.ShouldBe(0, "nothing failed");
        await room.Witness.Admin.RetryAsync(group.Id, CancellationToken.None);
        await room.CheckAsync(group.Id);
        (await room.ClaimAsync(beta)).Instruction.Steps.ShouldHaveSingleItem().Kind.ShouldBe(StepKind.Full);
    }

    [Fact]
    public async Task A_person_can_stop_a_transfer_and_it_pauses()
    {
        var (room, _, beta, group) = await BehindAsync();
        await using var _room = room;
        var claim = await room.ClaimAsync(beta);
        var stopped = await room.Witness.Http().PostAsync($"edges/{claim.Instruction.EdgeId}/stop", null);
        ((int)stopped.StatusCode).ShouldBe(202);
        var progress = await beta.Client.ProgressAsync(
            claim.Instruction.InstructionId,
            new ProgressReport(claim.LeaseId, 0, 1),
            CancellationToken.None
        );
        progress.Stop.ShouldBeTrue();
        await room.OutcomeAsync(beta, claim, OutcomeResult.Failed, "stopped");
        var edge = (await room.CheckAsync(group.Id))[0];
        edge.Text.ShouldContain("Somebody stopped it");
        edge.Failures.ShouldBe(0);
    }

    [Fact]
    public async Task A_long_poll_is_answered_as_soon_as_there_is_work()
    {
        var (room, alpha, beta, group) = await BehindAsync();
        await using var _room = room;
        await room.ReportAsync(beta, "b", ("b/d", "1 2 3"));
        await room.CheckAsync(group.Id);
        var poll = beta.Client.InstructionsAsync(beta.Id, 60, CancellationToken.None);
        await room.ReportAsync(alpha, "a", ("a/d", "1 2 3 4"));
        (await poll.WaitAsync(TimeSpan.FromSeconds(20))).Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Scenario", "86")]
    public async Task A_host_claims_and_reads_only_its_own()
    {
        var (room, alpha, beta, _) = await BehindAsync();
        await using var _room = room;
        var id = (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None))[0].InstructionId;
        (
            await Should.ThrowAsync<WitnessException>(() =>
                alpha.Client.ClaimAsync(id, new ClaimRequest("a1"), CancellationToken.None)
            )
        ).Status.ShouldBe(404);
        (
            await Should.ThrowAsync<WitnessException>(() =>
                alpha.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None)
            )
        ).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Deleting_a_group_stops_who_works_and_withdraws_what_waits()
    {
        var (room, _, beta, group) = await BehindAsync();
        await using var _room = room;
        var claim = await room.ClaimAsync(beta);
        await room.Witness.Admin.DeleteGroupAsync(group.Id, CancellationToken.None);
        var progress = await beta.Client.ProgressAsync(
            claim.Instruction.InstructionId,
            new ProgressReport(claim.LeaseId, 0, 1),
            CancellationToken.None
        );
        progress.Stop.ShouldBeTrue();
        await room.OutcomeAsync(beta, claim, OutcomeResult.Failed, "stopped");
        (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None)).ShouldBeEmpty();
    }
}
