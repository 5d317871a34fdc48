using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;

namespace ZfsSync.Tests.Cli;

public sealed class RepairTests
{
    private static readonly string Approval = $"POST edges/{Fleet.Conflict.EdgeId}/repairs";

    private static void Fill(Room room)
    {
        Fleet.Fill(room, Fleet.Conflict);
        room.Answers(
            Approval,
            new ApprovalAnswer(Fleet.Conflict.EdgeId, Room.Now.AddHours(1)),
            json => json.ApprovalAnswer
        );
    }

    [Fact]
    public async Task Typing_the_dataset_approves_exactly_what_was_shown()
    {
        using var room = new Room { IsTerminal = true, Typed = "backup/alpha/vm\n" };
        Fill(room);
        (await room.RunAsync("repair", "vm", "rollback")).ShouldBe(0, room.Error);
        room.Error.ShouldContain("destroys @local (guid 99)");
        room.Error.ShouldContain("Type backup/alpha/vm to go on: ");
        room.Requests[^1]
            .ShouldBe($"{Approval} {{\"kind\":\"rollback\",\"destroys\":[\"99\"],\"expires_seconds\":3600}}");
    }

    [Fact]
    public async Task Anything_else_does_nothing()
    {
        using var room = new Room { IsTerminal = true, Typed = "yes\n" };
        Fill(room);
        (await room.RunAsync("repair", "vm", "rollback")).ShouldBe(1);
        room.Requests.ShouldNotContain(r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "--yes", "--destroys", "99")]
    [InlineData(5, "--yes")]
    [InlineData(5, "--yes", "--destroys", "98")]
    [InlineData(5, "--yes", "--destroys", "98,99")]
    [InlineData(2, "--yes", "--destroys", "x")]
    [InlineData(2)]
    public async Task A_script_names_the_guids_that_may_be_lost(int exitCode, params string[] options)
    {
        using var room = new Room();
        Fill(room);
        (await room.RunAsync(["repair", Fleet.Conflict.EdgeId, "rollback", .. options])).ShouldBe(exitCode, room.Error);
        room.Requests.Any(r => r.StartsWith(Approval, StringComparison.Ordinal)).ShouldBe(exitCode == 0);
    }

    [Fact]
    public async Task A_way_out_that_is_not_offered_names_those_that_are()
    {
        using var room = new Room();
        Fill(room);
        (await room.RunAsync("repair", "vm", "rolback")).ShouldBe(2);
        room.Error.ShouldContain("did you mean 'rollback'?");
        (await room.RunAsync("repair", "vm", "re_read")).ShouldBe(2);
        room.Error.ShouldContain("is not done by zfs-sync");
    }

    [Fact]
    public async Task Without_an_option_the_ways_out_are_shown()
    {
        using var room = new Room();
        Fill(room);
        (await room.RunAsync("repair", "vm")).ShouldBe(5);
        room.Out.ShouldContain("* rollback: Roll backup/alpha/vm back to @mon.");
    }
}
