using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Tests.Cli;

public sealed class StatusTests
{
    [Fact]
    public async Task When_all_is_well_one_sentence_says_so()
    {
        using var room = Fleet.Room(Fleet.InSync);
        (await room.RunAsync("status")).ShouldBe(0);
        room.Out.ShouldBe(
            """
            The one copy is in sync.

            HOST   STATUS  LAST REPORT  POOLS   ZFS    AGENT  NOTE
            alpha  online  20 s ago     tank    2.3.1  0.1.0
            beta   online  20 s ago     backup  2.3.1  0.1.0

            """
        );
    }

    [Fact]
    public async Task What_is_wrong_comes_first_and_says_what_to_do()
    {
        using var room = Fleet.Room(Fleet.InSync, Fleet.Behind, Fleet.Conflict);
        (await room.RunAsync("status")).ShouldBe(5);
        room.Out.ShouldBe(
            """
            2 of 3 copies are not in sync (1 conflict, 1 out of sync).

            conflict: alpha:tank/vm -> beta:backup/alpha/vm, behind by 1 snapshot, 60 s
              backup/alpha/vm has 1 own snapshot after @mon.
            out of sync: alpha:tank/mail -> beta:backup/alpha/mail, behind by 2 snapshots, 2 h
              Bring backup/alpha/mail from @mon to @wed: 2 snapshots in 1 step.

            HOST   STATUS  LAST REPORT  POOLS   ZFS    AGENT  NOTE
            alpha  online  20 s ago     tank    2.3.1  0.1.0
            beta   online  20 s ago     backup  2.3.1  0.1.0

            Next:
              zfs-sync repair 2123456789abcde8   the ways out for beta:backup/alpha/vm
              zfs-sync plan   every decision with its reasons

            """
        );
    }

    [Fact]
    public async Task A_copy_that_lacks_something_for_longer_than_the_interval_is_late()
    {
        using var room = Fleet.Room(
            Fleet.InSync,
            Fleet.Behind with
            {
                LateAt = Room.Now.AddMinutes(-90),
            },
            Fleet.Conflict with
            {
                LateAt = Room.Now.AddMinutes(1),
            }
        );
        (await room.RunAsync("status")).ShouldBe(5);
        room.Out.ShouldStartWith("2 of 3 copies are not in sync (1 conflict, 1 out of sync); 1 late.\n");
        room.Out.ShouldContain("behind by 2 snapshots, 2 h, late for 90 min\n");
        room.Out.ShouldContain("behind by 1 snapshot, 60 s\n");
    }

    [Fact]
    public async Task A_silent_host_is_not_well_even_when_its_copies_are()
    {
        using var room = Fleet.Room(Fleet.InSync);
        room.Answers<IReadOnlyList<SystemResource>>(
            "GET systems",
            [Fleet.Alpha, Fleet.Beta with { ConnectivityStatus = ConnectivityStatus.Offline }],
            json => json.IReadOnlyListSystemResource
        );
        (await room.RunAsync("status")).ShouldBe(1);
        room.Out.ShouldStartWith("The one copy is in sync; 1 host silent.\n  beta is silent, last heard of 20 s ago\n");
    }

    [Fact]
    public async Task A_frozen_host_waits_for_a_person()
    {
        using var room = Fleet.Room(Fleet.InSync);
        room.Answers<IReadOnlyList<SystemResource>>(
            "GET systems",
            [Fleet.Alpha with { FrozenReason = "80 of 90 snapshots vanished at once" }, Fleet.Beta],
            json => json.IReadOnlyListSystemResource
        );
        (await room.RunAsync("status")).ShouldBe(5);
        room.Out.ShouldContain("alpha is frozen: 80 of 90 snapshots vanished at once");
        room.Out.ShouldContain("zfs-sync host thaw alpha");
    }

    [Fact]
    public async Task Without_a_group_the_one_command_that_makes_one_is_suggested()
    {
        using var room = Fleet.Room();
        room.Answers<IReadOnlyList<GroupResource>>("GET sync-groups", [], json => json.IReadOnlyListGroupResource);
        (await room.RunAsync("status")).ShouldBe(0);
        room.Out.ShouldContain("2 hosts report 2 pools; nothing is kept in sync yet.");
        room.Out.ShouldContain("zfs-sync group create backup --hub alpha:tank --to beta:backup/alpha");
    }

    [Fact]
    public async Task Simulated_hosts_are_called_simulated()
    {
        using var room = Fleet.Room(Fleet.InSync);
        room.Answers<IReadOnlyList<SystemResource>>(
            "GET systems",
            [Fleet.Alpha with { Simulated = true }],
            json => json.IReadOnlyListSystemResource
        );
        await room.RunAsync("status");
        room.Out.ShouldContain("These hosts are SIMULATED");
        room.Out.ShouldMatch("alpha .* SIMULATED");
    }

    [Fact]
    public async Task Json_is_only_data_in_the_names_of_the_api()
    {
        using var room = Fleet.Room(Fleet.Conflict);
        (await room.RunAsync("status", "--json")).ShouldBe(5);
        using var json = JsonDocument.Parse(room.Out);
        json.RootElement.GetProperty("exit_code").GetInt32().ShouldBe(5);
        var edge = json.RootElement.GetProperty("edges")[0];
        edge.GetProperty("state").GetString().ShouldBe("conflict");
        edge.GetProperty("repairs")[1].GetProperty("destroys")[0].GetString().ShouldBe("99");
        room.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_witness_away_is_exit_3_and_says_what_to_do()
    {
        using var room = new Room { IsWitnessAway = true };
        (await room.RunAsync("status", "--json")).ShouldBe(3);
        room.Out.ShouldBeEmpty();
        room.Error.ShouldBe(
            """
            zfs-sync: The witness at http://127.0.0.1:8000/api/v1/ was not reached: Connection refused. Is it running, and is the address right?
              Start it with: zfs-sync up. Or name another with --witness URL or ZFS_SYNC_URL.

            """
        );
    }

    [Fact]
    public async Task A_refused_key_is_exit_4()
    {
        using var room = new Room();
        room.Answers(
            "GET systems",
            new Problem { Detail = "The key is unknown.", Code = ProblemCodes.Unauthenticated },
            json => json.Problem,
            HttpStatusCode.Unauthorized
        );
        (await room.RunAsync("status")).ShouldBe(4);
        room.Error.ShouldStartWith("zfs-sync: The key is unknown.\n  Give a key with --key-file");
    }

    [Fact]
    public async Task The_plan_shows_steps_evidence_and_ways_out()
    {
        using var room = Fleet.Room(Fleet.InSync, Fleet.Behind, Fleet.Conflict);
        (await room.RunAsync("plan")).ShouldBe(0);
        room.Out.ShouldBe(
            """
            3 copies: 1 in sync, 1 to send (about 3 MiB), 1 conflict.

            alpha:tank/vm -> beta:backup/alpha/vm   [backup, 2123456789abcde8]
              conflict, conflict target_ahead, decided 15 s ago
              backup/alpha/vm has 1 own snapshot after @mon.
              - Newest in common: @mon (guid 21).
              - Only on the target: @local.
              Ways out, from harmless to destructive:
              * re_read: Read both inventories again.
              * rollback: Roll backup/alpha/vm back to @mon.
                  destroys @local (guid 99)
                  destroys what was written on the target since its newest snapshot
                  zfs-sync repair 2123456789abcde8 rollback

            alpha:tank/mail -> beta:backup/alpha/mail   [backup, 4123456789abcde9]
              out of sync, incremental, decided 15 s ago
              Bring backup/alpha/mail from @mon to @wed: 2 snapshots in 1 step.
              1. send -I @mon @wed (2 snapshots), about 3 MiB

            """
        );
        (await room.RunAsync("plan", "--exit-code")).ShouldBe(5);
    }

    [Fact]
    public async Task The_plan_asks_the_hosts_first_and_names_who_does_not_answer()
    {
        using var room = Fleet.Room(Fleet.InSync);
        room.Answers(
            $"POST sync/{Fleet.Backup.Id}/check",
            new CheckAnswer(Fleet.Backup.Id, Room.Now, []) { Awaited = ["beta"] },
            json => json.CheckAnswer
        );
        (await room.RunAsync("plan", "backup")).ShouldBe(0);
        room.Error.ShouldBe("beta did not answer: what is said of it is from its last report.\n");
        room.Requests.ShouldContain($"POST sync/{Fleet.Backup.Id}/check");

        room.Requests.Clear();
        (await room.RunAsync("plan", "backup", "--last")).ShouldBe(0);
        room.Requests.ShouldNotContain($"POST sync/{Fleet.Backup.Id}/check");
    }

    [Fact]
    public async Task A_key_that_may_only_look_sees_the_last_decisions()
    {
        using var room = Fleet.Room(Fleet.InSync);
        room.Answers(
            $"POST sync/{Fleet.Backup.Id}/check",
            new Problem { Code = ProblemCodes.Forbidden, Detail = "Operators only." },
            json => json.Problem,
            HttpStatusCode.Forbidden
        );
        (await room.RunAsync("plan")).ShouldBe(0);
        room.Error.ShouldContain("these are the last decisions");
        room.Out.ShouldContain("1 copy: 1 in sync.");
    }

    [Theory]
    [InlineData(EdgeState.InSync, 0)]
    [InlineData(EdgeState.OutOfSync, 1)]
    [InlineData(EdgeState.Error, 1)]
    [InlineData(EdgeState.Unproven, 1)]
    [InlineData(EdgeState.Conflict, 5)]
    public async Task The_exit_code_of_status_is_that_of_the_worst_edge(EdgeState state, int exitCode)
    {
        using var room = Fleet.Room(Fleet.InSync, Fleet.InSync with { State = state });
        (await room.RunAsync("status")).ShouldBe(exitCode);
    }
}
