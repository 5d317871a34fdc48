using ZfsSync.Benchmarks.Measuring;
using ZfsSync.Benchmarks.Transfer;
using ZfsSync.Benchmarks.Witness;

namespace ZfsSync.Benchmarks;

/// <summary>The benchmarks that need no other machine: <c>./bench --help</c>.</summary>
internal static class Program
{
    private static readonly Dictionary<string, Func<Task<IReadOnlyList<ResultTable>>>> Benchmarks = new(
        StringComparer.Ordinal
    )
    {
        ["pipe"] = () => new PipeBenchmark().RunAsync(),
        ["intake"] = () => new IntakeStages().RunAsync(),
        ["planning"] = () => new PlanningStages().RunAsync(),
        ["fleet"] = () => new FleetBenchmark([10, 100, 1000]).RunAsync(),
        ["fleet-small"] = () => new FleetBenchmark([10, 100]).RunAsync(),
    };

    public static async Task<int> Main(string[] args)
    {
        if (args is not [var name, var file] || !Benchmarks.TryGetValue(name, out var benchmark))
        {
            Console.Error.WriteLine($"usage: ZfsSync.Benchmarks {string.Join('|', Benchmarks.Keys)} RESULT.md");
            return 2;
        }
        var machine = Machine.Describe();
        var tables = await benchmark();
        var text = $"{string.Join('\n', tables)}\n*{machine}. Repeat: `./bench {name}`*\n";
        await File.WriteAllTextAsync(file, text);
        return 0;
    }
}
