using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Fleet;

namespace ZfsSync.Tests.Witness.Fleet;

public sealed class FleetViewTests
{
    [Fact]
    public void The_sentence_counts_what_is_proven_and_names_what_is_not() =>
        FleetScene
            .BadDay()
            .Sentence.ShouldBe(
                new FleetSentence(
                    Tone.Bad,
                    "2 of 6 copies are proven; 1 conflict waits for you, 1 stale, 1 being copied, 1 behind."
                )
            );

    [Fact]
    public void All_is_well_only_when_every_copy_is_proven()
    {
        var edges = new[]
        {
            FleetScene.Edge("a", EdgeState.InSync),
            FleetScene.Edge("b", EdgeState.InSync) with
            {
                ProvenCreatedAt = FleetScene.Now.AddHours(-5),
            },
        };
        Sentence(edges).ShouldBe(new FleetSentence(Tone.Good, "All 2 copies are proven; the oldest is 5 h old."));
        Sentence([edges[0], FleetScene.Edge("c", EdgeState.Unproven)])
            .ShouldBe(new FleetSentence(Tone.Warning, "1 of 2 copies is proven; 1 not shown yet."));
    }

    [Fact]
    public void A_dataset_without_snapshots_is_no_copy_that_fails() =>
        Sentence([
            FleetScene.Edge("a", EdgeState.InSync),
            FleetScene.Edge("b", EdgeState.OutOfSync) with
            {
                Reason = ReasonCode.NoSourceSnapshots,
            },
        ])
            .Text.ShouldBe("The one copy is proven; the oldest is 23 min old.");

    [Fact]
    public void An_empty_fleet_says_what_is_missing()
    {
        FleetView.Of([], [], [], FleetScene.Now).Sentence.Text.ShouldBe("No host takes part yet.");
        Sentence([]).Text.ShouldBe("1 host takes part; nothing is copied yet.");
    }

    [Fact]
    public void The_worst_comes_first()
    {
        var view = FleetScene.BadDay();
        view.Groups.Select(g => g.Name).ShouldBe(["nightly", "machines"]);
        view.Groups[0].Edges.Select(e => e.Dataset).ShouldBe(["projects", "vm/mail server", "home", "home/ann"]);
        view.Groups[1].Edges.Select(e => e.Dataset).ShouldBe(["media", "archive", "empty"]);
        view.Groups[0].Summary.ShouldBe("2 of 4 proven");
        view.Hosts.Select(h => h.Hostname).ShouldBe(["beta", "gamma", "alpha", "demo-1"]);
    }

    [Fact]
    public void A_silent_host_is_stale_since_its_last_report()
    {
        var gamma = FleetScene.BadDay().Hosts.Single(h => h.Hostname == "gamma");
        gamma.Status.ShouldBe("silent");
        gamma.LastReport.ShouldBe("stale since 2026-03-01 06:00 UTC, 6 h ago");
        gamma.Facts.ShouldContain("without an agent");
    }

    [Fact]
    public void A_running_transfer_says_how_far_and_how_fast()
    {
        var run = FleetScene.BadDay().Running.ShouldHaveSingleItem();
        run.Percent.ShouldBe(43);
        run.Progress.ShouldBe("step 1 of 2, 1.6 GiB of about 3.7 GiB, 47.7 MiB/s, since 35 s");
    }

    [Fact]
    public void Lag_is_told_in_snapshots_and_time() =>
        FleetScene.BadDay().Groups[0].Edges[0].Lag.ShouldBe("3 snapshots, 3 days behind");

    [Fact]
    public void A_copy_that_is_late_is_no_longer_quietly_behind()
    {
        var behind = FleetScene.Edge("a", EdgeState.OutOfSync) with
        {
            LagSnapshots = 1,
            LateAt = FleetScene.Now.AddMinutes(1),
        };
        Line(behind).ShouldBe((Tone.Busy, "1 snapshot behind"));
        Sentence([behind]).ShouldBe(new FleetSentence(Tone.Busy, "0 of 1 copy are proven; 1 behind."));
        var late = behind with { LateAt = FleetScene.Now.AddHours(-2) };
        Line(late).ShouldBe((Tone.Warning, "1 snapshot behind, late for 2 h"));
        Sentence([late]).ShouldBe(new FleetSentence(Tone.Warning, "0 of 1 copy are proven; 1 behind; 1 late."));
        Sentence([late with { State = EdgeState.InSync }]).Tone.ShouldBe(Tone.Good);

        static (Tone, string) Line(EdgeResource edge) =>
            EdgeLine.Of(edge, FleetScene.Now) is var line ? (line.Tone, line.Lag) : default;
    }

    private static FleetSentence Sentence(IReadOnlyList<EdgeResource> edges) =>
        FleetSentence.Of([FleetScene.Host("alpha", 5)], EdgeTally.Of(edges, FleetScene.Now), FleetScene.Now);
}
