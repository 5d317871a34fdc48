using System.Net;
using Shouldly;
using Xunit;
using ZfsSync.Cli.Hosting;
using ZfsSync.Contracts.Keys;
using ZfsSync.Simulation;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Cli;

public sealed class SetupTests
{
    private static ICommandRunner TwoPools()
    {
        var fleet = new SimulatedFleet(TimeProvider.System, seed: 3);
        fleet.AddHost("here").AddPool("tank");
        fleet["here"].AddPool("backup");
        return fleet.RunnerOn("here");
    }

    /// <summary>A host with ZFS on which the program zfs-sync-witness says what it is told to, until it is ended.</summary>
    private sealed class WithWitness(ICommandRunner host, IReadOnlyList<string> says, CommandResult? end = null)
        : ICommandRunner
    {
        /// <summary>It says nothing before this.</summary>
        public Task Starts { get; init; } = Task.CompletedTask;

        public IReadOnlyDictionary<string, string>? Variables { get; private set; }

        public async Task<CommandResult> RunAsync(
            Command command,
            Action<string>? onLine,
            CancellationToken cancellation
        )
        {
            if (!command.Program.EndsWith("zfs-sync-witness", StringComparison.Ordinal))
                return await host.RunAsync(command, onLine, cancellation);
            Variables = command.Variables;
            await Starts.WaitAsync(cancellation);
            foreach (var line in says)
                onLine!(line);
            if (end is null)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return end!;
        }

        public Task<PipeResult> PipeAsync(
            IReadOnlyList<Command> stages,
            PipeOptions options,
            CancellationToken cancellation
        ) => host.PipeAsync(stages, options, cancellation);
    }

    private static void AddWitnessProgram(Room room) =>
        File.WriteAllText(Path.Combine(room.Directory, "zfs-sync-witness"), "");

    private static void FillForUp(Room room)
    {
        AddWitnessProgram(room);
        room.Answers<IReadOnlyList<KeyResource>>("GET keys", [], json => json.IReadOnlyListKeyResource);
        room.Answers(
            "POST keys",
            new KeyResource
            {
                Id = Guid.NewGuid(),
                Kind = KeyKind.Enrollment,
                Name = "next",
                Prefix = "en",
                ApiKey = "en_token",
            },
            json => json.KeyResource
        );
        room.Answers(
            "POST systems/register",
            Fleet.Alpha with
            {
                Hostname = "here",
                ApiKey = "sy_key",
            },
            json => json.SystemResource,
            HttpStatusCode.Created
        );
    }

    [Fact]
    public async Task Up_says_where_with_which_key_what_was_found_and_what_to_do_next()
    {
        using var interrupt = new CancellationTokenSource();
        var programs = new WithWitness(
            TwoPools(),
            ["admin key: ad_secret", "zfs-sync-witness listens on http://127.0.0.1:8000"]
        );
        using var room = new Room
        {
            Programs = programs,
            Interrupt = interrupt.Token,
            OnRequest = request =>
            {
                // The agent works: everything that was to be said has been.
                if (request.EndsWith("/reports", StringComparison.Ordinal))
                    interrupt.Cancel();
            },
        };
        FillForUp(room);
        (await room.RunAsync("up", "--port", "8000")).ShouldBe(0, room.Error);
        room.Out.ShouldContain($"Witness    http://127.0.0.1:8000/   data in {room.Directory}\n");
        room.Out.ShouldContain("Admin key  ad_secret   shown only now; kept in ");
        room.Out.ShouldMatch("This host  here: OpenZFS 2\\.3.*, pool backup .* pool tank ");
        room.Out.ShouldContain("zfs-sync join http://here:8000 en_token\n");
        room.Out.ShouldContain("zfs-sync group create local --hub here:tank --to here:backup/tank\n");
        room.Keys[0].ShouldBe("ad_secret");
        programs.Variables!["ZFS_SYNC_DATA_DIR"].ShouldBe(room.Directory);
        programs.Variables["ZFS_SYNC_PORT"].ShouldBe("8000");
        programs.Variables.ContainsKey("ZFS_SYNC_PARENT_PID").ShouldBeTrue();
    }

    /// <summary>The first wait of half a minute is over at once; with the second one <paramref name="isAgain"/> is.</summary>
    private sealed class HalfMinutes(TaskCompletionSource isAgain) : TimeProvider
    {
        private int _waits;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var isWait = dueTime == TimeSpan.FromSeconds(30);
            if (isWait && ++_waits == 2)
                isAgain.SetResult();
            return base.CreateTimer(callback, state, isWait && _waits == 1 ? TimeSpan.Zero : dueTime, period);
        }
    }

    [Fact]
    public async Task Up_waits_for_a_witness_that_takes_long_to_start_and_says_so()
    {
        using var interrupt = new CancellationTokenSource();
        var isAgain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var room = new Room
        {
            Programs = new WithWitness(TwoPools(), ["zfs-sync-witness listens on http://127.0.0.1:8000"])
            {
                Starts = isAgain.Task,
            },
            Time = new HalfMinutes(isAgain),
            Interrupt = interrupt.Token,
            OnRequest = request =>
            {
                if (request.EndsWith("/reports", StringComparison.Ordinal))
                    interrupt.Cancel();
            },
        };
        FillForUp(room);
        (await room.RunAsync("up")).ShouldBe(0, room.Error);
        room.Error.ShouldStartWith("The witness is still starting after 30 s.");
        room.Out.ShouldContain("Stop: Ctrl-C.");
    }

    [Fact]
    public async Task Up_tells_why_the_witness_ended()
    {
        using var room = new Room
        {
            Programs = new WithWitness(
                TwoPools(),
                [],
                new CommandResult(2, "", "noise\nzfs-sync-witness: The port is taken. Set ZFS_SYNC_PORT.\n")
            ),
        };
        AddWitnessProgram(room);
        (await room.RunAsync("up")).ShouldBe(2);
        room.Error.ShouldBe("zfs-sync: The witness ended with exit code 2.\n  The port is taken. Set ZFS_SYNC_PORT.\n");
    }

    [Fact]
    public async Task Up_without_the_witness_program_says_where_it_may_be()
    {
        using var room = new Room();
        (await room.RunAsync("up")).ShouldBe(2);
        room.Error.ShouldContain("ZFS_SYNC_WITNESS_PATH");
    }

    [Fact]
    public async Task The_demo_refuses_the_data_of_a_real_witness()
    {
        using var room = new Room();
        AddWitnessProgram(room);
        await File.WriteAllTextAsync(
            Path.Combine(room.Directory, "zfs_sync.db"),
            "",
            TestContext.Current.CancellationToken
        );
        (await room.RunAsync("demo")).ShouldBe(2);
        room.Error.ShouldContain("holds the data of a real witness");
        File.Exists(Path.Combine(room.Directory, "zfs_sync.db")).ShouldBeTrue();
    }

    [Fact]
    public async Task Join_keeps_the_key_to_itself_and_says_how_to_go_on()
    {
        using var room = new Room { Programs = TwoPools(), Typed = "en_token\n" };
        FillForUp(room);
        (
            await room.RunAsync(
                "join",
                "w.example:9",
                "-",
                "--ssh-host",
                "here.lan",
                "--ssh-user",
                "zs",
                "--label",
                "rack=4"
            )
        ).ShouldBe(0, room.Error);
        room.Keys[^1].ShouldBe("en_token");
        room.Requests[^1].ShouldContain("\"ssh_hostname\":\"here.lan\",\"ssh_user\":\"zs\"");
        room.Requests[^1].ShouldContain("\"labels\":{\"rack\":\"4\"}");
        var file = Path.Combine(room.Directory, "agent-key.json");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        room.Out.ShouldNotContain("sy_key");
        room.Out.ShouldContain("zfs-sync agent");
        (await room.RunAsync("join", "w.example:9", "en_token")).ShouldBe(2);
        room.Error.ShouldContain("has joined already");
    }

    [Fact]
    public async Task A_host_that_has_joined_asks_its_witness_with_its_own_key()
    {
        using var room = new Room { Programs = TwoPools() };
        FillForUp(room);
        room.Set("ZFS_SYNC_API_KEY", null);
        await room.RunAsync("join", "http://w.example:9", "en_token");
        await room.RunAsync("host", "list");
        room.Keys[^1].ShouldBe("sy_key");
        await room.RunAsync("config", "show");
        room.Out.ShouldMatch("witness +http://w.example:9/ +the witness that this host has joined");
    }

    [Fact]
    public async Task An_agent_that_has_not_joined_says_how_to()
    {
        using var room = new Room();
        (await room.RunAsync("agent")).ShouldBe(2);
        room.Error.ShouldContain("zfs-sync join");
    }

    [Fact]
    public async Task The_doctor_names_what_is_missing()
    {
        using var room = new Room { Programs = TwoPools() };
        (await room.RunAsync("doctor")).ShouldBe(1);
        room.Out.ShouldContain("FAIL  identity");
        (await room.RunAsync("doctor", "--json")).ShouldBe(1);
        using var json = System.Text.Json.JsonDocument.Parse(room.Out);
        json.RootElement.GetProperty("findings").GetArrayLength().ShouldBeGreaterThan(2);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8000", "http://127.0.0.1:8000/", "http://here:8000/")]
    [InlineData("http://[::]:8000", "http://127.0.0.1:8000/", "http://here:8000/")]
    [InlineData("http://127.0.0.1:8000", "http://127.0.0.1:8000/", null)]
    [InlineData("http://10.1.2.3:80", "http://10.1.2.3/", "http://10.1.2.3/")]
    public void A_listening_address_becomes_one_that_can_be_reached(string listening, string local, string? remote)
    {
        Addresses.Local(new Uri(listening)).ToString().ShouldBe(local);
        Addresses.Remote(new Uri(listening), "here")?.ToString().ShouldBe(remote);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completion_scripts_are_valid_in_their_shell(string shell)
    {
        using var room = new Room();
        (await room.RunAsync("completion", shell)).ShouldBe(0);
        var script = Path.Combine(room.Directory, "script");
        await File.WriteAllTextAsync(script, room.Out, TestContext.Current.CancellationToken);
        var runner = new LocalCommandRunner();
        try
        {
            var result = await runner.RunAsync(
                new Command(shell, "-n", script),
                null,
                TestContext.Current.CancellationToken
            );
            result.ExitCode.ShouldBe(0, result.ErrorTail);
        }
        catch (ToolException missing) when (missing.Kind == ToolErrorKind.NotInstalled)
        {
            Assert.Skip($"{shell} is not installed: its completion script was not checked");
        }
    }

    [Fact]
    public async Task Completion_offers_commands_and_options()
    {
        using var room = new Room();
        await room.RunAsync("[suggest:14]", "zfs-sync host ");
        room.Out.ShouldBe("--help\n-h\nlist\nremove\nrename\nshow\nthaw\n", StringCompareShould.IgnoreLineEndings);
    }
}
