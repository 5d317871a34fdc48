using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Keys;

namespace ZfsSync.Cli.Views;

/// <summary>Keys for people.</summary>
internal static class KeyWords
{
    public static void ShowSecret(Screen screen, KeyResource key)
    {
        screen.Line($"{Words.Code(key.Kind)} key '{key.Name}', shown only now:");
        screen.Line($"  {key.ApiKey}", Tone.Heading);
        screen.Line(key.ExpiresAt is null ? "It does not expire." : $"It expires at {Amounts.Instant(key.ExpiresAt)}.");
    }

    public static Grid Table(IReadOnlyList<KeyResource> keys, DateTimeOffset now)
    {
        var grid = new Grid("NAME", "KIND", "STARTS WITH", "STATE", "LAST USED", "ID");
        foreach (var key in keys.OrderBy(k => k.Kind).ThenBy(k => k.Name, StringComparer.Ordinal))
            grid.Add(
                key.Name,
                Words.Code(key.Kind),
                key.Prefix,
                State(key, now),
                Amounts.Ago(key.LastUsedAt, now),
                key.Id.ToString()
            );
        return grid;
    }

    private static Cell State(KeyResource key, DateTimeOffset now) =>
        key switch
        {
            { RevokedAt: not null } => new Cell("revoked", Tone.Dim),
            { ExpiresAt: { } end } when end <= now => new Cell("expired", Tone.Dim),
            { MaxUses: { } most } when key.Uses >= most => new Cell("used up", Tone.Dim),
            { MaxUses: { } most } => new Cell($"{key.Uses} of {most} uses", Tone.Good),
            _ => new Cell("good", Tone.Good),
        };
}
