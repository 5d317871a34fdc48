using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>
/// The directories that filesystems are mounted on. zfs makes them in the filesystem above, which is thereby written to,
/// and removes them when a dataset is destroyed or renamed, and before a receive mounts it.
/// </summary>
internal static class Mountpoints
{
    /// <summary>Why it could not be mounted; null when it is.</summary>
    public static string? Mount(HostState host, SimDataset dataset)
    {
        if (!dataset.IsMounted && !MakeDirectory(host, dataset))
            return $"cannot mount '{MountCommands.Mountpoint(host, dataset)}': failed to create mountpoint: Read-only file system";
        dataset.IsMounted = true;
        return null;
    }

    /// <summary>Mounts what was received or renamed: where it cannot, only releases before 2.2 fail.</summary>
    public static void MountAgain(ZfsCall call, SimDataset dataset)
    {
        if (Mount(call.Host, dataset) is not { } why)
            return;
        call.Warn(why);
        if (!call.Host.Release.IsAtLeast(2, 2))
            call.ExitCode = 1;
    }

    /// <summary>False where nothing can be made.</summary>
    public static bool MakeDirectory(HostState host, SimDataset dataset)
    {
        if (Above(host, dataset) is not { } above)
            return true;
        var missing = Directories(above.Below).Where(path => !above.Dataset.Files.ContainsKey(path)).ToList();
        if (missing.Count > 0 && MountCommands.IsReadOnly(host, above.Dataset))
            return false;
        missing.ForEach(directory => host.Write(above.Dataset, directory, 0));
        return true;
    }

    /// <summary>The dataset goes from where it was.</summary>
    public static void Remove(HostState host, SimDataset dataset)
    {
        dataset.IsMounted = false;
        RemoveDirectory(host, dataset);
    }

    /// <summary>Unless it is mounted there, or something else is in the directory.</summary>
    public static void RemoveDirectory(HostState host, SimDataset dataset)
    {
        if (dataset.IsVolume || dataset.IsMounted || Above(host, dataset) is not { } above)
            return;
        if (MountCommands.IsReadOnly(host, above.Dataset))
            return;
        var directory = Directories(above.Below).Last();
        if (above.Dataset.Files.ContainsKey(directory) && !above.Dataset.Files.Keys.Any(IsInside))
            host.Write(above.Dataset, directory, null);

        bool IsInside(string path) =>
            path.Length > directory.Length && path.StartsWith(directory, StringComparison.Ordinal);
    }

    /// <summary>The mounted filesystem whose directory it is, and the path in there.</summary>
    private static (SimDataset Dataset, string Below)? Above(HostState host, SimDataset dataset)
    {
        var path = MountCommands.Mountpoint(host, dataset);
        var above = host
            .Pools.Values.SelectMany(pool => pool.Datasets)
            .Where(each => each.IsMounted && each != dataset)
            .Select(each => (Dataset: each, Path: MountCommands.Mountpoint(host, each) + "/"))
            .Where(each => path.StartsWith(each.Path, StringComparison.Ordinal))
            .OrderByDescending(each => each.Path.Length)
            .FirstOrDefault();
        return above.Dataset is null ? null : (above.Dataset, path[above.Path.Length..]);
    }

    /// <summary>a/, a/b/ and a/b/c/ of a/b/c.</summary>
    private static IEnumerable<string> Directories(string path)
    {
        var parts = path.Split('/');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts.Take(count)) + "/");
    }
}
