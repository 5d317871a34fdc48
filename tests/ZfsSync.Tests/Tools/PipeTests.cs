using System.Diagnostics;
using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Tools;

/// <summary>Pipes, really run.</summary>
public sealed class PipeTests : IDisposable
{
    private static readonly LocalCommandRunner Runner = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zfs-sync-pipe");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Out => Path.Combine(_folder.FullName, "out");

    private Command ToFile(string program) => new("sh", "-c", $"{program} > \"$1\"", "sh", Out);

    private static Task<PipeResult> Pipe(PipeOptions options, params Command[] stages) =>
        Runner.PipeAsync(stages, options, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_hundred_million_bytes_arrive_counted_and_unchanged()
    {
        // The same bytes each time: numbers, one a line.
        var source = new Command("sh", "-c", "seq 10000000 99999999 | head -c 100000000");
        var result = await Pipe(PipeOptions.None, source, ToFile("sha256sum"));
        result.IsSuccess.ShouldBeTrue();
        result.Bytes.ShouldBe(100_000_000);
        var direct = await Runner.RunAsync(
            new Command("sh", "-c", "seq 10000000 99999999 | head -c 100000000 | sha256sum"),
            null,
            TestContext.Current.CancellationToken
        );
        (await File.ReadAllTextAsync(Out)).ShouldBe(direct.Output);
    }

    [Fact]
    public async Task Pieces_of_any_size_arrive_counted_and_unchanged()
    {
        // Each write is a piece of its own for the pipe; some wait for more to come with them.
        const string pieces = "for size in 1 99 4097 70000; do seq 100000 | dd bs=$size status=none; sleep 0.01; done";
        var result = await Pipe(PipeOptions.None, new Command("sh", "-c", pieces), ToFile("sha256sum"));
        result.IsSuccess.ShouldBeTrue();
        var direct = await Runner.RunAsync(
            new Command(
                "sh",
                "-c",
                "for copy in 1 2 3 4; do seq 100000; done | tee \"$1\" | sha256sum",
                "sh",
                $"{Out}.whole"
            ),
            null,
            TestContext.Current.CancellationToken
        );
        result.Bytes.ShouldBe(new FileInfo($"{Out}.whole").Length);
        (await File.ReadAllTextAsync(Out)).ShouldBe(direct.Output);
    }

    [Fact]
    public async Task Every_stage_keeps_its_exit_code_and_its_errors()
    {
        var result = await Pipe(
            PipeOptions.None,
            new Command("sh", "-c", "echo data; echo one >&2; exit 1"),
            new Command("sh", "-c", "cat; echo two >&2; exit 2"),
            new Command("sh", "-c", "cat > \"$1\"; echo three >&2; exit 3", "sh", Out)
        );
        result.Stages.Select(stage => stage.ExitCode).ShouldBe([1, 2, 3]);
        result.Stages.Select(stage => stage.ErrorTail).ShouldBe(["one\n", "two\n", "three\n"]);
        result.IsSuccess.ShouldBeFalse();
        (await File.ReadAllTextAsync(Out)).ShouldBe("data\n");
        result.Bytes.ShouldBe(5);
    }

    [Fact]
    public async Task When_the_receiver_gives_up_the_sender_dies_of_sigpipe()
    {
        var result = await Pipe(
            PipeOptions.None,
            new Command("cat", "/dev/zero"),
            new Command("sh", "-c", "head -c 5 >/dev/null; echo no >&2; exit 1")
        );
        result.Stages[0].ExitCode.ShouldBe(128 + 13);
        result.Stages[1].ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task When_the_sender_fails_the_receiver_sees_the_end()
    {
        var result = await Pipe(PipeOptions.None, new Command("sh", "-c", "printf half; exit 1"), ToFile("cat"));
        result.Stages.Select(stage => stage.ExitCode).ShouldBe([1, 0]);
        (await File.ReadAllTextAsync(Out)).ShouldBe("half");
    }

    [Fact]
    public async Task A_missing_program_starts_nothing()
    {
        await Should.ThrowAsync<ToolException>(() =>
            Pipe(PipeOptions.None, ToFile("echo started"), new Command("program-of-no-path"))
        );
        File.Exists(Out).ShouldBeFalse();
    }

    [Theory]
    [InlineData(20_000_000, 20_000_000)]
    [InlineData(1_000_000, 1_500_000)]
    [InlineData(2_000, 3_000)]
    public async Task The_rate_limit_holds_at_any_rate(long bytesPerSecond, int bytes)
    {
        var watch = Stopwatch.StartNew();
        var result = await Pipe(
            new PipeOptions { BytesPerSecond = bytesPerSecond },
            new Command("head", "-c", $"{bytes}", "/dev/zero"),
            new Command("cat")
        );
        result.Bytes.ShouldBe(bytes);
        // Never faster, save for the bucket of a tenth of a second; how much slower is up to the machine.
        var ideal = (double)bytes / bytesPerSecond;
        watch.Elapsed.TotalSeconds.ShouldBeInRange(ideal - 0.2, ideal + 20);
    }

    [Fact]
    public async Task Progress_comes_while_bytes_flow_and_grows()
    {
        var seen = new List<long>();
        var result = await Pipe(
            new PipeOptions { BytesPerSecond = 1_000_000, OnProgress = seen.Add },
            new Command("head", "-c", "2500000", "/dev/zero"),
            new Command("cat")
        );
        seen.ShouldNotBeEmpty();
        seen.ShouldBeInOrder();
        seen[^1].ShouldBeLessThanOrEqualTo(result.Bytes);
    }

    [Fact]
    public async Task What_progress_throws_ends_the_pipe_and_comes_out()
    {
        await Should.ThrowAsync<TimeoutException>(() =>
            Pipe(
                new PipeOptions
                {
                    BytesPerSecond = 1_000_000,
                    OnProgress = _ => throw new TimeoutException("the lease has ended"),
                },
                new Command("cat", "/dev/zero"),
                new Command("cat")
            )
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_measured_place_can_be_a_later_one(bool countsByKernel)
    {
        var result = await Pipe(
            new PipeOptions { MeasuredBehind = 1, CountsByKernel = countsByKernel },
            new Command("head", "-c", "1000000", "/dev/zero"),
            new Command("head", "-c", "1000"),
            new Command("cat")
        );
        result.Bytes.ShouldBe(1000);
    }

    [Fact]
    public async Task Zstd_in_flight_changes_nothing_but_the_bytes_between()
    {
        var remote = new SshTarget("far");
        var push = StreamPath.Of(
            [new Command("head", "-c", "10000000", "/dev/zero")],
            [ToFile("wc -c").At(remote)],
            isCompressed: true
        );
        var result = await Runner.PipeAsync(
            [.. push.Stages.Select(stage => stage.At(null))],
            new PipeOptions { MeasuredBehind = push.MeasuredBehind },
            TestContext.Current.CancellationToken
        );
        result.IsSuccess.ShouldBeTrue();
        result.Bytes.ShouldBeLessThan(100_000);
        (await File.ReadAllTextAsync(Out)).Trim().ShouldBe("10000000");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_compressed_remote_sender_ends_with_its_own_exit_code(int exitCode)
    {
        var pull = StreamPath.Of(
            [new Command("sh", "-c", $"echo data; echo said >&2; exit {exitCode}").At(new SshTarget("far"))],
            [ToFile("cat")],
            isCompressed: true
        );
        var result = await Runner.PipeAsync(
            [.. pull.Stages.Select(stage => stage.At(null))],
            PipeOptions.None,
            TestContext.Current.CancellationToken
        );
        result.Stages.Select(stage => stage.ExitCode).ShouldBe([exitCode, 0, 0]);
        result.Stages[0].ErrorTail.ShouldBe("said\n");
        (await File.ReadAllTextAsync(Out)).ShouldBe("data\n");
    }

    [Fact]
    public async Task A_remote_side_without_zstd_is_what_the_failure_tells_of()
    {
        var far = new SshTarget("far");
        var path = StreamPath.Of(
            [new Command("head", "-c", "1000000", "/dev/zero").At(far)],
            [new Command("cat")],
            isCompressed: true
        );
        // The absolute names are of programs; the shell looks for zstd on an empty PATH.
        var sender = path.Stages[0].At(null);
        var result = await Runner.PipeAsync(
            [
                new Command("env", ["PATH=/nowhere", "/bin/sh", .. sender.Arguments.Select(Absolute)]),
                .. path.Stages.Skip(1),
            ],
            PipeOptions.None,
            TestContext.Current.CancellationToken
        );
        var failure = PipeFailure.Of(path.Stages, result);
        failure.Kind.ShouldBe(ToolErrorKind.NotInstalled);
        failure.Message.ShouldBe(
            "On far: The program 'zstd' is not installed, or not on the PATH; install the package zstd."
        );

        static string Absolute(string argument) => argument == "head" ? "/usr/bin/head" : argument;
    }
}
