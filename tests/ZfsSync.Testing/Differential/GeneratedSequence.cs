using ZfsSync.Simulation;

namespace ZfsSync.Testing.Differential;

/// <summary>Commands, and what the model makes of each.</summary>
public sealed record GeneratedSequence(IReadOnlyList<SequenceStep> Steps, IReadOnlyList<StepOutcome> Outcomes)
{
    /// <summary>A new sequence.</summary>
    public static async Task<GeneratedSequence> FromSeedAsync(
        ZfsRelease release,
        int seed,
        int length,
        CancellationToken cancellation
    )
    {
        var side = new SimulatedSide(release);
        var generator = new SequenceGenerator(seed);
        var steps = new List<SequenceStep>();
        var outcomes = new List<StepOutcome>();
        IReadOnlyList<ListedNode> nodes = ListedNode.Parse(
            "S\tfilesystem\t1\t1\t-\t-\t-\t-\t-\t-\t-\tyes\t0\toff\t-\t-\nT\tfilesystem\t2\t1\t-\t-\t-\t-\t-\t-\t-\tyes\t0\toff\t-\t-"
        );
        for (var i = 0; i < length; i++)
        {
            steps.Add(generator.Next(nodes));
            outcomes.Add(await side.RunAsync(steps[^1], cancellation));
            nodes = outcomes[^1].Nodes;
        }
        return new GeneratedSequence(steps, outcomes);
    }

    /// <summary>Given commands, on a new model.</summary>
    public static async Task<GeneratedSequence> OfAsync(
        ZfsRelease release,
        IReadOnlyList<SequenceStep> steps,
        CancellationToken cancellation
    )
    {
        var side = new SimulatedSide(release);
        var outcomes = new List<StepOutcome>();
        foreach (var step in steps)
            outcomes.Add(await side.RunAsync(step, cancellation));
        return new GeneratedSequence(steps, outcomes);
    }
}
