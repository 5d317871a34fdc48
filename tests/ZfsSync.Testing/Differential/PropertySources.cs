namespace ZfsSync.Testing.Differential;

/// <summary>The listing of where properties come from: looked at after the commands that can change it.</summary>
public static class PropertySources
{
    /// <summary>Of zfs, before the datasets.</summary>
    public static readonly string[] Arguments =
    [
        "get",
        "-Hp",
        "-r",
        "-t",
        "filesystem,volume,snapshot",
        "-o",
        "name,property,value,received,source",
        "t:p,readonly,compression",
    ];

    public static bool MayChange(SequenceStep step) =>
        step is TransferStep or ZfsStep { Arguments: ["set" or "inherit" or "clone" or "create" or "promote", ..] };

    public static IReadOnlyList<string> Parse(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Replace('\t', ' '))];
}
