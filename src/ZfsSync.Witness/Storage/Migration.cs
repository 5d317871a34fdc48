using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace ZfsSync.Witness.Storage;

/// <summary>One numbered script, <c>0001_base.sql</c>, or its row in the history.</summary>
internal sealed record Migration
{
    public int Number { get; init; }

    public string Name { get; init; } = "";

    public string Checksum { get; init; } = "";

    public string Sql { get; init; } = "";

    public static Migration Read(Assembly assembly, string resource, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var sql = reader.ReadToEnd();
        return new Migration
        {
            Number = int.Parse(file[..4], CultureInfo.InvariantCulture),
            Name = Path.GetFileNameWithoutExtension(file),
            Checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))),
            Sql = sql,
        };
    }
}
