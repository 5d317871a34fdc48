using Shouldly;
using Xunit;
using ZfsSync.Simulation;
using ZfsSync.Testing.Differential;

namespace ZfsSync.Tests.Simulation;

/// <summary>The commands that the lab runs on real ZFS too, here on the model alone.</summary>
public class RandomSequences
{
    public static TheoryData<ZfsRelease> Releases => new(ZfsRelease.Zfs21, ZfsRelease.Zfs23);

    [Theory]
    [MemberData(nameof(Releases), DisableDiscoveryEnumeration = true)]
    public async Task The_model_survives_random_commands_and_most_of_them_succeed(ZfsRelease release)
    {
        var outcomes = new List<StepOutcome>();
        for (var seed = 1; seed <= 4; seed++)
        {
            var sequence = await GeneratedSequence.FromSeedAsync(
                release,
                seed,
                300,
                TestContext.Current.CancellationToken
            );
            outcomes.AddRange(sequence.Outcomes);
        }
        outcomes.Count(outcome => outcome.ExitCode == 0).ShouldBeGreaterThan(outcomes.Count / 2);
        outcomes.Count(outcome => outcome.Nodes.Any(node => node.HasToken)).ShouldBeGreaterThan(outcomes.Count / 10);
    }

    [Fact]
    public async Task A_difference_is_found_and_shrunk_to_the_few_commands_that_show_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var sequence = await GeneratedSequence.FromSeedAsync(ZfsRelease.Zfs23, 3, 150, cancellation);
        var run = new SequenceRun(WithoutHolds, ZfsRelease.Zfs23);
        var difference = (await run.CompareAsync(sequence, cancellation)).ShouldNotBeNull();

        var (steps, still) = await run.ShrinkAsync(sequence.Steps, difference, cancellation);

        steps.Count.ShouldBeLessThan(8);
        steps[^1].Kind.ShouldBe("zfs hold");
        still.What.ShouldContain("userrefs=1");
        SequenceScript.Text(steps).ShouldContain("zfs hold ");
    }

    [Fact]
    public async Task A_model_does_not_differ_from_itself()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var sequence = await GeneratedSequence.FromSeedAsync(ZfsRelease.Zfs21, 5, 150, cancellation);
        var run = new SequenceRun(
            async (known, onOutcome, token) =>
            {
                var again = await GeneratedSequence.OfAsync(ZfsRelease.Zfs21, known.Steps, token);
                for (var i = 0; i < known.Steps.Count && onOutcome(i, again.Outcomes[i]); i++) { }
            },
            ZfsRelease.Zfs21
        );
        (await run.CompareAsync(sequence, cancellation)).ShouldBeNull();
        run.Texts.ShouldBeEmpty();
    }

    /// <summary>A ZFS that forgets every hold.</summary>
    private static async Task WithoutHolds(
        GeneratedSequence sequence,
        Func<int, StepOutcome, bool> onOutcome,
        CancellationToken cancellation
    )
    {
        var side = new SimulatedSide(ZfsRelease.Zfs23);
        for (var i = 0; i < sequence.Steps.Count; i++)
        {
            var outcome = await side.RunAsync(sequence.Steps[i], cancellation);
            if (sequence.Steps[i] is ZfsStep { Kind: "zfs hold" } hold && outcome.ExitCode == 0)
                outcome = await side.RunAsync(
                    new ZfsStep(hold.Number, ["release", .. hold.Arguments.Skip(1)]),
                    cancellation
                );
            if (!onOutcome(i, outcome))
                return;
        }
    }

    [Fact]
    public async Task A_seed_makes_the_same_commands_every_time()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var one = await GeneratedSequence.FromSeedAsync(ZfsRelease.Zfs23, 7, 300, cancellation);
        var other = await GeneratedSequence.FromSeedAsync(ZfsRelease.Zfs23, 7, 300, cancellation);
        one.Steps.Select(step => step.ToString()).ShouldBe(other.Steps.Select(step => step.ToString()));
    }
}
