using Shouldly;
using Xunit;
using ZfsSync.Cli;

namespace ZfsSync.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_documents_every_exit_code()
    {
        using var room = new Room();
        (await room.RunAsync("--help")).ShouldBe(0);
        foreach (var (code, meaning) in ExitCodes.Meanings)
            room.Out.ShouldMatch($@"\b{code}\b +{meaning[..8]}");
    }

    [Fact]
    public async Task Every_command_is_on_the_first_page_and_has_help()
    {
        using var room = new Room();
        await room.RunAsync("--help");
        var firstPage = room.Out;
        foreach (var command in CommandTree.Build(RoomFor.Anything).Subcommands)
        {
            firstPage.ShouldContain($"\n  {command.Name} ");
            (await room.RunAsync(command.Name, "--help")).ShouldBe(0);
            room.Out.ShouldContain($"zfs-sync {command.Name}");
            foreach (var below in command.Subcommands)
            {
                (await room.RunAsync(command.Name, below.Name, "--help")).ShouldBe(0);
                room.Out.ShouldContain($"zfs-sync {command.Name} {below.Name}");
            }
        }
    }

    [Theory]
    [InlineData("knows no command 'stauts'; did you mean 'status'?", "stauts")]
    [InlineData("knows no command 'lst'; did you mean 'list'?", "host", "lst")]
    [InlineData("knows no option or argument '--jsn'; did you mean '--json'?", "status", "--jsn")]
    [InlineData("Required command was not provided.", "host")]
    public async Task A_misspelling_is_answered_with_the_likely_word(string said, params string[] arguments)
    {
        using var room = new Room();
        (await room.RunAsync(arguments)).ShouldBe(2);
        room.Error.ShouldContain(said);
        room.Error.ShouldContain("--help");
    }

    [Fact]
    public async Task Without_arguments_the_first_page_is_shown()
    {
        using var room = new Room();
        (await room.RunAsync()).ShouldBe(2);
        room.Out.ShouldContain("Usage:");
    }

    [Fact]
    public async Task The_key_is_looked_for_in_options_then_environment_then_the_data_directory()
    {
        using var room = Fleet.Room(Fleet.InSync);
        var file = Path.Combine(room.Directory, "my.key");
        await File.WriteAllTextAsync(file, "from-file\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(room.Directory, "admin.key"),
            "from-data-dir\n",
            TestContext.Current.CancellationToken
        );
        await room.RunAsync("status", "--key-file", file);
        room.Keys[^1].ShouldBe("from-file");
        await room.RunAsync("status");
        room.Keys[^1].ShouldBe("secret");
        room.Set("ZFS_SYNC_API_KEY", null);
        await room.RunAsync("status");
        room.Keys[^1].ShouldBe("from-data-dir");
    }

    [Theory]
    [InlineData("http://10.0.0.7:9/", "--witness", "10.0.0.7:9")]
    [InlineData("https://w.example/", "--witness", "https://w.example")]
    public async Task An_address_may_leave_out_its_scheme(string expected, params string[] options)
    {
        using var room = new Room { IsWitnessAway = true };
        (await room.RunAsync(["status", .. options])).ShouldBe(3);
        room.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task A_wrong_address_or_key_file_is_exit_2()
    {
        using var room = new Room();
        (await room.RunAsync("status", "--witness", "ftp://x")).ShouldBe(2);
        (await room.RunAsync("status", "--key-file", "/nonexistent/key")).ShouldBe(2);
        room.Error.ShouldContain("/nonexistent/key");
    }

    [Fact]
    public async Task Config_show_shows_where_values_come_from_and_no_secret()
    {
        using var room = new Room();
        room.Set("ZFS_SYNC_URL", "http://w:1");
        (await room.RunAsync("config", "show")).ShouldBe(0);
        room.Out.ShouldMatch("witness +http://w:1 +ZFS_SYNC_URL");
        room.Out.ShouldMatch("key +set +ZFS_SYNC_API_KEY");
        room.Out.ShouldNotContain("secret");
    }
}
