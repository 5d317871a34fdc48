namespace ZfsSync.Testing.Differential;

public sealed partial class SequenceGenerator
{
    private WriteStep? Write() =>
        Pick(Filesystems.Where(node => node.IsMounted || Chance(5))) is { } dataset
            ? new WriteStep(_number, dataset.Name, $"file{_random.Next(3)}", 1 << _random.Next(10, 19))
            : null;

    private ZfsStep? Snapshot()
    {
        var datasets = Datasets.Where(node => node.Name[0] == 'S' || Chance(25));
        if (Pick(datasets) is not { } dataset)
            return null;
        var more = Chance(10) && Pick(Datasets) is { } other ? new[] { $"{other.Name}@{AnySnapshotName}" } : [];
        return Zfs([
            "snapshot",
            .. Maybe(30, "-r"),
            .. Maybe(10, "-o", "t:p=snap"),
            $"{dataset.Name}@{AnySnapshotName}",
            .. more,
        ]);
    }

    private ZfsStep? Bookmark()
    {
        if (Pick(Chance(80) ? Snapshots : Bookmarks) is not { } node)
            return null;
        var owner = Chance(95) ? node.Owner : Pick(Datasets)!.Name;
        return Zfs("bookmark", node.Name, $"{owner}#{Pick(BookmarkNames)}");
    }

    private ZfsStep? Hold() =>
        Pick(Snapshots) is { } snapshot
            ? Zfs(["hold", .. Maybe(25, "-r"), Pick(Tags)!, Chance(95) ? snapshot.Name : $"{snapshot.Owner}@none"])
            : null;

    private ZfsStep? Release() =>
        Pick(Snapshots.Where(node => node.IsHeld || Chance(2))) is { } snapshot
            ? Zfs(["release", .. Maybe(IsBelowToo(snapshot) ? 25 : 0, "-r"), Pick(Tags)!, snapshot.Name])
            : null;

    /// <summary>Of several things that are wrong with -r, a real ZFS tells any.</summary>
    private bool IsBelowToo(ListedNode snapshot) =>
        Datasets
            .Where(node => node.Name.StartsWith(snapshot.Owner + "/", StringComparison.Ordinal))
            .All(node => SnapshotsOf(node.Name).Any(other => other.Short == snapshot.Short));

    private ZfsStep? RenameSnapshot() =>
        Pick(Snapshots) is { } snapshot
            ? Zfs([
                "rename",
                .. Maybe(30, "-r"),
                snapshot.Name,
                Chance(97) ? $"{snapshot.Owner}@{AnySnapshotName}" : $"{Pick(Datasets)!.Name}@{AnySnapshotName}",
            ])
            : null;

    private ZfsStep? Rollback()
    {
        // Mostly the newest one, which needs no option.
        // Where something is mounted below, its directory could go while it is mounted.
        var quiet = Snapshots.Where(node => !HasMountedBelow(node.Owner)).ToList();
        return Pick(Chance(50) ? Newest(quiet) : quiet) is { } snapshot
            ? Zfs([
                "rollback",
                .. Pick<string[]>([
                    [],
                    ["-r"],
                    ["-r"],
                    MayStopHalfway(snapshot) ? ["-r"] : ["-R"],
                ])!,
                snapshot.Name,
            ])
            : null;
    }

    private ZfsStep? DestroySnapshots()
    {
        if (Pick(Snapshots) is not { } snapshot)
            return null;
        var of = SnapshotsOf(snapshot.Owner).Select(node => node.Short).ToList();
        var (one, other) = (of.IndexOf(snapshot.Short), _random.Next(of.Count));
        var range = $"{of[Math.Min(one, other)]}%{of[Math.Max(one, other)]}";
        var which = _random.Next(10) switch
        {
            < 5 => snapshot.Short,
            5 => range,
            6 => $"{snapshot.Short},{AnySnapshotName}",
            7 => $"{snapshot.Short}%",
            8 => $"{AnySnapshotName}%{snapshot.Short}",
            _ => $"{AnySnapshotName},{range}",
        };
        var options = Pick<string[]>([
            [],
            [],
            [],
            ["-d"],
            ["-r"],
            MayStopHalfway(snapshot) ? [] : ["-R"],
            ["-d", "-r"],
            ["-nv"],
        ])!;
        return Zfs(["destroy", .. options, $"{snapshot.Owner}@{which}"]);
    }

    private ZfsStep? DestroyBookmark() =>
        Pick(Bookmarks) is { } bookmark ? Zfs("destroy", Chance(95) ? bookmark.Name : $"{bookmark.Owner}#none") : null;
}
