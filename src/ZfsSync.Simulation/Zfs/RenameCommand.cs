using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs rename</c></summary>
internal static class RenameCommand
{
    public static void Run(ZfsCall call)
    {
        var options = ZfsOptions.Parse("rename", "pruf", call.Arguments);
        if (options.Operands.Count < 2)
            throw ZfsFailure.Usage(
                options.Operands.Count == 0 ? "missing source dataset argument" : "missing target dataset argument",
                "rename"
            );
        if (options.Operands.Count > 2)
            throw ZfsFailure.Usage("too many arguments", "rename");
        var (source, target) = (options.Operands[0], options.Operands[1]);
        if (options.Has('r') && !source.Contains('@', StringComparison.Ordinal))
            throw ZfsFailure.Usage("source dataset for recursive rename must be a snapshot", "rename");
        var node = call.OpenNode(source);
        if (string.Equals(source, target, StringComparison.Ordinal))
            return;
        switch (node)
        {
            case SimSnapshot snapshot:
                Snapshot(call, options, snapshot, target);
                break;
            case SimDataset dataset:
                Dataset(call, options, dataset, target);
                break;
            default:
                throw new ZfsFailure($"cannot open '{source}': operation not applicable to datasets of this type");
        }
    }

    private static void Snapshot(ZfsCall call, ZfsOptions options, SimSnapshot snapshot, string target)
    {
        if (
            HostState.TrySplit(target, '@', out var path, out var name)
            && path.Length > 0
            && path != snapshot.Owner.FullName
        )
            throw new ZfsFailure($"cannot rename to '{target}': snapshots must be part of same dataset");
        name ??= target;
        var fullName = $"{snapshot.Owner.FullName}@{name}";
        if (HostState.NameFault(fullName) is { } fault)
            throw new ZfsFailure($"cannot rename to '{fullName}': {fault}");
        if (!call.May(snapshot.Owner, "rename", "mount", "create"))
            throw new ZfsFailure($"cannot rename '{snapshot.FullName}': permission denied");
        var all = (options.Has('r') ? snapshot.Owner.Subtree : [snapshot.Owner])
            .Select(dataset => dataset.FindSnapshot(snapshot.Name))
            .OfType<SimSnapshot>()
            .ToList();
        if (all.Exists(each => each.Owner.FindSnapshot(name) is not null))
            throw new ZfsFailure(
                $"cannot rename '{snapshot.FullName}': {(options.Has('r') ? "a child dataset already has a snapshot with the new name" : "dataset already exists")}"
            );
        snapshot.Owner.Pool.NextTxg();
        foreach (var each in all)
        {
            each.Name = name;
            each.Owner.SnapshotsChangedMilliseconds = call.Host.NowMilliseconds;
        }
    }

    private static void Dataset(ZfsCall call, ZfsOptions options, SimDataset dataset, string target)
    {
        if (HostState.NameFault(target) is { } fault)
            throw new ZfsFailure($"cannot rename to '{target}': {fault}");
        if (target.Split('/')[0] != dataset.Pool.Name)
            throw new ZfsFailure($"cannot rename to '{target}': datasets must be within same pool");
        if (target.StartsWith(dataset.FullName + "/", StringComparison.Ordinal))
            throw new ZfsFailure(
                $"cannot rename to '{target}': New dataset name cannot be a descendant of current dataset name"
            );
        if (call.Host.FindDataset(target) is not null)
            throw new ZfsFailure($"cannot rename '{dataset.FullName}': dataset already exists");
        var slash = target.LastIndexOf('/');
        if (slash < 0 || dataset.Parent is null)
            throw new ZfsFailure(
                $"cannot rename '{dataset.FullName}': operation not applicable to datasets of this type"
            );
        var parent = call.Host.FindDataset(target[..slash]);
        if (parent is null && !options.Has('p'))
            throw new ZfsFailure($"cannot create '{target}': parent does not exist");
        parent ??= DatasetCreation.ParentOf(call, target, makesParents: true, "rename");
        if (!call.May(dataset, "rename", "mount") || !call.May(parent, "create", "mount"))
            throw new ZfsFailure($"cannot rename '{dataset.FullName}': permission denied");
        if (
            dataset.Encryption is { Root: null }
            && parent != dataset.Parent
            && (parent.Encryption is null || parent.EncryptionRoot != dataset.EncryptionRoot)
        )
            throw new ZfsFailure(
                $"cannot rename '{dataset.FullName}': cannot move encrypted child outside of its encryption root"
            );
        var mounted = dataset.Subtree.Where(each => each.IsMounted).ToList();
        Mountpoints.Remove(call.Host, dataset);
        mounted.ForEach(each => each.IsMounted = false);
        dataset.Parent.Children.Remove(dataset.Name);
        dataset.Name = target[(slash + 1)..];
        dataset.Parent = parent;
        parent.Children.Add(dataset.Name, dataset);
        dataset.Pool.NextTxg();
        foreach (var each in mounted.Where(each => each.IsKeyLoaded))
            Mountpoints.MountAgain(call, each);
    }
}
