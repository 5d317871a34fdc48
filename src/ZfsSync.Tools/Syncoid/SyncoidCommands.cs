using System.Globalization;
using ZfsSync.Core.Replication;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;

namespace ZfsSync.Tools.Syncoid;

/// <summary>The argv for syncoid 2.1 to 2.3. Always on this host; syncoid itself reaches the other one.</summary>
public static class SyncoidCommands
{
    /// <summary>The program.</summary>
    public const string Program = "syncoid";

    /// <summary>What limits its rate; on the source.</summary>
    public const string RateLimiter = "mbuffer";

    /// <summary>The other option names than these are never used: none of them destroys, rolls back or takes a snapshot.</summary>
    private static readonly string[] AlwaysSafe =
    [
        "--no-sync-snap",
        "--no-rollback",
        "--no-privilege-elevation",
        // Bytes so far as plain numbers, once a second.
        "--pv-options=-n -b -i 1",
    ];

    /// <summary>Tells the release.</summary>
    public static Command Version { get; } = new(Program, "--version");

    /// <summary>
    /// One run. Its standard error comes with its standard output, because syncoid says things on both: read it with
    /// <see cref="SyncoidTranscript"/>.
    /// </summary>
    /// <exception cref="ArgumentException"><see cref="SyncoidRules"/> forbid it; the message says why.</exception>
    public static Command Run(SyncoidRun run)
    {
        if (SyncoidRules.Fault(run) is { } fault)
            throw new ArgumentException(fault, nameof(run));
        return new Command("sh", ["-c", """exec "$@" 2>&1""", "sh", Program, .. Arguments(run)]);
    }

    private static IEnumerable<string> Arguments(SyncoidRun run)
    {
        foreach (var option in AlwaysSafe)
            yield return option;
        if (run.NewestOnly)
            yield return "--no-stream";
        // Its default is lzop.
        yield return run.Compress && run.SourceOn != run.TargetOn ? "--compress=zstd-fast" : "--compress=none";
        if (SendOptions(run.Flags) is { Length: > 0 } send)
            yield return $"--sendoptions={send}";
        yield return $"--recvoptions={ReceiveOptions(run)}";
        if (run.BytesPerSecond is { } limit)
            yield return string.Create(CultureInfo.InvariantCulture, $"--source-bwlimit={limit}");
        foreach (var option in SshArguments(run.SourceOn ?? run.TargetOn))
            yield return option;
        yield return Place(run.SourceOn, run.Source.Value);
        yield return Place(run.TargetOn, run.Target.Value);
    }

    private static string SendOptions(SendFlags flags) =>
        (flags.Raw ? "w" : "")
        + (flags.LargeBlocks ? "L" : "")
        + (flags.Compressed ? "c" : "")
        + (flags.Embedded ? "e" : "");

    private static string ReceiveOptions(SyncoidRun run) =>
        string.Join(
            ' ',
            run.Set.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"o {pair.Key}={pair.Value}")
                .Prepend("u")
        );

    private static IEnumerable<string> SshArguments(SshTarget? host)
    {
        if (host is null)
            yield break;
        if (host.Port is { } port)
            yield return string.Create(CultureInfo.InvariantCulture, $"--sshport={port}");
        if (host.KeyFile is not null)
            yield return $"--sshkey={host.KeyFile}";
        foreach (var option in SshSettings(host))
            yield return $"--sshoption={option}";
    }

    private static IEnumerable<string> SshSettings(SshTarget host)
    {
        yield return "BatchMode=yes";
        yield return "LogLevel=ERROR";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"ConnectTimeout={SshOptions.Default.ConnectTimeoutSeconds}"
        );
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"ServerAliveInterval={SshOptions.Default.KeepAliveSeconds}"
        );
        yield return "ServerAliveCountMax=3";
        if (host.KeyFile is not null)
            yield return "IdentitiesOnly=yes";
        if (host.KnownHostsFile is not null)
            yield return $"UserKnownHostsFile={host.KnownHostsFile}";
        if (host.HostKeyPolicy is not null)
            yield return $"StrictHostKeyChecking={host.HostKeyPolicy}";
    }

    /// <summary>With an at sign, what stands before the colon is a host in any case.</summary>
    private static string Place(SshTarget? host, string dataset) =>
        host is null ? dataset : $"{host.User}@{host.Host}:{dataset}";
}
