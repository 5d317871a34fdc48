namespace ZfsSync.Testing.Differential;

public sealed partial class SequenceGenerator
{
    private static bool IsRoot(ListedNode node) => node.Name.Length == 1;

    private ZfsStep CreateDataset()
    {
        var name = NewDatasetName(Chance(75) ? 'S' : 'T');
        string[] encryption = Chance(30)
            ? ["-o", "encryption=on", "-o", "keyformat=raw", "-o", $"keylocation={Pick(KeyLocations)}"]
            : [];
        return Zfs(["create", .. Maybe(20, "-u"), .. Maybe(20, "-o", "t:p=made"), .. encryption, name]);
    }

    private ZfsStep CreateVolume() => Zfs("create", "-s", "-V", "8M", NewDatasetName('S'));

    private ZfsStep? RenameDataset()
    {
        if (Pick(Datasets.Where(node => !IsRoot(node))) is not { } dataset)
            return null;
        var pool = Chance(97) ? dataset.Name[0] : 'S';
        return Zfs(["rename", .. Maybe(20, "-p"), dataset.Name, RenameTarget(dataset, pool)]);
    }

    private string RenameTarget(ListedNode dataset, char pool) =>
        Chance(50) ? $"{dataset.Name[..dataset.Name.LastIndexOf('/')]}/{Pick(DatasetNames)}"
        : Chance(15) ? $"{pool}/new/{Pick(DatasetNames)}"
        : NewDatasetName(pool);

    private ZfsStep? Clone() =>
        Pick(Snapshots) is { } snapshot
            ? Zfs(["clone", .. Maybe(20, "-o", "t:p=clone"), snapshot.Name, NewDatasetName(snapshot.Name[0])])
            : null;

    private ZfsStep? Promote()
    {
        var clones = Datasets.Where(node => node.Origin != "-");
        return Pick(Chance(90) ? clones : Datasets.Where(node => !IsRoot(node))) is { } clone && !SharesBookmark(clone)
            ? Zfs("promote", clone.Name)
            : null;
    }

    /// <summary>Moving a bookmark to where one of its name is stops the kernel of a real ZFS.</summary>
    private bool SharesBookmark(ListedNode clone)
    {
        var own = Bookmarks.Where(node => node.Owner == clone.Name).Select(node => node.Short);
        var origin = clone.Origin.Split('@')[0];
        return own.Intersect(Bookmarks.Where(node => node.Owner == origin).Select(node => node.Short)).Any();
    }

    private ZfsStep? DestroyDataset() =>
        Pick(Datasets.Where(node => !IsRoot(node))) is { } dataset
            ? Zfs([
                "destroy",
                .. Pick<string[]>([
                    [],
                    [],
                    MayStopHalfway(dataset) ? [] : ["-r"],
                    MayStopHalfway(dataset) ? [] : ["-R"],
                    ["-nv"],
                ])!,
                dataset.Name,
            ])
            : null;

    /// <summary>
    /// A recursive destruction goes on past what is held, and ends where it comes back to where it was; a real ZFS goes
    /// through datasets and snapshots in any order.
    /// </summary>
    private bool MayStopHalfway(ListedNode target) =>
        Snapshots.Any(node => node.IsHeld && node.Name[0] == target.Name[0])
        || Datasets.Any(node => node.Name[0] == target.Name[0] && DependsOnItself(node));

    /// <summary>A clone of what is below it, or of what depends on that.</summary>
    private bool DependsOnItself(ListedNode dataset)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<string>([dataset.Name]);
        while (next.TryPop(out var name))
        {
            foreach (var node in Datasets.Where(node => Above(node.Name) == name || node.Origin.Split('@')[0] == name))
            {
                if (node.Name == dataset.Name)
                    return true;
                if (seen.Add(node.Name))
                    next.Push(node.Name);
            }
        }
        return false;
    }

    private static string Above(string dataset) =>
        dataset.LastIndexOf('/') is > 0 and var slash ? dataset[..slash] : "";

    /// <summary>Keeps the listing short.</summary>
    private ZfsStep? DestroyMuch() =>
        Snapshots.FirstOrDefault(node => node.IsHeld) is { } held ? Zfs("release", Pick(Tags)!, held.Name)
        : Datasets.FirstOrDefault(node => node.Origin != "-" && DependsOnItself(node) && !SharesBookmark(node))
            is { } clone
            ? Zfs("promote", clone.Name)
        : Pick(Datasets.Where(node => node.Name.Count(c => c == '/') == 1)) is { } dataset
            ? Chance(70) ? Zfs("destroy", "-R", dataset.Name)
                : Zfs("destroy", "-R", $"{dataset.Name}@%")
        : null;

    private ZfsStep? Property()
    {
        var node = Pick(Chance(80) ? Datasets : Snapshots);
        if (node is null)
            return null;
        var name =
            Chance(60) ? "t:p"
            : Chance(50) ? "readonly"
            : "compression";
        if (Chance(40))
            return Zfs(["inherit", .. Maybe(30, "-S"), .. Maybe(20, "-r"), name, node.Name]);
        var value = name switch
        {
            "t:p" => $"v{_random.Next(5)}",
            "readonly" => Chance(50) ? "on" : "off",
            _ => Pick<string>(["lz4", "off", "on"])!,
        };
        return Zfs("set", $"{name}={value}", node.Name);
    }

    private ZfsStep? Mounting()
    {
        if (Pick(Filesystems) is not { } dataset)
            return null;
        return Zfs(dataset.IsMounted || WouldHide(dataset.Name) ? "unmount" : "mount", dataset.Name);
    }

    /// <summary>Mounted now, it would be over what is mounted below.</summary>
    private bool WouldHide(string dataset) =>
        HasMountedBelow(dataset) && !Filesystems.Any(node => node.Name == dataset && node.IsMounted);

    private bool HasMountedBelow(string dataset) =>
        Filesystems.Any(node => node.IsMounted && node.Name.StartsWith(dataset + "/", StringComparison.Ordinal));

    /// <summary>A key can be unloaded when nothing that needs it is mounted.</summary>
    private ZfsStep? Key()
    {
        if (Pick(Chance(95) ? Datasets.Where(node => node.IsEncrypted) : Datasets) is not { } dataset)
            return null;
        var root = Chance(80) && dataset.IsEncrypted ? dataset.EncryptionRoot : dataset.Name;
        if (dataset.IsKeyMissing || Chance(10))
            return Zfs("load-key", "-L", Pick(KeyLocations)!, root);
        var user = Filesystems.FirstOrDefault(node => node.IsMounted && node.EncryptionRoot == root);
        return user is not null && Chance(80) ? Zfs("unmount", user.Name) : Zfs("unload-key", root);
    }
}
