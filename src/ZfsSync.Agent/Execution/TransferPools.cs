using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Agent.Execution;

/// <summary>The pools that a transfer reads from and writes to. By name: two hosts' pools of one name count as one, which is on the careful side.</summary>
internal static class TransferPools
{
    public static IEnumerable<string> Of(Instruction plan) => Of(plan.Source.Dataset, plan.Target.Dataset);

    public static IEnumerable<string> Of(InstructionSummary one) => Of(one.SourceDataset, one.TargetDataset);

    private static IEnumerable<string> Of(string source, string target) =>
        new[] { source.Split('/')[0], target.Split('/')[0] }.Distinct(StringComparer.Ordinal);
}
