using Shouldly;
using Xunit;
using ZfsSync.Agent.Reporting;
using ZfsSync.Testing;

namespace ZfsSync.Tests.Agent;

public sealed class ReportRequestTests : IDisposable
{
    private static readonly DateTimeOffset Asked = new(2026, 2, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly AgentBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_request_in_the_answer_to_the_long_poll_is_answered_by_the_next_report()
    {
        _bench.Witness.ReportRequestedAt = Asked;
        await _bench.Agent.Instructions.TakeAsync(TimeSpan.Zero, default);
        await _bench.Agent.Reports.ReportAsync(default);
        _bench.Witness.Reports.ShouldAllBe(report => report.AnswersRequest == Asked);

        _bench.Witness.Reports.Clear();
        await _bench.Agent.Reports.ReportAsync(default);
        _bench.Witness.Reports.ShouldAllBe(report => report.AnswersRequest == null);
    }

    [Fact]
    public async Task A_report_that_failed_leaves_the_request_open()
    {
        _bench.Agent.Reports.Request(Asked);
        _bench.Witness.IsAway = true;
        await _bench.Agent.Reports.ReportAsync(default);
        _bench.Witness.IsAway = false;
        await _bench.Agent.Reports.ReportAsync(default);
        _bench.Witness.Reports[^1].AnswersRequest.ShouldBe(Asked);
    }

    [Fact]
    public async Task A_witness_that_is_busy_is_asked_again_when_it_says_and_not_earlier()
    {
        _bench.Witness.IsBusyFor = TimeSpan.FromMinutes(7);
        (await _bench.Agent.Reports.ReportAsync(default)).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(7));
        _bench.Witness.IsBusyFor = null;
        (await _bench.Agent.Reports.ReportAsync(default)).ShouldBeLessThan(TimeSpan.FromMinutes(7));
        _bench.Witness.Reports.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_request_ends_the_pause_between_reports()
    {
        var clock = new ManualTimeProvider();
        var wish = new ReportWish();
        wish.Begin().ShouldBeNull();
        var pause = wish.WaitAsync(TimeSpan.FromHours(1), clock, default);
        pause.IsCompleted.ShouldBeFalse();
        wish.Ask(Asked);
        await pause.WaitAsync(TimeSpan.FromSeconds(30));
        wish.Begin().ShouldBe(Asked);
    }

    [Fact]
    public async Task What_is_asked_while_a_report_runs_is_for_the_next_one_at_once()
    {
        var clock = new ManualTimeProvider();
        var wish = new ReportWish();
        wish.Ask(Asked);
        var first = wish.Begin();
        wish.Ask(Asked.AddSeconds(1));
        wish.Fulfil(first);
        await wish.WaitAsync(TimeSpan.FromHours(1), clock, default).WaitAsync(TimeSpan.FromSeconds(30));
        wish.Begin().ShouldBe(Asked.AddSeconds(1));
    }

    [Fact]
    public void After_a_failure_the_same_request_does_not_shorten_the_pause()
    {
        var clock = new ManualTimeProvider();
        var wish = new ReportWish();
        wish.Ask(Asked);
        wish.Begin();
        var pause = wish.WaitAsync(TimeSpan.FromSeconds(10), clock, default);
        wish.Ask(Asked);
        pause.IsCompleted.ShouldBeFalse();
    }
}
