using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Display;

namespace ZfsSync.Cli.Views;

/// <summary>The ways out of a conflict, from harmless to destructive, each with the command that takes it.</summary>
internal static class RepairList
{
    public static void Show(Screen screen, EdgeResource edge)
    {
        if (edge.Repairs.Count == 0)
            return;
        screen.Line("  Ways out, from harmless to destructive:");
        foreach (var option in edge.Repairs)
        {
            screen.Line($"  * {Words.Code(option.Kind)}: {option.Text}");
            foreach (var loss in Losses(option))
                screen.Line($"      {loss}", Tone.Bad);
            if (option.Executable)
                screen.Line($"      {Command(edge, option)}");
        }
    }

    /// <summary>What is gone afterwards, a line each.</summary>
    public static IEnumerable<string> Losses(RepairOption option)
    {
        for (var i = 0; i < option.Destroys.Count; i++)
            yield return $"destroys @{option.DestroysNames.ElementAtOrDefault(i) ?? "?"} (guid {option.Destroys[i]})";
        if (option.LosesWrites)
            yield return "destroys what was written on the target since its newest snapshot";
        if (option.ResendBytes is { } bytes)
            yield return $"sends {Amounts.About(bytes)} again";
    }

    /// <summary>The command line; it asks before it destroys.</summary>
    public static string Command(EdgeResource edge, RepairOption option) =>
        $"zfs-sync repair {ShellQuoter.Quote(edge.EdgeId)} {Words.Code(option.Kind)}";

    /// <summary>The same without a question, bound to what was shown.</summary>
    public static string CommandWithConsent(EdgeResource edge, RepairOption option) =>
        option.Destroys.Count == 0
            ? $"{Command(edge, option)} --yes"
            : $"{Command(edge, option)} --yes --destroys {string.Join(',', option.Destroys)}";
}
