using Shouldly;
using Xunit;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Planning;

namespace ZfsSync.Tests.Witness.Planning;

public sealed class PlanningBellTests
{
    private static readonly ChangedDataset Tank = new(Guid.Empty, DatasetName.Parse("tank"));

    [Fact]
    public async Task What_was_rung_before_the_wait_is_taken_at_once_and_only_once()
    {
        var bell = new PlanningBell();
        bell.Ring([Tank]);
        bell.Ring([Tank]);

        (await bell.WaitAsync(CancellationToken.None)).Datasets.ShouldBe([Tank]);
        bell.Take().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_ring_during_the_wait_ends_it()
    {
        var bell = new PlanningBell();
        var wait = bell.WaitAsync(CancellationToken.None);
        wait.IsCompleted.ShouldBeFalse();

        bell.RingAll(Guid.Empty);

        (await wait).Systems.ShouldBe([Guid.Empty]);
    }
}
