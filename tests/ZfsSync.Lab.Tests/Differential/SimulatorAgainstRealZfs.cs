using System.Globalization;
using Xunit;
using ZfsSync.Lab.Tests.Zfs;
using ZfsSync.Simulation;
using ZfsSync.Testing.Differential;

namespace ZfsSync.Lab.Tests.Differential;

/// <summary>
/// Random commands on the model and on a real ZFS. <c>ZFS_SYNC_SEQUENCES=100-149</c> runs those seeds instead of the fixed
/// ones, <c>ZFS_SYNC_SEQUENCE_LENGTH</c> sets the number of commands.
/// </summary>
public abstract class SimulatorAgainstRealZfs(ZfsVm vm, ZfsRelease release, ITestOutputHelper output)
{
    private const int FixedSeed = 1;

    [Fact(Explicit = true)]
    public async Task A_random_sequence_of_commands_has_the_same_effect_on_the_model_and_on_real_zfs()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var run = new SequenceRun(new RealSide(vm.Zfs).RunAsync, release);
        var found = new List<string>();
        foreach (var seed in Seeds())
        {
            var sequence = await GeneratedSequence.FromSeedAsync(release, seed, Length(), cancellation);
            if (await run.CompareAsync(sequence, cancellation) is { } difference)
            {
                found.Add(await ExplainAsync(run, sequence, seed, difference, cancellation));
                output.WriteLine(found[^1]);
            }
            else
                output.WriteLine($"seed {seed}: {sequence.Steps.Count} commands, no difference");
        }
        foreach (var text in run.Texts)
            output.WriteLine($"a text differs: {text}");
        if (found.Count > 0)
            Assert.Fail(string.Join("\n\n", found));
    }

    private static async Task<string> ExplainAsync(
        SequenceRun run,
        GeneratedSequence sequence,
        int seed,
        SequenceDifference difference,
        CancellationToken cancellation
    )
    {
        var before = string.Join('\n', sequence.Steps.Take(difference.At + 1));
        if (Environment.GetEnvironmentVariable("ZFS_SYNC_SEQUENCE_SHRINK") == "no")
            return $"seed {seed}, command {difference.At + 1}: {sequence.Steps[difference.At]}\n{difference.What}\n\nall:\n{before}";
        var (steps, still) = await run.ShrinkAsync(sequence.Steps, difference, cancellation);
        return $"seed {seed}, command {difference.At + 1}, shrunk to {steps.Count} commands. After the last:\n{still.What}\n\n{SequenceScript.Text(steps)}";
    }

    private static IEnumerable<int> Seeds()
    {
        if (Environment.GetEnvironmentVariable("ZFS_SYNC_SEQUENCES") is not { Length: > 0 } text)
            return [FixedSeed];
        var ends = text.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToList();
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    }

    private static int Length() =>
        int.TryParse(
            Environment.GetEnvironmentVariable("ZFS_SYNC_SEQUENCE_LENGTH"),
            CultureInfo.InvariantCulture,
            out var length
        )
            ? length
            : 300;
}

[Collection(nameof(Zfs21Vm))]
public class SimulatorAgainstZfs21(Zfs21Vm vm, ITestOutputHelper output)
    : SimulatorAgainstRealZfs(vm, ZfsRelease.Zfs21, output);

[Collection(nameof(Zfs23Vm))]
public class SimulatorAgainstZfs23(Zfs23Vm vm, ITestOutputHelper output)
    : SimulatorAgainstRealZfs(vm, ZfsRelease.Zfs23, output);
