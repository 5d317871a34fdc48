using Shouldly;
using Xunit;
using ZfsSync.Agent;
using ZfsSync.Agent.Execution;
using ZfsSync.Testing;

namespace ZfsSync.Tests.Agent;

public sealed class CompanionsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Companions _companions;

    public CompanionsTests() =>
        _companions = new Companions(
            new AgentOptions
            {
                Witness = new Uri("http://witness"),
                DataDirectory = "/",
                SmallTransferBytes = 100,
            },
            _time
        );

    [Fact]
    public void One_that_is_alone_waits_for_nobody() => Leave(_companions.Join(1)).IsCompleted.ShouldBeTrue();

    [Fact]
    public async Task The_first_waits_for_the_last()
    {
        var (one, two, three) = (_companions.Join(1), _companions.Join(100), _companions.Join(50));
        var first = Leave(one);
        var second = Leave(two);
        first.IsCompleted.ShouldBeFalse();
        second.IsCompleted.ShouldBeFalse();
        await Leave(three);
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Enough_of_them_do_not_wait_for_more()
    {
        var all = Enumerable.Range(0, Companions.Enough + 2).Select(_ => _companions.Join(1)).ToList();
        await Task.WhenAll(all.Take(Companions.Enough).Select(Leave));
        var next = Leave(all[^2]);
        next.IsCompleted.ShouldBeFalse("it is the first of the next");
        await Leave(all[^1]);
        await next;
    }

    [Fact]
    public async Task Nobody_waits_long()
    {
        var (one, two, _) = (_companions.Join(1), _companions.Join(1), _companions.Join(1));
        var first = Leave(one);
        _time.Advance(Companions.LongestWait / 2);
        var second = Leave(two);
        _time.Advance(Companions.LongestWait / 2);
        await first;
        await second;
    }

    [Fact]
    public async Task Large_ones_and_those_of_unknown_size_neither_wait_nor_are_waited_for()
    {
        var (large, unknown, small) = (_companions.Join(101), _companions.Join(null), _companions.Join(1));
        await Leave(large);
        await Leave(small);
        await Leave(unknown);
    }

    [Fact]
    public async Task One_with_nothing_to_conclude_goes_at_once_and_lets_the_others_go()
    {
        var (one, refused) = (_companions.Join(1), _companions.Join(1));
        var first = Leave(one);
        await refused.LeaveAsync(hasToConclude: false, default);
        await first;
    }

    [Fact]
    public async Task An_agent_that_stops_does_not_wait()
    {
        using var stopping = new CancellationTokenSource();
        var (one, _) = (_companions.Join(1), _companions.Join(1));
        var first = one.LeaveAsync(hasToConclude: true, stopping.Token);
        await stopping.CancelAsync();
        await first;
    }

    [Fact]
    public async Task Places_are_filled_when_all_that_are_concluded_together_have_ended()
    {
        var (one, two, three) = (_companions.Join(1), _companions.Join(1), _companions.Join(1));
        await _companions.ConcludedAsync(default);
        await Task.WhenAll(Leave(one), two.LeaveAsync(hasToConclude: false, default), Leave(three));
        one.Dispose();
        two.Dispose();
        var concluded = _companions.ConcludedAsync(default);
        concluded.IsCompleted.ShouldBeFalse();
        three.Dispose();
        await concluded;
    }

    [Fact]
    public async Task One_that_takes_long_to_conclude_keeps_no_place_empty()
    {
        var (one, two) = (_companions.Join(1), _companions.Join(1));
        await Task.WhenAll(Leave(one), Leave(two));
        one.Dispose();
        var concluded = _companions.ConcludedAsync(default);
        _time.Advance(Companions.LongestWait);
        await concluded;
    }

    [Fact]
    public async Task One_that_broke_off_is_not_waited_for()
    {
        var (one, broken) = (_companions.Join(1), _companions.Join(1));
        broken.Dispose();
        await Leave(one);
    }

    private static Task Leave(Companions.Place place) => place.LeaveAsync(hasToConclude: true, default);
}
