using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace ZfsSync.Witness.Hosting;

/// <summary>Where the database is: <c>sqlite:///path</c> or <c>postgresql://user:pass@host:port/db</c>.</summary>
internal sealed record DatabaseUrl
{
    private const string SqliteScheme = "sqlite:///";

    private DatabaseUrl() { }

    /// <summary>The file, for SQLite; null for PostgreSQL.</summary>
    public string? SqlitePath { get; private init; }

    /// <summary>What Npgsql takes, for PostgreSQL; null for SQLite.</summary>
    public string? PostgresConnection { get; private init; }

    /// <summary>For logs and errors: without a password.</summary>
    public required string Shown { get; init; }

    public static DatabaseUrl Sqlite(string path) => new() { SqlitePath = path, Shown = $"sqlite:///{path}" };

    /// <summary>Reads a URL; <paramref name="fault"/> says what is wrong with it, never with its password.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DatabaseUrl? url, out string fault)
    {
        url = null;
        fault = "must be sqlite:///path or postgresql://user:password@host:port/database";
        if (text.StartsWith(SqliteScheme, StringComparison.Ordinal) && text.Length > SqliteScheme.Length)
        {
            url = Sqlite(text[SqliteScheme.Length..]);
            return true;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgresql" or "postgres"))
            return false;
        if (uri.AbsolutePath.Trim('/').Length == 0)
        {
            fault = "names no database: postgresql://user:password@host:port/database";
            return false;
        }
        return TryReadPostgres(uri, out url, out fault);
    }

    /// <summary>Parameters after <c>?</c> are Npgsql's or libpq's (<c>sslmode</c>; <c>host</c> for a socket's folder).</summary>
    private static bool TryReadPostgres(Uri uri, [NotNullWhen(true)] out DatabaseUrl? url, out string fault)
    {
        url = null;
        fault = "";
        var user = uri.UserInfo.Split(':', 2);
        var database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        var connection = new NpgsqlConnectionStringBuilder
        {
            Database = database,
            ApplicationName = "zfs-sync-witness",
            Host = uri.Host.Length > 0 ? uri.Host : "/var/run/postgresql",
        };
        if (uri.Port > 0)
            connection.Port = uri.Port;
        if (user[0].Length > 0)
            connection.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            connection.Password = Uri.UnescapeDataString(user[1]);
        foreach (var (name, value) in QueryOf(uri))
        {
            try
            {
                connection[name] = value;
            }
            catch (Exception refused) when (refused is ArgumentException or FormatException or InvalidCastException)
            {
                fault = $"has the parameter '{name}', which is unknown or has a wrong value";
                return false;
            }
        }
        url = new DatabaseUrl
        {
            PostgresConnection = connection.ConnectionString,
            Shown = $"postgresql://{connection.Host}:{connection.Port}/{database}",
        };
        return true;
    }

    private static IEnumerable<(string Name, string Value)> QueryOf(Uri uri) =>
        from pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        let parts = pair.Split('=', 2)
        select (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : ""));
}
