using System.Globalization;
using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Tools;

/// <summary>Nothing outlives a call: no process, no zombie, no descriptor.</summary>
public sealed class EndingTests
{
    private static readonly LocalCommandRunner Runner = new();

    [Fact]
    public async Task Cancelling_kills_what_the_program_started_too()
    {
        using var cancel = new CancellationTokenSource();
        var pids = new List<int>();
        var running = Runner.RunAsync(
            new Command("sh", "-c", "sh -c 'sleep 1000 & echo $!; echo $$; wait' & echo $$; wait"),
            line =>
            {
                pids.Add(int.Parse(line, CultureInfo.InvariantCulture));
                if (pids.Count == 3)
                    cancel.Cancel();
            },
            cancel.Token
        );
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        pids.Count.ShouldBe(3);
        await AllGone(pids);
    }

    [Fact]
    public async Task A_program_that_does_not_listen_is_killed()
    {
        using var cancel = new CancellationTokenSource();
        var pids = new List<int>();
        var running = Runner.RunAsync(
            new Command("sh", "-c", "trap '' TERM; echo $$; while :; do sleep 1; done"),
            line =>
            {
                pids.Add(int.Parse(line, CultureInfo.InvariantCulture));
                cancel.Cancel();
            },
            cancel.Token
        );
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await AllGone(pids);
    }

    [Fact]
    public async Task Nothing_starts_when_it_was_cancelled_before()
    {
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Runner.RunAsync(new Command("true"), null, new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public async Task What_a_program_leaves_behind_holds_nothing_up_and_is_ended()
    {
        var result = await Runner.RunAsync(
            new Command("sh", "-c", "sleep 1000 & echo $!"),
            null,
            TestContext.Current.CancellationToken
        );
        result.ExitCode.ShouldBe(0);
        await AllGone([int.Parse(result.Output, CultureInfo.InvariantCulture)]);
    }

    [Fact]
    public async Task Cancelling_a_pipe_kills_every_stage()
    {
        using var cancel = new CancellationTokenSource();
        var folder = Directory.CreateTempSubdirectory("zfs-sync-pipe");
        try
        {
            Command Stage(string name, string then) =>
                new("sh", "-c", $"echo $$ > \"$1/{name}\"; {then}", "sh", folder.FullName);
            var running = Runner.PipeAsync(
                [
                    Stage("first", "exec cat /dev/zero"),
                    Stage("second", "exec cat"),
                    Stage("third", "exec cat > /dev/null"),
                ],
                new PipeOptions { BytesPerSecond = 100_000_000, OnProgress = _ => cancel.Cancel() },
                cancel.Token
            );
            await Should.ThrowAsync<OperationCanceledException>(() => running);
            var pids = folder.GetFiles().Select(file => int.Parse(File.ReadAllText(file.FullName))).ToList();
            pids.Count.ShouldBe(3);
            await AllGone(pids);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Two_hundred_runs_leave_no_descriptor_and_no_zombie()
    {
        for (var i = 0; i < 200; i++)
        {
            if (i % 4 == 0)
                await Runner.PipeAsync(
                    [new Command("echo", "x"), new Command("cat")],
                    PipeOptions.None,
                    TestContext.Current.CancellationToken
                );
            else
                await Runner.RunAsync(new Command("true"), null, TestContext.Current.CancellationToken);
        }
        // Tests of other classes run programs at the same time, a few each; a leak would be one or more a run.
        PipesAndNotices().ShouldBeLessThan(100);
        Zombies().ShouldBeLessThan(20);
    }

    [Fact]
    public async Task A_program_gets_its_three_descriptors_and_no_others()
    {
        using var secret = File.OpenRead("/etc/passwd");
        var result = await Runner.RunAsync(
            new Command("sh", "-c", "ls -l /proc/$$/fd"),
            null,
            TestContext.Current.CancellationToken
        );
        result.Output.ShouldNotContain("/etc/passwd");
        result.Output.ShouldContain("/dev/null");
    }

    [Fact]
    public async Task Fifty_programs_at_once_all_end()
    {
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(i =>
                    Runner.RunAsync(
                        new Command("sh", "-c", $"echo {i}; exit {i}"),
                        null,
                        TestContext.Current.CancellationToken
                    )
                )
        );
        results.Select(result => result.ExitCode).ShouldBe(Enumerable.Range(0, 50));
        results.Select(result => result.Output.Trim()).ShouldBe(Enumerable.Range(0, 50).Select(i => $"{i}"));
    }

    private static int PipesAndNotices() =>
        Directory
            .GetFiles("/proc/self/fd")
            .Count(path =>
                new FileInfo(path).LinkTarget is { } target
                && (
                    target.StartsWith("pipe:", StringComparison.Ordinal)
                    || target.Contains("[pidfd]", StringComparison.Ordinal)
                )
            );

    private static int Zombies()
    {
        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return Directory
            .GetDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .Select(folder => Stat(Path.GetFileName(folder)))
            .Count(stat => stat is ("Z", var parent) && parent == own);
    }

    private static (string State, string Parent)? Stat(string pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var rest = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (rest[0], rest[1]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A killed grandchild is let go of by init a moment later; until then it is a zombie, which counts as gone.</summary>
    private static async Task AllGone(IEnumerable<int> pids)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        foreach (var pid in pids)
        {
            while (Stat(pid.ToString(CultureInfo.InvariantCulture)) is { State: not "Z" })
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
