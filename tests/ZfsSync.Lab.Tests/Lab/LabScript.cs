using System.Collections;
using System.Runtime.CompilerServices;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Lab.Tests.Lab;

/// <summary>The script <c>lab/lab</c> of this checkout, as a method.</summary>
internal static class LabScript
{
    public static readonly string Checkout = FindCheckout();

    /// <summary>Where the lab keeps images, VMs and its key.</summary>
    public static readonly string Folder =
        Environment.GetEnvironmentVariable("ZFS_SYNC_LAB_DIR") ?? "/var/tmp/zfs-sync-lab";

    public static readonly LocalCommandRunner Runner = new();

    /// <summary>The lab's own: the runner keeps what begins with ZFS_SYNC_ from programs.</summary>
    private static readonly Dictionary<string, string> Settings = Environment
        .GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Where(variable => ((string)variable.Key).StartsWith("ZFS_SYNC_LAB_", StringComparison.Ordinal))
        .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal);

    /// <summary>Runs a verb to its end; a non-zero exit is an answer.</summary>
    public static Task<CommandResult> TryAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        Runner.RunAsync(
            new Command(Path.Combine(Checkout, "lab", "lab"), arguments) { Variables = Settings },
            null,
            cancellation
        );

    /// <summary>Runs a verb that must work.</summary>
    /// <returns>Its standard output, without the last line's end.</returns>
    public static async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var result = await TryAsync(arguments, cancellation);
        return result.ExitCode == 0
            ? result.Output.TrimEnd('\n')
            : throw new InvalidOperationException(
                $"lab {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Output}{result.ErrorTail}"
            );
    }

    private static string FindCheckout([CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "zfs-sync.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("zfs-sync.slnx was not found above the tests' sources.");
    }
}
