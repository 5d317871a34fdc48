using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Commands.Native;

namespace ZfsSync.Tests.Tools;

/// <summary>Pipes whose bytes the kernel counts, so that one program reads straight from the other.</summary>
public sealed class KernelCountTests
{
    private static readonly LocalCommandRunner Runner = new();
    private static readonly PipeOptions Counted = new() { CountsByKernel = true };

    /// <summary>Say which pipe they are at, then become the program.</summary>
    private static readonly Command Sender = new(
        "sh",
        "-c",
        "pipe=$(readlink /proc/$$/fd/1); echo $pipe >&2; exec head -c 100000 /dev/zero"
    );
    private static readonly Command Receiver = new(
        "sh",
        "-c",
        "pipe=$(readlink /proc/$$/fd/0); echo $pipe >&2; exec cat"
    );

    private static Task<PipeResult> Pipe(PipeOptions options, params Command[] stages) =>
        Runner.PipeAsync(stages, options, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000_000)]
    public async Task The_kernel_counts_each_byte(int bytes)
    {
        var result = await Pipe(Counted, new Command("head", "-c", $"{bytes}", "/dev/zero"), new Command("cat"));
        result.IsSuccess.ShouldBeTrue();
        result.Bytes.ShouldBe(bytes);
    }

    [Fact]
    public async Task The_receiver_reads_straight_from_the_sender()
    {
        var result = await Pipe(Counted, Sender, Receiver);
        result.Stages[0].ErrorTail.ShouldStartWith("pipe:");
        result.Stages[1].ErrorTail.ShouldBe(result.Stages[0].ErrorTail);
    }

    [Fact]
    public async Task With_a_limit_we_stand_between_them()
    {
        var result = await Pipe(Counted with { BytesPerSecond = 100_000_000 }, Sender, Receiver);
        result.Bytes.ShouldBe(100_000);
        result.Stages[1].ErrorTail.ShouldNotBe(result.Stages[0].ErrorTail);
    }

    [Fact]
    public async Task Progress_grows_while_bytes_flow_and_what_it_throws_ends_the_pipe()
    {
        var seen = new List<long>();
        await Should.ThrowAsync<TimeoutException>(() =>
            Pipe(
                Counted with
                {
                    OnProgress = bytes =>
                    {
                        seen.Add(bytes);
                        if (seen.Count == 2)
                            throw new TimeoutException("the lease has ended");
                    },
                },
                new Command("cat", "/dev/zero"),
                new Command("cat")
            )
        );
        seen.Count.ShouldBe(2);
        seen[1].ShouldBeGreaterThan(seen[0]);
    }

    [Fact]
    public async Task When_one_ends_the_other_notices()
    {
        var result = await Pipe(Counted, new Command("cat", "/dev/zero"), new Command("head", "-c", "5"));
        result.Stages.Select(stage => stage.ExitCode).ShouldBe([128 + 13, 0]);
        var broken = await Pipe(Counted, new Command("false"), new Command("cat"));
        broken.Stages.Select(stage => stage.ExitCode).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task Cancelling_ends_both()
    {
        using var cancel = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Runner.PipeAsync(
                [new Command("cat", "/dev/zero"), new Command("cat")],
                Counted with
                {
                    OnProgress = _ => cancel.Cancel(),
                },
                cancel.Token
            )
        );
    }

    [Fact]
    public void A_program_ends_with_its_lifeline()
    {
        var sleep = new Command("sleep", "1000");
        using var error = PipeEnds.Create();
        using var lifeline = new Lifeline();
        var child = ProgramStart.Of(sleep).Start(null, null, error.Writer, lifeline);
        child.HasExited().ShouldBeFalse();
        // As the kernel does with all that a process has open when it dies.
        lifeline.Dispose();
        const int signalled = 128 + 29;
        child.Reap().ShouldBe(signalled);
    }

    [Fact]
    public void Only_a_sender_of_this_machine_is_counted_by_the_kernel()
    {
        var send = new Command("zfs", "send", "tank@a");
        var receive = new Command("zfs", "receive", "backup");
        var far = new SshTarget("far");
        bool Counts(Command sender, Command receiver, bool isCompressed) =>
            StreamPath.Of([sender], [receiver], isCompressed).CountsByKernel;
        Counts(send, receive, isCompressed: false).ShouldBeTrue();
        Counts(send, receive.At(far), isCompressed: false).ShouldBeTrue();
        Counts(send, receive.At(far), isCompressed: true).ShouldBeTrue();
        Counts(send.At(far), receive, isCompressed: false).ShouldBeFalse();
        Counts(send.At(far), receive, isCompressed: true).ShouldBeFalse();
    }
}
