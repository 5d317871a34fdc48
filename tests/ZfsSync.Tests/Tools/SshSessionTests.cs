using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;

namespace ZfsSync.Tests.Tools;

public sealed class SshSessionTests
{
    private const string Mark = "mark-of-this-session";

    private static Command Says(string text, string error = "", int code = 0) =>
        new("sh", "-c", "printf %s \"$1\"; printf %s \"$2\" >&2; exit \"$3\"", "sh", text, error, $"{code}");

    private static async Task<IReadOnlyList<CommandResult>> Run(params Command[] sequence) =>
        (await RunEach(sequence))[0];

    private static async Task<IReadOnlyList<IReadOnlyList<CommandResult>>> RunEach(params Command[][] sequences) =>
        SshSession.Read(
            await new LocalCommandRunner().RunAsync(
                SshSession.Of(sequences, Mark),
                null,
                TestContext.Current.CancellationToken
            ),
            sequences,
            Mark
        );

    [Fact]
    public async Task Each_keeps_its_exit_code_and_what_it_said_on_either_output()
    {
        (await Run(Says("one\n", "careful\n"), Says(""), Says("no end of line", "why\n", 3))).ShouldBe([
            new CommandResult(0, "", "one\ncareful\n"),
            new CommandResult(0, "", ""),
            new CommandResult(3, "", "no end of linewhy\n"),
        ]);
    }

    [Fact]
    public async Task Words_arrive_as_they_are()
    {
        (await Run(new Command("printf", "<%s>", "it's $HOME\n* \"x\" \\ ;", "", "%s"), Says("end")))[0]
            .ErrorTail.ShouldBe("<it's $HOME\n* \"x\" \\ ;><><%s>");
    }

    [Fact]
    public async Task What_comes_behind_a_failure_does_not_run_and_other_sequences_do()
    {
        var all = await RunEach(
            [Says("one"), Says("two", code: 1), Says("three")],
            [Says("four", code: 2)],
            [Says("five"), Says("six")]
        );
        all.Select(results => string.Join(' ', results.Select(result => result.ErrorTail)))
            .ShouldBe(["one two", "four", "five six"]);
        all.Select(results => results[^1].ExitCode).ShouldBe([1, 2, 0]);
    }

    [Fact]
    public async Task Sequences_run_side_by_side_and_none_reads_what_another_says()
    {
        var folder = Directory.CreateTempSubdirectory("zfs-sync");
        try
        {
            // Each waits for the other: one after the other they would wait for ever.
            var (here, there) = (Path.Combine(folder.FullName, "here"), Path.Combine(folder.FullName, "there"));
            (await RunEach([Meets(here, there), new Command("cat")], [Meets(there, here)]))
                .SelectMany(results => results)
                .ShouldBe([
                    new CommandResult(0, "", "met\n"),
                    new CommandResult(0, "", ""),
                    new CommandResult(0, "", "met\n"),
                ]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static Command Meets(string own, string other) =>
            new("sh", "-c", "touch \"$1\"; until [ -e \"$2\" ]; do sleep 0.01; done; echo met", "sh", own, other);
    }

    [Fact]
    public async Task A_program_that_is_missing_fails_as_in_a_session_of_its_own()
    {
        var command = new Command("program-of-no-path").At(new SshTarget("far"));
        var result = (await Run(Says("one"), command.At(null)))[1];
        result.ExitCode.ShouldBe(127);
        ToolFailure.Of(command, result).Kind.ShouldBe(ToolErrorKind.NotInstalled);
    }

    [Fact]
    public void A_session_that_breaks_is_the_failure_of_all_that_had_not_ended()
    {
        const string lost = "client_loop: send disconnect: Broken pipe\n";
        Command[][] sequences =
        [
            [Says("one"), Says("two"), Says("three")],
            [Says("four")],
        ];
        var broken = new CommandResult(255, "", $"tw{lost}");
        var all = SshSession.Read(new CommandResult(255, $"one\n{Mark} 0\ntw", lost), sequences, Mark);
        all[0].ShouldBe([new CommandResult(0, "", "one"), broken]);
        all[1].ShouldBe([broken]);
        all = SshSession.Read(new CommandResult(0, $"one\n{Mark} 0\n\n{Mark}", ""), sequences, Mark);
        all[1][0].ExitCode.ShouldBe(255);
    }

    [Fact]
    public void A_session_runs_on_the_host_of_its_commands()
    {
        var far = new SshTarget("far");
        SshSession
            .Of(
                [
                    [Says("one").At(far), Says("two").At(far)],
                ],
                Mark
            )
            .On.ShouldBe(far);
    }
}
