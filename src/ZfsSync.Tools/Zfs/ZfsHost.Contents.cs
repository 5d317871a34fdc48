using System.Globalization;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

/// <summary>What is in a dataset whose place a stream would take.</summary>
public sealed partial class ZfsHost
{
    /// <summary>
    /// How many files and directories somebody made in a filesystem: not its root, nor the directories on which the filesystems
    /// directly below it are mounted. As of the last transaction group that was written.
    /// </summary>
    /// <returns>Null when zfs does not tell: without the permissions, without the key, on a pool that does not count.</returns>
    /// <exception cref="ToolException"><see cref="ToolErrorKind.Gone"/>: it does not exist.</exception>
    public async Task<long?> CountFilesAsync(DatasetName filesystem, CancellationToken cancellation)
    {
        var command = ZfsCommands.Objects(filesystem);
        var result = await RunAsync(command, cancellation);
        if (result.ExitCode != 0 && Failure(command, result) is var fault)
            return fault.Kind == ToolErrorKind.Permission ? null : throw fault;
        var counted = Parsed(command, SumOf, result.Output);
        return counted switch
        {
            0 => null,
            1 => 0,
            _ => counted - 1 - await CountMountpointsAsync(filesystem, cancellation),
        };
    }

    /// <summary>
    /// Whether a receive that was cut, or runs, fills a hidden dataset beside this one, to take its place at the end. False when
    /// the receive made the dataset.
    /// </summary>
    public async Task<bool> HasPartialBesideAsync(DatasetName dataset, CancellationToken cancellation)
    {
        var (output, _) = await OutputOfExistingAsync(ZfsCommands.PartialBeside(dataset), cancellation);
        return output.Length > 0;
    }

    private async Task<int> CountMountpointsAsync(DatasetName filesystem, CancellationToken cancellation)
    {
        var rows = (await OutputAsync(ZfsCommands.Mounts(filesystem), cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .Where(row => row is [_, "yes", _])
            .ToDictionary(row => row[0], row => row[2], StringComparer.Ordinal);
        return rows.TryGetValue(filesystem.Value, out var here)
            ? rows.Count(row => row.Key != filesystem.Value && row.Value == here + row.Key[filesystem.Value.Length..])
            : 0;
    }

    /// <summary>One user a line; <c>-</c> for one who has a quota and nothing else.</summary>
    private static long SumOf(string output) =>
        output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line != "-")
            .Sum(line => long.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture));
}
