using ZfsSync.Simulation;

namespace ZfsSync.Testing.Differential;

/// <summary>Runs the steps on a real ZFS until <paramref name="onOutcome"/> has seen enough.</summary>
public delegate Task RealSequence(
    GeneratedSequence sequence,
    Func<int, StepOutcome, bool> onOutcome,
    CancellationToken cancellation
);

/// <summary>Runs sequences on both sides.</summary>
public sealed class SequenceRun(RealSequence real, ZfsRelease release)
{
    /// <summary>Texts of refusals that differ where the refusals agree.</summary>
    public HashSet<string> Texts { get; } = [];

    /// <summary>Null when the two agree to the end.</summary>
    public async Task<SequenceDifference?> CompareAsync(GeneratedSequence sequence, CancellationToken cancellation)
    {
        var comparison = new OutcomeComparison();
        SequenceDifference? found = null;
        var seen = 0;
        await real(
            sequence,
            (at, outcome) =>
            {
                seen = at + 1;
                if (comparison.Difference(sequence.Outcomes[at], outcome) is not { } what)
                    return true;
                found = new SequenceDifference(
                    at,
                    $"{what}{(outcome.SendError.Length > 0 ? $"\nsend says {outcome.SendExitCode}: {outcome.SendError}" : "")}"
                );
                return false;
            },
            cancellation
        );
        Texts.UnionWith(comparison.Texts);
        return found is null && seen < sequence.Steps.Count
            ? throw new InvalidOperationException(
                $"the real side ended after {seen} of {sequence.Steps.Count} commands"
            )
            : found;
    }

    /// <summary>A shorter sequence that still differs: what can be left out is left out.</summary>
    /// <param name="steps">Up to the command that differs.</param>
    /// <param name="difference">How the whole differs.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<(IReadOnlyList<SequenceStep> Steps, SequenceDifference Difference)> ShrinkAsync(
        IReadOnlyList<SequenceStep> steps,
        SequenceDifference difference,
        CancellationToken cancellation
    )
    {
        steps = [.. steps.Take(difference.At + 1)];
        for (var size = steps.Count / 2; size >= 1; size /= 2)
        {
            for (var at = 0; at < steps.Count - 1; )
            {
                List<SequenceStep> fewer = [.. steps.Take(at), .. steps.Skip(Math.Min(at + size, steps.Count - 1))];
                var sequence = await GeneratedSequence.OfAsync(release, fewer, cancellation);
                if (await CompareAsync(sequence, cancellation) is { } still)
                    (steps, difference) = ([.. fewer.Take(still.At + 1)], still);
                else
                    at += size;
            }
        }
        return (steps, difference);
    }
}
