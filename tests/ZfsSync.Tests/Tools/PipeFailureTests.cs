using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Tools;

public sealed class PipeFailureTests
{
    private static readonly Command Send = new("zfs", "send", "tank/a@b");
    private static readonly Command Receive = new("zfs", "receive", "-s", "-u", "backup/a");
    private static readonly SshTarget Far = new("far");

    [Fact]
    public void The_receivers_reason_beats_the_senders_broken_pipe() =>
        Kind(
                (Send, 1, "warning: cannot send 'tank/a@b': Broken pipe\n"),
                (
                    Receive,
                    1,
                    "cannot receive incremental stream: destination backup/a has been modified\nsince most recent snapshot\n"
                )
            )
            .ShouldBe(ToolErrorKind.Modified);

    [Fact]
    public void The_receivers_reason_beats_a_sender_that_sigpipe_killed() =>
        Kind((Send, 141, ""), (Receive, 1, "cannot receive incremental stream: dataset is busy\n"))
            .ShouldBe(ToolErrorKind.Partial);

    [Fact]
    public void The_senders_reason_beats_a_receiver_that_got_half() =>
        Kind(
                (Send, 1, "cannot open 'tank/a@b': dataset does not exist\n"),
                (Receive, 1, "cannot receive: failed to read from stream\n")
            )
            .ShouldBe(ToolErrorKind.Gone);

    [Fact]
    public void A_lost_connection_beats_what_the_receiver_made_of_it() =>
        Kind(
                (Send.At(Far), 255, "client_loop: send disconnect: Broken pipe\n"),
                (Receive, 1, "cannot receive new filesystem stream: incomplete stream\n")
            )
            .ShouldBe(ToolErrorKind.Unreachable);

    [Fact]
    public void A_receivers_words_beat_an_ssh_that_lost_its_reader() =>
        Kind((Send.At(Far), 255, ""), (Receive, 1, "cannot receive: something new\n")).ShouldBe(ToolErrorKind.Unknown);

    [Fact]
    public void An_ssh_that_ends_without_a_word_beats_a_receiver_that_got_half() =>
        Kind(
                (Send.At(Far), 255, ""),
                (Receive, 1, "cannot receive incremental stream: checksum mismatch or incomplete stream.\n")
            )
            .ShouldBe(ToolErrorKind.Unreachable);

    [Fact]
    public void Usage_is_left_out_of_the_message() =>
        Of((Send, 2, "cannot open 'tank/a@b': dataset does not exist\nusage:\n\tsend ...\n"), (Receive, 1, ""))
            .Message.ShouldEndWith("does not exist");

    [Fact]
    public void A_remote_receivers_reason_comes_through_ssh() =>
        Kind((Send, 141, ""), (Receive.At(Far), 1, "cannot receive new filesystem stream: out of space\n"))
            .ShouldBe(ToolErrorKind.Space);

    [Fact]
    public void A_middle_stage_that_says_something_beats_neighbours_that_say_nothing() =>
        Kind(
                (Send, 141, ""),
                (new Command("zstd", "-qdc"), 1, "zstd: /*stdin*\\: unsupported format\n"),
                (Receive, 1, "")
            )
            .ShouldBe(ToolErrorKind.Unknown);

    [Fact]
    public void The_message_names_the_stage_and_its_words()
    {
        var fault = Of((Send, 141, ""), (Receive, 1, "cannot receive new filesystem stream: out of space\n"));
        fault.Message.ShouldBe(
            "'zfs receive -s -u backup/a' ended with exit code 1: cannot receive new filesystem stream: out of space"
        );
        fault.ExitCode.ShouldBe(1);
    }

    [Fact]
    public void A_pipe_without_a_failure_has_none() =>
        Should.Throw<ArgumentException>(() => Of((Send, 0, ""), (Receive, 0, "")));

    private static ToolErrorKind Kind(params (Command Command, int ExitCode, string Error)[] stages) => Of(stages).Kind;

    private static ToolException Of(params (Command Command, int ExitCode, string Error)[] stages) =>
        PipeFailure.Of(
            [.. stages.Select(stage => stage.Command)],
            new PipeResult([.. stages.Select(stage => new CommandResult(stage.ExitCode, "", stage.Error))], 0)
        );
}
