using Shouldly;
using Xunit;
using ZfsSync.Agent;
using ZfsSync.Agent.Execution;
using ZfsSync.Testing;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Agent;

public sealed class GatheringTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Companions _companions;
    private readonly Gathering<string, string> _gathering;
    private readonly List<string> _asked = [];
    private readonly TaskCompletionSource _firstMayEnd = new();

    public GatheringTests()
    {
        _companions = new Companions(
            new AgentOptions { Witness = new Uri("http://witness"), DataDirectory = "/" },
            _time
        );
        _gathering = new Gathering<string, string>(_companions, _time);
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private Task<string> Ask(string key, CancellationToken? cancellation = null) =>
        _gathering.AskAsync(key, AnswerAsync, cancellation ?? Now);

    private async Task<Func<string, string>> AnswerAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        _asked.Add(string.Join(' ', keys));
        if (keys[0] == "first")
            await _firstMayEnd.Task;
        if (keys.Contains("bad"))
            throw new ToolException(ToolErrorKind.Gone, 1, "", "bad is gone");
        if (keys.Contains("far"))
            throw new ToolException(ToolErrorKind.Unreachable, 255, "", "nobody answers");
        return key => $"{key}!";
    }

    [Fact]
    public async Task Questions_that_come_meanwhile_are_asked_together_and_once()
    {
        var answers = new[] { Ask("first"), Ask("a"), Ask("b"), Ask("a") };
        _firstMayEnd.SetResult();
        (await Task.WhenAll(answers)).ShouldBe(["first!", "a!", "b!", "a!"]);
        _asked.ShouldBe(["first", "a b"]);
    }

    [Theory]
    [InlineData(160, 20)]
    [InlineData(60_000, 50)]
    public async Task Where_companions_are_the_first_to_ask_waits_a_moment_for_the_others(int answer, int moment)
    {
        await AnswerFirstAsync(TimeSpan.FromMilliseconds(answer));
        using var one = _companions.Join(1);
        using var other = _companions.Join(1);
        var a = Ask("a");
        _time.Advance(TimeSpan.FromMilliseconds(moment - 1));
        var b = Ask("b");
        _asked.ShouldBe(["first"]);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(a, b);
        _asked.ShouldBe(["first", "a b"]);
    }

    [Fact]
    public async Task Who_gives_up_in_that_moment_is_not_asked_for()
    {
        await AnswerFirstAsync(TimeSpan.FromSeconds(1));
        using var one = _companions.Join(1);
        using var other = _companions.Join(1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var given = Ask("given up", stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => given);
        var a = Ask("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        await a;
        _asked.ShouldBe(["first", "a"]);
    }

    [Fact]
    public async Task One_that_is_alone_waits_for_nobody()
    {
        await AnswerFirstAsync(TimeSpan.FromSeconds(1));
        using var alone = _companions.Join(1);
        (await Ask("a")).ShouldBe("a!");
    }

    private async Task AnswerFirstAsync(TimeSpan takes)
    {
        var first = Ask("first");
        _time.Advance(takes);
        _firstMayEnd.SetResult();
        await first;
    }

    [Fact]
    public async Task What_is_asked_while_an_answer_is_on_its_way_is_asked_anew()
    {
        var (old, fresh) = (Ask("first"), Ask("first"));
        _firstMayEnd.SetResult();
        await Task.WhenAll(old, fresh);
        _asked.ShouldBe(["first", "first"]);
    }

    [Fact]
    public async Task One_that_fails_does_not_fail_the_others()
    {
        var (first, a, bad, b) = (Ask("first"), Ask("a"), Ask("bad"), Ask("b"));
        _firstMayEnd.SetResult();
        await Should.ThrowAsync<ToolException>(() => bad);
        (await b).ShouldBe("b!");
        (await first).ShouldBe("first!");
        // It was the one that asked for all.
        (await Should.ThrowAsync<ToolException>(() => a)).Message.ShouldBe("bad is gone");
    }

    [Fact]
    public async Task A_host_that_is_not_reached_is_tried_once_for_all_who_wait()
    {
        var (first, a, far) = (Ask("first"), Ask("a"), Ask("far"));
        _firstMayEnd.SetResult();
        await first;
        (await Should.ThrowAsync<ToolException>(() => a)).Kind.ShouldBe(ToolErrorKind.Unreachable);
        (await Should.ThrowAsync<ToolException>(() => far)).Kind.ShouldBe(ToolErrorKind.Unreachable);
        _asked.ShouldBe(["first", "a far"]);
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_not_asked_for()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var (first, given, a) = (Ask("first"), Ask("given up", stop.Token), Ask("a"));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => given);
        _firstMayEnd.SetResult();
        await Task.WhenAll(first, a);
        _asked.ShouldBe(["first", "a"]);
    }
}
