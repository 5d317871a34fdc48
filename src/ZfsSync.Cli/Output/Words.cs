using System.Text.Json;

namespace ZfsSync.Cli.Output;

/// <summary>Codes as people and the API write them.</summary>
internal static class Words
{
    /// <summary>The code as on the wire: <c>re_read</c>.</summary>
    public static string Code<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The code with spaces: <c>out of sync</c>.</summary>
    public static string Plain<TEnum>(TEnum value)
        where TEnum : struct, Enum => Code(value).Replace('_', ' ');
}
