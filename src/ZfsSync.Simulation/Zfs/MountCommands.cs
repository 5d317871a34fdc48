using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs mount</c> and <c>zfs unmount</c>: whether a filesystem can be seen.</summary>
internal static class MountCommands
{
    public static void Mount(ZfsCall call)
    {
        var options = ZfsOptions.Parse("mount", "aflvO o:".Replace(" ", "", StringComparison.Ordinal), call.Arguments);
        if (options.Has('a'))
        {
            foreach (var dataset in All(call).Where(dataset => IsMountable(call.Host, dataset)))
            {
                if (Mountpoints.Mount(call.Host, dataset) is { } fault)
                    call.Complain(fault);
            }
            return;
        }
        if (options.Operands.Count == 0)
        {
            foreach (var dataset in All(call).Where(dataset => dataset.IsMounted))
                call.Print($"{dataset.FullName, -30}  {Mountpoint(call.Host, dataset)}");
            return;
        }
        MountOne(call, call.OpenDataset(options.Single("mount", "filesystem")));
    }

    private static void MountOne(ZfsCall call, SimDataset dataset)
    {
        var mountpoint = Mountpoint(call.Host, dataset);
        var why =
            dataset.IsVolume ? "operation not applicable to datasets of this type"
            : mountpoint == "legacy" ? "legacy mountpoint\nuse mount(8) to mount this filesystem"
            : mountpoint == "none" ? "no mountpoint set"
            : CanMount(call.Host, dataset) == "off" ? "'canmount' property is set to 'off'"
            : dataset.IsInconsistent
                ? "Contains partially-completed state from \"zfs receive -s\", which can be resumed with \"zfs send -t\""
            : !dataset.IsKeyLoaded ? "encryption key not loaded"
            : dataset.IsMounted ? "filesystem already mounted"
            : !call.IsRoot ? "Insufficient privileges"
            : null;
        if (why is not null)
            throw new ZfsFailure($"cannot {(dataset.IsVolume ? "open" : "mount")} '{dataset.FullName}': {why}");
        if (Mountpoints.Mount(call.Host, dataset) is { } fault)
            throw new ZfsFailure(fault);
    }

    public static void Unmount(ZfsCall call)
    {
        var options = ZfsOptions.Parse("unmount", "afu", call.Arguments);
        if (options.Has('a'))
        {
            foreach (var each in All(call))
                each.IsMounted = false;
            return;
        }
        var dataset = call.OpenDataset(options.Single("unmount", "filesystem"));
        if (!dataset.IsMounted)
            throw new ZfsFailure($"cannot unmount '{dataset.FullName}': not currently mounted");
        foreach (var each in dataset.Subtree)
            each.IsMounted = false;
    }

    public static bool IsMountable(HostState host, SimDataset dataset) =>
        WantsMount(host, dataset) && dataset.IsKeyLoaded;

    public static bool WantsMount(HostState host, SimDataset dataset) =>
        !dataset.IsVolume
        && !dataset.IsInconsistent
        && Mountpoint(host, dataset) is not ("none" or "legacy")
        && CanMount(host, dataset) == "on";

    public static void Remount(ZfsCall call, SimDataset dataset)
    {
        foreach (var each in dataset.Subtree.Where(each => each.IsMounted || each == dataset))
        {
            var isMounted = IsMountable(call.Host, each) && (each.IsMounted || call.IsRoot);
            each.IsMounted = false;
            if (isMounted)
                Mountpoints.MountAgain(call, each);
        }
    }

    /// <summary>The dataset that was received and all below it; what cannot be mounted does no harm.</summary>
    public static void MountAfterReceive(ZfsCall call, SimDataset top)
    {
        Mountpoints.RemoveDirectory(call.Host, top);
        foreach (var dataset in top.Subtree.Where(each => !each.IsMounted && !each.IsVolume && each.IsKeyLoaded))
        {
            if (dataset.IsInconsistent)
            {
                Mountpoints.MakeDirectory(call.Host, dataset);
                call.Warn($"cannot mount '{dataset.FullName}': mountpoint or dataset is busy");
                if (!call.Host.Release.IsAtLeast(2, 2))
                    call.ExitCode = 1;
            }
            else if (IsMountable(call.Host, dataset) && call.IsRoot)
                Mountpoints.MountAgain(call, dataset);
            else if (IsMountable(call.Host, dataset))
                call.Warn(
                    $"cannot mount '{Mountpoint(call.Host, dataset)}': failed to create mountpoint: Permission denied"
                );
        }
    }

    private static IEnumerable<SimDataset> All(ZfsCall call) =>
        call.Host.Pools.Values.SelectMany(pool => pool.Datasets);

    public static string Mountpoint(HostState host, SimDataset dataset) => Value(host, dataset, "mountpoint");

    public static bool IsReadOnly(HostState host, SimDataset dataset) => Value(host, dataset, "readonly") == "on";

    private static string CanMount(HostState host, SimDataset dataset) => Value(host, dataset, "canmount");

    private static string Value(HostState host, SimDataset dataset, string name) =>
        PropertyValues.Native(host, dataset, NativeProperties.Find(host.Release, name)!).Value;
}
