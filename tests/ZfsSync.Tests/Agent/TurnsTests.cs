using Shouldly;
using Xunit;
using ZfsSync.Agent;

namespace ZfsSync.Tests.Agent;

public sealed class TurnsTests
{
    private readonly Turns _turns = new(2);

    [Fact]
    public async Task So_many_have_a_turn_at_a_time_and_the_next_comes_in_the_order_of_arrival()
    {
        await _turns.TakeAsync(default);
        await _turns.TakeAsync(default);
        var (third, fourth) = (_turns.TakeAsync(default), _turns.TakeAsync(default));
        _turns.GiveBack();
        await third;
        fourth.IsCompleted.ShouldBeFalse();
        _turns.GiveBack();
        await fourth;
    }

    [Fact]
    public async Task Who_stops_waiting_is_passed_over()
    {
        using var stop = new CancellationTokenSource();
        await _turns.TakeAsync(default);
        await _turns.TakeAsync(default);
        var (third, fourth) = (_turns.TakeAsync(stop.Token), _turns.TakeAsync(default));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(third);
        _turns.GiveBack();
        await fourth;
    }

    [Fact]
    public async Task Who_has_stopped_before_takes_nothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(() => _turns.TakeAsync(new CancellationToken(true)));
        await _turns.TakeAsync(default);
        await _turns.TakeAsync(default);
        _turns.TakeAsync(default).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_turn_that_is_given_back_is_free_again()
    {
        for (var i = 0; i < 10; i++)
        {
            await _turns.TakeAsync(default);
            _turns.GiveBack();
        }
    }
}
