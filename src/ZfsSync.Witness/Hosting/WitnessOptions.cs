namespace ZfsSync.Witness.Hosting;

/// <summary>Everything a person can set. Each property is the setting of its name in upper snake case.</summary>
internal sealed record WitnessOptions
{
    /// <summary>All state of the witness that is not in a database server.</summary>
    public required string DataDir { get; init; }

    public required DatabaseUrl DatabaseUrl { get; init; }

    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 8000;

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>One JSON object per line instead of text for people.</summary>
    public bool LogJson { get; init; }

    /// <summary>Where logs are kept as files too; null for standard error only.</summary>
    public string? LogDir { get; init; }

    public string ApiPrefix { get; init; } = Contracts.Routes.DefaultPrefix;

    public int SyncIntervalSeconds { get; init; } = 3600;

    /// <summary>A host that is silent for longer is offline.</summary>
    public int HeartbeatTimeoutSeconds { get; init; } = 300;

    /// <summary>How often agents are asked to report.</summary>
    public int ReportIntervalSeconds { get; init; } = 60;

    /// <summary>Signs sessions; null for a key of the witness's own in its data folder.</summary>
    public string? SecretKey { get; init; }

    /// <summary>The first admin's key; null to generate one.</summary>
    public string? AdminKey { get; init; }

    /// <summary>Random bytes in a new key.</summary>
    public int ApiKeyLength { get; init; } = 32;

    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Names under which a witness on loopback may be addressed besides localhost; <c>*</c> for any.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    public long MaxRequestBytes { get; init; } = 32L << 20;

    /// <summary>Rows (snapshots, bookmarks, datasets) in one request.</summary>
    public int MaxRequestRows { get; init; } = 250_000;

    /// <summary>When more than this share of a host's snapshots vanishes in one report, its plans freeze.</summary>
    public int MassVanishPercent { get; init; } = 50;

    /// <summary>How long it is remembered that a snapshot vanished.</summary>
    public int TombstoneRetentionDays { get; init; } = 30;

    /// <summary>How long ended runs, and used or expired consents, are kept.</summary>
    public int RunRetentionDays { get; init; } = 90;

    /// <summary>How long it is kept who did what.</summary>
    public int AuditRetentionDays { get; init; } = 365;

    public bool UsesTls => TlsCertificate is not null;

    public bool IsLoopback =>
        Host is "localhost" || (System.Net.IPAddress.TryParse(Host, out var ip) && System.Net.IPAddress.IsLoopback(ip));
}
