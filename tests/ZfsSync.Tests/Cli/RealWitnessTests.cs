using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Cli;

/// <summary>The commands against the real witness, so that neither side can drift from the other.</summary>
public sealed class RealWitnessTests
{
    private static Room RoomWith(TestWitness witness)
    {
        var room = new Room { IsWitnessReal = true };
        room.Set("ZFS_SYNC_URL", witness.Address.ToString());
        room.Set("ZFS_SYNC_API_KEY", TestWitness.AdminKey);
        return room;
    }

    private static async Task<string> SaysAsync(Room room, int exitCode, params string[] arguments)
    {
        (await room.RunAsync(arguments)).ShouldBe(exitCode, $"{string.Join(' ', arguments)}: {room.Error}{room.Out}");
        return room.Out;
    }

    [Fact]
    public async Task From_two_hosts_to_a_planned_group()
    {
        await using var witness = await TestWitness.StartAsync();
        var alpha = await witness.JoinAsync("alpha");
        var beta = await witness.JoinAsync("beta");
        await new HostReports(witness, alpha).SendAsync(
            HostReports.Dataset("tank"),
            HostReports.Dataset("tank/home", 11, 12)
        );
        await new HostReports(witness, beta).SendAsync(
            HostReports.Dataset("backup"),
            HostReports.Dataset("backup/alpha")
        );
        using var room = RoomWith(witness);
        (await SaysAsync(room, 0, "status")).ShouldContain("nothing is kept in sync yet");
        await SaysAsync(room, 0, "group", "create", "nightly", "--hub", "alpha:tank", "--to", "beta:backup/alpha");
        await SaysAsync(room, 0, "sync", "nightly", "--no-wait");
        var plan = await SaysAsync(room, 0, "plan", "nightly", "--last");
        plan.ShouldContain("alpha:tank/home -> beta:backup/alpha/home");
        plan.ShouldContain("1. send @s11 in full");
        (await SaysAsync(room, 1, "status")).ShouldContain("1 of 1 copy is not in sync");
        (await SaysAsync(room, 0, "snapshot", "list", "--host", "alpha")).ShouldContain("tank/home@s12");
        await SaysAsync(room, 0, "group", "edit", "nightly", "--bandwidth", "2M", "--exclude", "tmp/**");
        var shown = await SaysAsync(room, 0, "group", "show", "nightly");
        shown.ShouldContain("all, without tmp/**");
        shown.ShouldContain("at most 2 MiB/s");
        await SaysAsync(room, 0, "host", "rename", "beta", "gamma");
        (await SaysAsync(room, 0, "group", "list")).ShouldContain("alpha:tank -> gamma:backup/alpha");
        await SaysAsync(room, 0, "group", "add", "nightly", "gamma:backup/second");
        await SaysAsync(room, 0, "group", "remove", "nightly", "gamma:backup/second");
        await SaysAsync(room, 0, "group", "delete", "nightly", "--yes");
        await SaysAsync(room, 0, "host", "remove", "gamma", "--yes");
        (await SaysAsync(room, 2, "host", "show", "gamma")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Completion_offers_the_names_of_hosts_and_groups()
    {
        await using var witness = await TestWitness.StartAsync();
        await witness.JoinAsync("alpha");
        await witness.JoinAsync("beta");
        using var room = RoomWith(witness);
        await SaysAsync(room, 0, "group", "create", "nightly", "--hub", "alpha:tank", "--to", "beta:backup");
        (await OfferedAsync("zfs-sync host show ")).ShouldBe(["alpha", "beta"]);
        (await OfferedAsync("zfs-sync host show be")).ShouldBe(["beta"]);
        (await OfferedAsync("zfs-sync snapshot list --host ")).ShouldBe(["alpha", "beta"]);
        (await OfferedAsync("zfs-sync sync ni")).ShouldBe(["nightly"]);
        (await OfferedAsync("zfs-sync group add nightly al")).ShouldBe(["alpha"]);
        room.Set("ZFS_SYNC_API_KEY", "wrong");
        (await OfferedAsync("zfs-sync host show ")).ShouldBeEmpty();
        room.Error.ShouldBeEmpty();

        async Task<string[]> OfferedAsync(string line)
        {
            var said = await SaysAsync(room, 0, $"[suggest:{line.Length}]", line);
            return
            [
                .. said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Where(word => word[0] != '-'),
            ];
        }
    }

    [Fact]
    public async Task Keys_are_made_shown_once_rotated_and_revoked()
    {
        await using var witness = await TestWitness.StartAsync();
        using var room = RoomWith(witness);
        var made = await SaysAsync(room, 0, "key", "create", "grafana", "--kind", "viewer", "--json");
        var secret = JsonDocument.Parse(made).RootElement.GetProperty("api_key").GetString()!;
        (await SaysAsync(room, 0, "key", "list")).ShouldNotContain(secret);
        room.Set("ZFS_SYNC_API_KEY", secret);
        await SaysAsync(room, 0, "host", "list");
        await SaysAsync(room, 4, "key", "list");
        room.Set("ZFS_SYNC_API_KEY", TestWitness.AdminKey);
        await SaysAsync(room, 0, "key", "rotate", "grafana");
        await SaysAsync(room, 0, "key", "revoke", "grafana", "--yes");
        room.Set("ZFS_SYNC_API_KEY", secret);
        await SaysAsync(room, 4, "host", "list");
        (await SaysAsync(room, 4, "config", "check")).ShouldContain("is healthy");
    }

    [Fact]
    public async Task What_the_witness_refuses_is_told_field_by_field()
    {
        await using var witness = await TestWitness.StartAsync();
        await witness.JoinAsync("alpha");
        using var room = RoomWith(witness);
        await SaysAsync(room, 2, "group", "create", "x", "--hub", "alpha:tank", "--to", "alpha:tank/copy");
        room.Error.ShouldContain("members[1].root");
        room.Error.ShouldContain("lies below the root 'tank'");
    }
}
