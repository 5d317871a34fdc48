using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs create</c>, <c>zfs clone</c> and <c>zfs promote</c></summary>
internal static class DatasetCreation
{
    public static void Create(ZfsCall call)
    {
        var options = ZfsOptions.Parse("create", "PV:b:nso:puv", call.Arguments);
        var isVolume = options.Has('V');
        var target = options.Single("create", isVolume ? "volume" : "filesystem");
        if (target.IndexOfAny(['@', '#']) is >= 0 and var at)
            throw new ZfsFailure($"cannot create '{target}': {ZfsCall.Unexpected(target[at])}");
        var properties = PropertyCheck.All(call, $"cannot create '{target}'", options, isVolume);
        if (options.Has('b'))
            properties["volblocksize"] = ZfsNumbers.Parse(options.Value('b')!).ToString();
        if (HostState.NameFault(target) is { } fault)
            throw new ZfsFailure($"cannot create '{target}': {fault}");
        if (options.Has('p') && call.Host.FindDataset(target) is not null)
            return;
        var parent = ParentOf(call, target, options.Has('p'), "create");
        if (!call.May(parent, "create", "mount") || !MaySet(call, parent, properties.Keys))
            throw new ZfsFailure($"cannot create '{target}': permission denied");
        var encryption = properties.GetValueOrDefault("encryption");
        if (
            encryption is null or "on"
            && properties.GetValueOrDefault("keyformat") is null
            && parent.Encryption is not null
            && !parent.IsKeyLoaded
        )
            throw new ZfsFailure($"cannot create '{target}': encryption root's key is not loaded or provided");
        var dataset = call.Host.AddDataset(parent, target[(target.LastIndexOf('/') + 1)..], isVolume);
        if (isVolume)
            dataset.VolumeBytes = ZfsNumbers.Parse(options.Value('V')!);
        EncryptionKeys.OnCreate(call.Host, dataset, name => properties.GetValueOrDefault(name));
        foreach (var (name, value) in properties.Where(property => !EncryptionKeys.Properties.Contains(property.Key)))
            dataset.Properties.Set(name, value);
        Finish(
            call,
            dataset,
            isMounted: !options.Has('u'),
            "filesystem successfully created, but it may only be mounted by root"
        );
    }

    /// <summary>A filesystem with nothing set, mounted: what -p makes on the way.</summary>
    public static SimDataset Make(HostState host, SimDataset parent, string name)
    {
        var dataset = host.AddDataset(parent, name, isVolume: false);
        EncryptionKeys.OnCreate(host, dataset, _ => null);
        if (MountCommands.IsMountable(host, dataset))
            Mountpoints.Mount(host, dataset);
        return dataset;
    }

    public static void Clone(ZfsCall call)
    {
        var options = ZfsOptions.Parse("clone", "o:p", call.Arguments);
        if (options.Operands.Count < 2)
            throw ZfsFailure.Usage(
                options.Operands.Count == 0 ? "missing source dataset argument" : "missing target dataset argument",
                "clone"
            );
        var target = options.Operands[1];
        var source = call.OpenSnapshot(options.Operands[0]);
        if (HostState.NameFault(target) is { } fault)
            throw new ZfsFailure($"cannot create '{target}': {fault}");
        var properties = PropertyCheck.All(call, $"cannot create '{target}'", options, source.Owner.IsVolume);
        var parent = ParentOf(call, target, options.Has('p'), "create");
        if (parent.Pool != source.Owner.Pool)
            throw new ZfsFailure($"cannot create '{target}': source and target pools differ");
        if (!call.May(parent, "create", "mount") || !call.May(source.Owner, "clone"))
            throw new ZfsFailure($"cannot create '{target}': permission denied");
        var clone = call.Host.AddDataset(parent, target[(target.LastIndexOf('/') + 1)..], source.Owner.IsVolume);
        MakeClone(clone, source);
        clone.Files = source.Files;
        clone.ModifiedTxg = source.CreateTxg;
        clone.VolumeBytes = source.VolumeBytes;
        clone.HasLargeBlocks = source.Owner.HasLargeBlocks;
        foreach (var (name, value) in properties)
            clone.Properties.Set(name, value);
        if (!clone.IsKeyLoaded && MountCommands.WantsMount(call.Host, clone))
            call.Complain(
                $"cannot mount '{MountCommands.Mountpoint(call.Host, clone)}': encryption key not loaded\nfilesystem successfully created, but not mounted"
            );
        Finish(call, clone, isMounted: true, "filesystem successfully created, but it may only be mounted by root");
    }

    /// <summary>A clone has the key of its origin, wherever it is.</summary>
    public static void MakeClone(SimDataset clone, SimSnapshot origin)
    {
        clone.Origin = origin;
        origin.Clones.Add(clone);
        if (origin.Owner.Encryption is not { } encryption)
            return;
        clone.Encryption = new SimEncryption
        {
            Suite = encryption.Suite,
            MasterKey = encryption.MasterKey,
            SharedRoot = origin.Owner.EncryptionRoot,
        };
    }

    public static void Promote(ZfsCall call)
    {
        var clone = call.OpenDataset(
            ZfsOptions.Parse("promote", "", call.Arguments).Single("promote", "clone filesystem")
        );
        if (clone.Origin is not { } origin)
            throw new ZfsFailure($"cannot promote '{clone.FullName}': not a cloned filesystem");
        if (!call.May(clone, "promote", "mount") || !call.May(origin.Owner, "promote", "mount"))
            throw new ZfsFailure($"cannot promote '{clone.FullName}': permission denied");
        var parent = origin.Owner;
        var moved = parent.Snapshots.TakeWhile(snapshot => snapshot != origin).Append(origin).ToList();
        if (moved.Find(snapshot => clone.FindSnapshot(snapshot.Name) is not null) is { } clash)
            throw new ZfsFailure(
                $"cannot promote '{clone.FullName}': conflicting snapshot '{clash.Name}' from parent '{origin.FullName}'"
            );
        if (LeavesEncryptionRoot(clone, parent))
            throw new ZfsFailure(
                $"cannot promote '{clone.FullName}': cannot promote dataset outside its encryption root"
            );
        foreach (var snapshot in moved)
        {
            parent.Snapshots.Remove(snapshot);
            snapshot.MoveTo(clone);
        }
        clone.Snapshots.InsertRange(0, moved);
        foreach (var bookmark in parent.Bookmarks.Values.Where(each => each.CreateTxg <= origin.CreateTxg).ToList())
        {
            parent.Bookmarks.Remove(bookmark.Name);
            clone.Bookmarks[bookmark.Name] = bookmark.For(clone);
        }
        if (parent.Encryption?.Root is { } root && clone.EncryptionRoot == parent)
            MoveRoot(root, parent.Encryption, clone);
        clone.Origin = parent.Origin;
        parent.Origin = origin;
        origin.Clones.Remove(clone);
        origin.Clones.Add(parent);
        parent.SnapshotsChangedMilliseconds = clone.SnapshotsChangedMilliseconds = call.Host.NowMilliseconds;
        clone.Pool.NextTxg();
    }

    /// <summary>
    /// The loaded key stays with the old root in memory: what is mounted goes on, all else wants it loaded again, unless
    /// the new root was one before.
    /// </summary>
    private static void MoveRoot(WrappingKey root, SimEncryption from, SimDataset clone)
    {
        var to = clone.Encryption!;
        (to.Root, to.SharedRoot, to.KeepsKey) = (root with { IsLoaded = to.KeepsKey }, null, false);
        (from.Root, from.SharedRoot, from.KeepsKey) = (null, clone, root.IsLoaded);
    }

    /// <summary>A root takes its clones' key along; what inherits its root must find the same one above the clone.</summary>
    private static bool LeavesEncryptionRoot(SimDataset clone, SimDataset origin) =>
        origin is { Encryption.Root: null, Origin: null }
        && (clone.Parent!.Encryption is null || RootOf(clone.Parent) != RootOf(origin.Parent!));

    private static SimDataset? RootOf(SimDataset dataset) => dataset.Encryption is null ? null : dataset.EncryptionRoot;

    /// <summary>The dataset above the name, made when -p asks for it.</summary>
    public static SimDataset ParentOf(ZfsCall call, string target, bool makesParents, string verb)
    {
        var slash = target.LastIndexOf('/');
        if (slash < 0)
            throw new ZfsFailure($"cannot {verb} '{target}': missing dataset name");
        if (call.Host.FindDataset(target) is not null)
            throw new ZfsFailure($"cannot {verb} '{target}': dataset already exists");
        var path = target[..slash];
        if (!call.Host.Pools.ContainsKey(path.Split('/')[0]))
            throw new ZfsFailure($"cannot {verb} '{target}': no such pool '{path.Split('/')[0]}'");
        if (call.Host.FindDataset(path) is { } parent)
            return parent.IsVolume
                ? throw new ZfsFailure($"cannot {verb} '{target}': parent is not a filesystem")
                : parent;
        if (!makesParents)
            throw new ZfsFailure($"cannot {verb} '{target}': parent does not exist");
        var above = ParentOf(call, path, makesParents, verb);
        return Make(call.Host, above, path[(path.LastIndexOf('/') + 1)..]);
    }

    private static bool MaySet(ZfsCall call, SimDataset parent, IEnumerable<string> properties) =>
        properties.All(name => call.May(parent, PropertyCommands.PermissionFor(name)));

    private static void Finish(ZfsCall call, SimDataset dataset, bool isMounted, string notRoot)
    {
        if (!isMounted || !MountCommands.IsMountable(call.Host, dataset))
            return;
        if (!call.IsRoot)
            call.Complain(notRoot);
        else if (Mountpoints.Mount(call.Host, dataset) is { } fault)
            call.Complain($"{fault}\nfilesystem successfully created, but not mounted");
    }
}
