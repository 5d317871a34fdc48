using System.Security.Cryptography;
using System.Text;

namespace ZfsSync.Witness.Callers;

/// <summary>
/// A key: <c>zs_PREFIX_SECRET</c>. The prefix finds it and is no secret; of the whole only a hash is kept. A fast hash
/// is enough, because the secret is random and long.
/// </summary>
internal sealed record KeySecret(string Text, string Prefix)
{
    /// <summary>Stands for the key of the ADMIN_KEY setting, which has a form of its own.</summary>
    public const string ConfiguredPrefix = "configured";

    private const string Start = "zs_";
    private const int PrefixBytes = 6;

    public static KeySecret Generate(int secretBytes)
    {
        var prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PrefixBytes));
        var secret = Convert
            .ToBase64String(RandomNumberGenerator.GetBytes(secretBytes))
            .TrimEnd('=')
            .Replace('+', '-')
            .Replace('/', '_');
        return new KeySecret($"{Start}{prefix}_{secret}", prefix);
    }

    public static KeySecret Parse(string text)
    {
        const int secretAt = 3 + PrefixBytes * 2;
        var isOurs =
            text.Length > secretAt + 1 && text.StartsWith(Start, StringComparison.Ordinal) && text[secretAt] == '_';
        return new KeySecret(text, isOurs ? text[Start.Length..secretAt] : ConfiguredPrefix);
    }

    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    public bool Matches(byte[] hash) => CryptographicOperations.FixedTimeEquals(Hash(), hash);

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{Start}{Prefix}_…";
}
