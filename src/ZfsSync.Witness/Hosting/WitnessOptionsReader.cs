using System.Collections;
using System.Globalization;

namespace ZfsSync.Witness.Hosting;

/// <summary>Settings to options, whole: every problem is found at once, each naming the key to set.</summary>
internal sealed class WitnessOptionsReader(SettingSources sources)
{
    private static readonly Dictionary<string, LogLevel> LogLevels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["TRACE"] = LogLevel.Trace,
        ["DEBUG"] = LogLevel.Debug,
        ["INFO"] = LogLevel.Information,
        ["INFORMATION"] = LogLevel.Information,
        ["WARNING"] = LogLevel.Warning,
        ["ERROR"] = LogLevel.Error,
        ["CRITICAL"] = LogLevel.Critical,
    };

    /// <summary>The options, or every problem.</summary>
    public static (WitnessOptions? Options, IReadOnlyList<string> Problems) Read(
        string? configFile,
        IDictionary environment
    )
    {
        var sources = SettingSources.Read(configFile, environment);
        var options = new WitnessOptionsReader(sources).Read();
        sources.RefuseUnknown();
        return sources.Problems.Count == 0 ? (options, []) : (null, sources.Problems);
    }

    private WitnessOptions Read()
    {
        var dataDir = Path.GetFullPath(Text("DATA_DIR") ?? DefaultDataDir());
        var options = new WitnessOptions
        {
            DataDir = dataDir,
            DatabaseUrl = Database(dataDir),
            Host = Text("HOST") ?? "127.0.0.1",
            Port = Number("PORT", 8000, 0, 65535),
            LogLevel = OneOf("LOG_LEVEL", LogLevels, LogLevel.Information),
            LogJson = OneOf("LOG_FORMAT", Formats, false),
            LogDir = Text("LOG_DIR"),
            ApiPrefix = ApiPrefix(),
            SyncIntervalSeconds = Number("SYNC_INTERVAL_SECONDS", 3600, 1, 31_536_000),
            HeartbeatTimeoutSeconds = Number("HEARTBEAT_TIMEOUT_SECONDS", 300, 1, 31_536_000),
            ReportIntervalSeconds = Number("REPORT_INTERVAL_SECONDS", 60, 1, 86_400),
            SecretKey = Secret("SECRET_KEY"),
            AdminKey = Secret("ADMIN_KEY"),
            ApiKeyLength = Number("API_KEY_LENGTH", 32, 16, 128),
            CorsOrigins = List("CORS_ORIGINS"),
            AllowedHosts = List("ALLOWED_HOSTS"),
            TlsCertificate = ExistingFile("TLS_CERTIFICATE"),
            TlsKey = ExistingFile("TLS_KEY"),
            MaxRequestBytes = Number("MAX_REQUEST_BYTES", 32 << 20, 1024, int.MaxValue),
            MaxRequestRows = Number("MAX_REQUEST_ROWS", 250_000, 1, 100_000_000),
            MassVanishPercent = Number("MASS_VANISH_PERCENT", 50, 1, 100),
            TombstoneRetentionDays = Number("TOMBSTONE_RETENTION_DAYS", 30, 1, 36_500),
            RunRetentionDays = Number("RUN_RETENTION_DAYS", 90, 1, 36_500),
            AuditRetentionDays = Number("AUDIT_RETENTION_DAYS", 365, 1, 36_500),
        };
        CheckTogether(options);
        return options;
    }

    private static readonly Dictionary<string, bool> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["text"] = false,
        ["json"] = true,
    };

    private void CheckTogether(WitnessOptions options)
    {
        if (options.TlsCertificate is null != options.TlsKey is null)
            Problem("TLS_CERTIFICATE", "and TLS_KEY belong together: set both or neither");
        if (Uri.CheckHostName(options.Host.Trim('[', ']')) == UriHostNameType.Unknown)
            Problem("HOST", $"'{options.Host}' is neither an address nor a name");
        foreach (var origin in options.CorsOrigins)
        {
            if (origin != "*" && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.AbsolutePath == "/"))
                Problem("CORS_ORIGINS", $"'{origin}' is no origin such as https://example.org");
        }
        if (options.ReportIntervalSeconds >= options.HeartbeatTimeoutSeconds)
            Problem(
                "HEARTBEAT_TIMEOUT_SECONDS",
                $"({options.HeartbeatTimeoutSeconds}) must be greater than REPORT_INTERVAL_SECONDS ({options.ReportIntervalSeconds}), or every host is offline between reports"
            );
    }

    private DatabaseUrl Database(string dataDir)
    {
        var fallback = DatabaseUrl.Sqlite(Path.Combine(dataDir, "zfs_sync.db"));
        if (sources.Text("DATABASE_URL", out var origin) is not { } text)
            return fallback;
        if (DatabaseUrl.TryParse(text, out var url, out var fault))
            return url;
        sources.Problems.Add($"{origin} {fault}");
        return fallback;
    }

    private string ApiPrefix()
    {
        var prefix = (Text("API_PREFIX") ?? Contracts.Routes.DefaultPrefix).TrimEnd('/');
        if (
            prefix.Length == 0
            || prefix[0] != '/'
            || prefix.Any(c => !(char.IsAsciiLetterOrDigit(c) || "/-_.".Contains(c)))
        )
            Problem("API_PREFIX", $"'{prefix}' must be a path such as {Contracts.Routes.DefaultPrefix}");
        return prefix;
    }

    private string? Secret(string name)
    {
        var text = Text(name);
        if (text is not null && (text.Length < 16 || text.Any(c => c <= ' ' || c > '~')))
            Problem(name, "must have at least 16 printable characters without spaces");
        return text;
    }

    private string? ExistingFile(string name)
    {
        var path = Text(name);
        if (path is not null && !File.Exists(path))
            Problem(name, $"names '{path}', which does not exist");
        return path;
    }

    private int Number(string name, int fallback, int min, int max)
    {
        if (sources.Text(name, out var origin) is not { } text)
            return fallback;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= min
            && value <= max
        )
            return value;
        sources.Problems.Add($"{origin} is '{text}'; it must be a whole number from {min} to {max}");
        return fallback;
    }

    private T OneOf<T>(string name, Dictionary<string, T> values, T fallback)
    {
        if (sources.Text(name, out var origin) is not { } text)
            return fallback;
        if (values.TryGetValue(text, out var value))
            return value;
        sources.Problems.Add($"{origin} is '{text}'; it must be one of {string.Join(", ", values.Keys)}");
        return fallback;
    }

    private string[] List(string name) =>
        Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private string? Text(string name) => sources.Text(name, out _);

    private void Problem(string name, string fault)
    {
        sources.Text(name, out var origin);
        sources.Problems.Add($"{origin} {fault}");
    }

    private static string DefaultDataDir() =>
        Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? "/var/lib/zfs-sync"
            : Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.LocalApplicationData,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                "zfs-sync"
            );
}
