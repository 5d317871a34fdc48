using System.Net.Sockets;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Hosting;

/// <summary>What must be done before the first request: folder, schema, first key, listening.</summary>
internal static class Startup
{
    /// <exception cref="StartupException">A person must do something first; the message says what.</exception>
    public static void PrepareDataDir(WitnessOptions options)
    {
        try
        {
            if (!Directory.Exists(options.DataDir))
            {
                if (OperatingSystem.IsWindows())
                    Directory.CreateDirectory(options.DataDir);
                else
                    Directory.CreateDirectory(
                        options.DataDir,
                        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                    );
            }
            var probe = Path.Combine(options.DataDir, $".probe-{Environment.ProcessId}");
            using var file = new FileStream(
                probe,
                FileMode.Create,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The data folder {options.DataDir} cannot be written: {fault.Message} Give this user the right to, or set ZFS_SYNC_DATA_DIR to another folder.",
                fault
            );
        }
    }

    /// <summary>Migrates, makes the first key when there is none, and listens. The generated key, or null.</summary>
    /// <exception cref="StartupException">A person must do something first; the message says what.</exception>
    public static async Task<string?> StartWitnessAsync(this WebApplication app, CancellationToken cancellation)
    {
        var options = app.Services.GetRequiredService<WitnessOptions>();
        if (await app.Services.GetRequiredService<Migrator>().MigrateAsync(cancellation) && HasServed(options))
            app.Logger.LogWarning(
                "The data folder {Folder} was used before, and the database {Database} is new: all hosts must join again. If it was lost, stop the witness and restore a backup",
                options.DataDir,
                options.DatabaseUrl.Shown
            );
        var key = await app.Services.GetRequiredService<FirstAdminKey>().EnsureAsync(cancellation);
        RefuseTakenAddress(options);
        await app.StartAsync(cancellation);
        return key;
    }

    private static bool HasServed(WitnessOptions options) => Directory.Exists(WitnessHost.SessionKeys(options));

    /// <summary>Tried before the server does, whose failure is a page of stack trace.</summary>
    private static void RefuseTakenAddress(WitnessOptions options)
    {
        try
        {
            foreach (var address in WitnessHost.Resolve(options.Host))
            {
                using var listener = new TcpListener(address, options.Port);
                listener.Start();
            }
        }
        catch (SocketException fault)
        {
            throw new StartupException(
                $"The witness cannot listen on {options.Host}, port {options.Port}: {fault.Message}. Stop the program that uses it, or set ZFS_SYNC_HOST and ZFS_SYNC_PORT to another address.",
                fault
            );
        }
    }
}
