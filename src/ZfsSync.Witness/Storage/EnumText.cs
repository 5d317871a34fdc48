using System.Text.Json;

namespace ZfsSync.Witness.Storage;

/// <summary>Enum members as the snake_case text that both the columns and the wire hold.</summary>
internal static class EnumText<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Texts = Enum.GetValues<T>()
        .ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    private static readonly Dictionary<string, T> Values = Texts.ToDictionary(
        pair => pair.Value,
        pair => pair.Key,
        StringComparer.Ordinal
    );

    public static string Of(T value) => Texts[value];

    public static T Parse(string text) => Values[text];

    public static bool TryParse(string text, out T value) => Values.TryGetValue(text, out value);
}
