using System.Globalization;
using Xunit;
using ZfsSync.Lab.Tests.Zfs;
using ZfsSync.Simulation;
using ZfsSync.Testing.Differential;

namespace ZfsSync.Lab.Tests.Differential;

/// <summary>
/// Random commands on the model and on a real ZFS: the first 75 of a fixed seed.
/// <c>ZFS_SYNC_SEQUENCES=100-149</c> runs those seeds instead, 300 commands of each, and shrinks what differs, which takes
/// minutes; <c>ZFS_SYNC_SEQUENCE_LENGTH</c> sets another number.
/// </summary>
public abstract class SimulatorAgainstRealZfs(ZfsVm vm, ZfsRelease release, int fixedSeed, ITestOutputHelper output)
{
    private const int FixedLength = 75;
    private const int FullLength = 300;

    private static readonly string? AskedSeeds = Asked("ZFS_SYNC_SEQUENCES");

    [Fact]
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
        if (AskedSeeds is null || Asked("ZFS_SYNC_SEQUENCE_SHRINK") == "no")
            return $"seed {seed}, command {difference.At + 1}: {sequence.Steps[difference.At]}\n{difference.What}\n\nall:\n{before}";
        var (steps, still) = await run.ShrinkAsync(sequence.Steps, difference, cancellation);
        return $"seed {seed}, command {difference.At + 1}, shrunk to {steps.Count} commands. After the last:\n{still.What}\n\n{SequenceScript.Text(steps)}";
    }

    private IEnumerable<int> Seeds()
    {
        if (AskedSeeds is null)
            return [fixedSeed];
        var ends = AskedSeeds.Split('-').Select(Number).ToList();
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    }

    private static int Length() =>
        Asked("ZFS_SYNC_SEQUENCE_LENGTH") is { } length ? Number(length)
        : AskedSeeds is null ? FixedLength
        : FullLength;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string? Asked(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;
}

[Collection(nameof(Zfs21Vm))]
public class SimulatorAgainstZfs21(Zfs21Vm vm, ITestOutputHelper output)
    : SimulatorAgainstRealZfs(vm, ZfsRelease.Zfs21, 100, output);

[Collection(nameof(Zfs23Vm))]
public class SimulatorAgainstZfs23(Zfs23Vm vm, ITestOutputHelper output)
    : SimulatorAgainstRealZfs(vm, ZfsRelease.Zfs23, 103, output);
