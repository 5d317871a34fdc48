using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Tools;

/// <summary>Stages that are more than one program, really run.</summary>
public sealed class StreamStageTests : IDisposable
{
    private static readonly LocalCommandRunner Runner = new();
    private static readonly SshTarget Far = new("far");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zfs-sync-stage");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Received(int turn) => Path.Combine(_folder.FullName, $"{turn}");

    /// <summary>Takes so many bytes, and leaves the others in the pipe.</summary>
    private Command Take(int bytes, int turn, int exitCode = 0) =>
        new(
            "sh",
            "-c",
            "dd bs=1 count=\"$1\" of=\"$2\" status=none; exit \"$3\"",
            "sh",
            $"{bytes}",
            Received(turn),
            $"{exitCode}"
        );

    private static Command Say(string text, int exitCode = 0) =>
        new("sh", "-c", "printf %s \"$1\"; echo \"said $1\" >&2; exit \"$2\"", "sh", text, $"{exitCode}");

    /// <summary>As on the hosts, without ssh.</summary>
    private static Task<PipeResult> RunAsync(StreamPath path) =>
        Runner.PipeAsync(
            [.. path.Stages.Select(stage => stage.At(null))],
            new PipeOptions { MeasuredBehind = path.MeasuredBehind },
            TestContext.Current.CancellationToken
        );

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Streams_arrive_in_turn_each_at_its_receiver(bool isPushed, bool isCompressed)
    {
        var path = StreamPath.Of(
            [.. new[] { "first", "second", "3" }.Select(text => Say(text).At(isPushed ? null : Far))],
            [.. new[] { 5, 6, 1 }.Select((bytes, turn) => Take(bytes, turn).At(isPushed ? Far : null))],
            isCompressed
        );
        var result = await RunAsync(path);
        result.IsSuccess.ShouldBeTrue(string.Join("", result.Stages.Select(stage => stage.ErrorTail)));
        result.Stages[0].ErrorTail.ShouldBe("said first\nsaid second\nsaid 3\n");
        if (!isCompressed)
            result.Bytes.ShouldBe(12);
        (await Task.WhenAll(Enumerable.Range(0, 3).Select(turn => File.ReadAllTextAsync(Received(turn))))).ShouldBe([
            "first",
            "second",
            "3",
        ]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_sender_that_ends_badly_no_other_is_started(bool isCompressed)
    {
        var path = StreamPath.Of(
            [Say("first").At(Far), Say("half", exitCode: 7).At(Far), Say("third").At(Far)],
            [Take(5, 0), Take(6, 1), Take(5, 2)],
            isCompressed
        );
        var result = await RunAsync(path);
        result.Stages[0].ExitCode.ShouldBe(7);
        result.Stages[0].ErrorTail.ShouldBe("said first\nsaid half\n");
        (await File.ReadAllTextAsync(Received(1))).ShouldBe("half");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_receiver_that_ends_badly_no_other_is_started(bool isCompressed)
    {
        var path = StreamPath.Of(
            [Say("first"), Say("second")],
            [Take(5, 0, exitCode: 3).At(Far), Take(6, 1).At(Far)],
            isCompressed
        );
        var result = await RunAsync(path);
        result.Stages[^1].ExitCode.ShouldBe(3);
        File.Exists(Received(1)).ShouldBeFalse();
    }

    [Fact]
    public async Task No_word_ends_a_command_or_becomes_one()
    {
        string[] words =
        [
            "a b",
            "",
            "2",
            "'",
            "\"",
            "$(echo no)",
            "`echo no`",
            "\\",
            "-n",
            "&&",
            "exit",
            "é\n*",
            "${10}",
        ];
        Command[] commands = [new("printf", ["<%s>", .. words]), new("printf", ["[%s]", .. words.Reverse()])];
        var result = await Runner.RunAsync(
            StreamStage.Of(commands, StreamPacking.None),
            null,
            TestContext.Current.CancellationToken
        );
        result.ExitCode.ShouldBe(0, result.ErrorTail);
        result.Output.ShouldBe(
            string.Concat(words.Select(word => $"<{word}>"))
                + string.Concat(words.Reverse().Select(word => $"[{word}]"))
        );
    }

    [Theory]
    [InlineData(StreamPacking.None)]
    [InlineData(StreamPacking.Packs)]
    [InlineData(StreamPacking.Unpacks)]
    public void What_was_put_into_a_stage_is_read_out_of_it(StreamPacking packing)
    {
        Command one = new Command("zfs", "send", "tank/a b@1").At(Far);
        Command other = new Command("zfs", "send", "-i", "@1", "tank/a b@2").At(Far);
        foreach (var commands in new[] { [one], new[] { one, other }, [one, other, one] })
        {
            var (read, readPacking) = StreamStage.Read(StreamStage.Of(commands, packing));
            readPacking.ShouldBe(packing);
            read.Select(command => command.ToString()).ShouldBe(commands.Select(command => command.ToString()));
        }
    }

    [Fact]
    public void A_failure_shows_the_commands_and_not_the_shell_around_them()
    {
        var stage = StreamStage.Of(
            [new Command("zfs", "send", "tank/a@1").At(Far), new Command("zfs", "send", "tank/a@2").At(Far)],
            StreamPacking.Packs
        );
        ToolFailure
            .Of(stage, new CommandResult(1, "", "cannot open 'tank/a@2': dataset does not exist\n"))
            .Message.ShouldBe(
                "'[far] zfs send tank/a@1 && zfs send tank/a@2' ended with exit code 1: cannot open 'tank/a@2': dataset does not exist"
            );
        ToolFailure
            .Of(stage, new CommandResult(127, "", "sh: 4: zfs: not found\n"))
            .Message.ShouldStartWith("On far: The program 'zfs' is not installed");
    }
}
