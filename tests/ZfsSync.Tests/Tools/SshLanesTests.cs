using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;

namespace ZfsSync.Tests.Tools;

public sealed class SshLanesTests
{
    private readonly SshLanes _lanes = new();
    private readonly SshTarget _far = new("far");

    private List<int> Take(int streams) => [.. Enumerable.Range(0, streams).Select(_ => _lanes.Take(_far))];

    [Fact]
    public void A_stream_has_another_connection_than_commands_and_shares_it_only_when_there_are_many()
    {
        Take(4).ShouldBe([1, 2, 1, 2]);
        _lanes.Take(new SshTarget("near")).ShouldBe(1);
    }

    [Fact]
    public void A_connection_never_has_more_sessions_than_sshd_allows() =>
        Take(40).CountBy(lane => lane).ShouldAllBe(lane => lane.Value < 10);

    [Fact]
    public void A_connection_that_a_stream_left_is_taken_before_another_is_made()
    {
        for (var i = 0; i < 3; i++)
        {
            var lane = _lanes.Take(_far);
            lane.ShouldBe(1);
            _lanes.Return(_far, lane);
        }
        Take(3).ShouldBe([1, 2, 1]);
        _lanes.Return(_far, 2);
        Take(1).ShouldBe([2]);
    }
}
