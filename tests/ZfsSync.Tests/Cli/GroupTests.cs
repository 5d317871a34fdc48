using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;

namespace ZfsSync.Tests.Cli;

public sealed class GroupTests
{
    private static Room Ready()
    {
        var room = Fleet.Room();
        room.Answers("POST sync-groups", Fleet.Backup, json => json.GroupResource);
        room.Answers($"PUT sync-groups/{Fleet.Backup.Id}", Fleet.Backup, json => json.GroupResource);
        return room;
    }

    [Fact]
    public async Task That_copies_must_be_encrypted_can_be_said_and_is_shown()
    {
        using var room = Fleet.Room();
        room.Answers(
            $"PUT sync-groups/{Fleet.Backup.Id}",
            Fleet.Backup with
            {
                Policy = new GroupPolicy { RequireEncryptedTarget = true },
            },
            json => json.GroupResource
        );
        (await room.RunAsync("group", "edit", "backup", "--require-encrypted-target", "yes")).ShouldBe(0, room.Error);
        Sent(room).ShouldContain("\"require_encrypted_target\":true");
        room.Out.ShouldContain("copies must be encrypted");
    }

    private static string Sent(Room room) => room.Requests.Last(r => !r.StartsWith("GET", StringComparison.Ordinal));

    [Fact]
    public async Task A_hub_is_made_with_names()
    {
        using var room = Ready();
        (
            await room.RunAsync(
                "group",
                "create",
                "backup",
                "--hub",
                "alpha:tank",
                "--to",
                "beta:backup/hosts/alpha",
                "--exclude",
                "tmp/**",
                "--min-age",
                "10m",
                "--bandwidth",
                "1.5M"
            )
        ).ShouldBe(0, room.Error);
        var sent = Sent(room);
        sent.ShouldContain("\"mode\":\"hub\"");
        sent.ShouldContain($"\"hub_system_id\":\"{Fleet.Alpha.Id}\"");
        sent.ShouldContain($"{{\"system_id\":\"{Fleet.Alpha.Id}\",\"role\":\"source\",\"root\":\"tank\"}}");
        sent.ShouldContain(
            $"{{\"system_id\":\"{Fleet.Beta.Id}\",\"role\":\"target\",\"root\":\"backup/hosts/alpha\"}}"
        );
        sent.ShouldContain("\"exclude\":[\"tmp/**\"]");
        sent.ShouldContain("\"min_age_seconds\":600");
        sent.ShouldContain("\"bandwidth_bytes_per_second\":1572864");
        room.Out.ShouldContain("alpha:tank -> beta:backup/alpha");
    }

    [Fact]
    public async Task Explicit_edges_name_members_by_place()
    {
        using var room = Ready();
        await room.RunAsync(
            "group",
            "create",
            "x",
            "--edge",
            "alpha:tank,beta:backup/a",
            "--edge",
            "beta:backup/a,alpha:attic"
        );
        Sent(room).ShouldContain("\"edges\":[{\"from\":0,\"to\":1},{\"from\":1,\"to\":2}]");
    }

    [Fact]
    public async Task A_misspelled_host_is_answered_with_the_likely_one()
    {
        using var room = Ready();
        (await room.RunAsync("group", "create", "x", "--hub", "alpha:tank", "--to", "bta:backup")).ShouldBe(2);
        room.Error.ShouldBe(
            "zfs-sync: There is no host 'bta'; did you mean 'beta'?\n  Known: alpha, beta. See: zfs-sync host list\n"
        );
        room.Requests.ShouldNotContain(r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("A hub alone copies nothing", "--hub", "alpha:tank")]
    [InlineData("needs --hub", "--to", "beta:backup")]
    [InlineData("at least two members", "--member", "beta:backup")]
    [InlineData("names no host", "--hub", ":tank", "--to", "beta:backup")]
    [InlineData("has an empty component", "--hub", "alpha:tank//x", "--to", "beta:backup")]
    [InlineData("which is no length of time", "--hub", "alpha", "--to", "beta", "--min-age", "soon")]
    [InlineData("does not name two places", "--edge", "alpha:tank")]
    [InlineData("leave --hub, --to and --member out", "--edge", "alpha:tank,beta:backup", "--to", "beta")]
    public async Task What_makes_no_group_is_said_before_the_witness_is_asked_to_make_it(
        string said,
        params string[] options
    )
    {
        using var room = Ready();
        (await room.RunAsync(["group", "create", "x", .. options])).ShouldBe(2);
        room.Error.ShouldContain(said);
        room.Requests.ShouldNotContain(r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Edit_sends_only_what_was_named()
    {
        using var room = Ready();
        (await room.RunAsync("group", "edit", "backup", "--interval", "2h")).ShouldBe(0, room.Error);
        Sent(room).ShouldBe($"PUT sync-groups/{Fleet.Backup.Id} {{\"sync_interval_seconds\":7200}}");
        (await room.RunAsync("group", "edit", "backup")).ShouldBe(2);
    }

    [Fact]
    public async Task Removing_the_hub_is_refused()
    {
        using var room = Ready();
        (await room.RunAsync("group", "remove", "backup", "alpha")).ShouldBe(2);
        room.Error.ShouldContain("zfs-sync group delete backup");
    }

    [Fact]
    public async Task Delete_asks_for_the_name()
    {
        using var room = new Room { IsTerminal = true, Typed = "back\n" };
        Fleet.Fill(room);
        (await room.RunAsync("group", "delete", "backup")).ShouldBe(1);
        room.Requests.ShouldNotContain(r => r.StartsWith("DELETE", StringComparison.Ordinal));
        using var pipe = Ready();
        (await pipe.RunAsync("group", "delete", "backup")).ShouldBe(2);
        pipe.Error.ShouldContain("--yes");
    }

    [Fact]
    public async Task Adding_to_a_hub_adds_a_target()
    {
        using var room = Ready();
        (await room.RunAsync("group", "add", "backup", "beta:attic")).ShouldBe(0, room.Error);
        Sent(room).ShouldContain($"{{\"system_id\":\"{Fleet.Beta.Id}\",\"role\":\"target\",\"root\":\"attic\"}}");
    }
}
