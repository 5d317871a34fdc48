using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ZfsSync.Contracts.Client;
using ZfsSync.Lab.Tests.Lab;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>The real witness program on this machine's loopback, which VMs reach as 10.0.2.2; its data in a folder of its own.</summary>
public sealed class LabWitness : IAsyncDisposable
{
    private const int LogLines = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly HttpClient _http = new();
    private readonly string _directory;
    private Task<CommandResult> _program;

    private LabWitness(int port)
    {
        Port = port;
        AdminKey = $"lab-{Guid.NewGuid():N}";
        _directory = Directory.CreateTempSubdirectory("zfs-sync-witness-").FullName;
        _program = RunAsync();
        Admin = WitnessClient.Connect(_http, new Uri($"http://127.0.0.1:{port}"), AdminKey);
    }

    /// <summary>Where it listens on this machine, and in VMs on 10.0.2.2.</summary>
    public int Port { get; }

    /// <summary>Its address in a VM.</summary>
    public string AddressInVms => $"http://10.0.2.2:{Port}";

    /// <summary>The first admin's key.</summary>
    public string AdminKey { get; }

    /// <summary>The API as an admin.</summary>
    public WitnessClient Admin { get; }

    /// <summary>What it printed, and the end of its log.</summary>
    public string Log => string.Join('\n', _lines.Concat(LastOfLog()));

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<LabWitness> StartAsync()
    {
        var witness = new LabWitness(FreePort());
        await witness.UntilAnswersAsync();
        return witness;
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public async Task KillAsync()
    {
        using (var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(PidFile))))
            process.Kill();
        await _program;
    }

    /// <summary>Starts it again after its end, on the same port and data, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        _program = RunAsync();
        await UntilAnswersAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await _program;
        }
        catch (OperationCanceledException)
        {
            // It was ended.
        }
        _http.Dispose();
        _ending.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string PidFile => Path.Combine(_directory, "pid");

    private Task<CommandResult> RunAsync() =>
        LabScript.Runner.RunAsync(
            new Command(
                "sh",
                "-c",
                // Also when the tests are killed nothing runs on.
                """echo $$ >"$0"; exec setpriv --pdeathsig KILL env "$@" """,
                PidFile,
                $"ZFS_SYNC_DATA_DIR={_directory}",
                $"ZFS_SYNC_LOG_DIR={_directory}",
                $"ZFS_SYNC_PORT={Port}",
                $"ZFS_SYNC_ADMIN_KEY={AdminKey}",
                "ZFS_SYNC_ALLOWED_HOSTS=10.0.2.2",
                Published.Witness
            ),
            _lines.Enqueue,
            _ending.Token
        );

    private Task UntilAnswersAsync() =>
        Eventually.TrueAsync(AnswersAsync, Patience, () => $"The witness does not answer:\n{Log}");

    private IEnumerable<string> LastOfLog() =>
        Directory.EnumerateFiles(_directory, "*.log").SelectMany(File.ReadLines).TakeLast(LogLines);

    private async Task<bool> AnswersAsync()
    {
        if (_program.IsCompleted)
            throw new InvalidOperationException($"The witness ended: {(await _program).ErrorTail}\n{Log}");
        try
        {
            return (await Admin.HealthAsync(CancellationToken.None)).Status == "healthy";
        }
        catch (WitnessException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
