using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Hosting;

/// <summary>What surrounds the features: address, TLS, limits, logs.</summary>
internal static class WitnessHost
{
    private const int UnreadBytes = 256 << 10;
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(20);

    public static void AddHosting(this WebApplicationBuilder builder, WitnessOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(BodyGate.OfThisMachine());
        builder.Services.AddSingleton<TimeProvider>(new StoredClock(TimeProvider.System));
        if (int.TryParse(Environment.GetEnvironmentVariable(ParentWatch.Variable), out var parent))
            builder.Services.AddHostedService(services => new ParentWatch(
                parent,
                services.GetRequiredService<IHostApplicationLifetime>()
            ));
        if (options.CorsOrigins.Count > 0)
            builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => AllowOrigins(policy, options)));
        builder
            .Services.AddDataProtection()
            .SetApplicationName("zfs-sync")
            .PersistKeysToFileSystem(new DirectoryInfo(SessionKeys(options)));
        if (options.SecretKey is { } secret)
            builder.Services.AddSingleton<IDataProtectionProvider>(new SharedSecretProtection(secret));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            // So much of a body that waits at the gate is read nevertheless.
            kestrel.Limits.MaxRequestBufferSize = UnreadBytes;
            Listen(kestrel, options);
        });
        AddLogs(builder.Logging, options);
    }

    /// <summary>Made at the first start.</summary>
    public static string SessionKeys(WitnessOptions options) => Path.Combine(options.DataDir, "session-keys");

    /// <summary>Scripts of these pages may read answers; keys travel in headers, never in cookies.</summary>
    private static void AllowOrigins(CorsPolicyBuilder policy, WitnessOptions options) =>
        policy
            .WithOrigins([.. options.CorsOrigins])
            .AllowAnyHeader()
            .AllowAnyMethod()
            .WithExposedHeaders("X-Total-Count");

    /// <summary>Standard output is for the few lines that other programs read; logs go to standard error.</summary>
    private static void AddLogs(ILoggingBuilder logs, WitnessOptions options)
    {
        logs.ClearProviders();
        logs.SetMinimumLevel(options.LogLevel);
        logs.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logs.AddFilter(typeof(Callers.KeyAuthentication).FullName, LogLevel.Warning);
        logs.AddFilter("Microsoft", options.LogLevel > LogLevel.Warning ? options.LogLevel : LogLevel.Warning);
        logs.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.LogDir is { } folder)
            logs.AddProvider(new LogFile(folder, TimeProvider.System));
        if (options.LogJson)
            logs.AddJsonConsole(console => console.UseUtcTimestamp = true);
        else
            logs.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            });
    }

    private static void Listen(KestrelServerOptions kestrel, WitnessOptions options)
    {
        foreach (var address in Resolve(options.Host))
            kestrel.Listen(address, options.Port, listen => UseTls(listen, options));
    }

    /// <summary>The addresses of a host as people set it: an address, a name, or localhost, which is 127.0.0.1 here.</summary>
    public static System.Net.IPAddress[] Resolve(string host)
    {
        if (host == "localhost")
            return [System.Net.IPAddress.Loopback];
        if (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address))
            return [address];
        try
        {
            return System.Net.Dns.GetHostAddresses(host);
        }
        catch (System.Net.Sockets.SocketException fault)
        {
            throw new StartupException($"ZFS_SYNC_HOST names '{host}', which has no address: {fault.Message}", fault);
        }
    }

    private static void UseTls(ListenOptions listen, WitnessOptions options)
    {
        if (options.TlsCertificate is not { } certificate)
            return;
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificate, options.TlsKey);
            // Some platforms cannot use a key that was never stored; a round trip through PKCS#12 stores it in memory.
            listen.UseHttps(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null));
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"ZFS_SYNC_TLS_CERTIFICATE ({certificate}) and ZFS_SYNC_TLS_KEY ({options.TlsKey}) are no PEM certificate with its key: {fault.Message}",
                fault
            );
        }
    }
}
