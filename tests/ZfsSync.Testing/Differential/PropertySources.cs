namespace ZfsSync.Testing.Differential;

/// <summary>The listing of where properties come from.</summary>
public static class PropertySources
{
    public static readonly string[] Names = ["t:p", "readonly", "compression"];

    /// <summary>Of zfs, before the datasets.</summary>
    public static readonly string[] Arguments =
    [
        "get",
        "-Hp",
        "-r",
        "-t",
        "filesystem,volume,snapshot",
        "-o",
        "name,property,value,source",
        string.Join(',', Names),
    ];

    public static IReadOnlyList<string> Parse(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Replace('\t', ' '))];
}
