using System.Globalization;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs set</c> and <c>zfs inherit</c></summary>
internal static class PropertyCommands
{
    public static void Set(ZfsCall call)
    {
        var options = ZfsOptions.Parse("set", call.Host.Release.IsAtLeast(2, 2) ? "u" : "", call.Arguments);
        var assignments = options
            .Operands.TakeWhile(operand => operand.Contains('=', StringComparison.Ordinal))
            .ToList();
        if (options.Operands.Count == 0)
            throw ZfsFailure.Usage("missing arguments", "set");
        if (assignments.Count == 0)
            throw ZfsFailure.Usage("missing property=value argument(s)", "set");
        if (assignments.Count == options.Operands.Count)
            throw ZfsFailure.Usage("missing dataset name(s)", "set");
        foreach (var path in options.Operands.Skip(assignments.Count))
        {
            var node = call.OpenNode(path);
            foreach (var (name, value) in assignments.Select(PropertyAssignment.Parse))
                SetOne(call, node, name, value);
        }
    }

    /// <summary>What a user needs to change a property.</summary>
    public static string PermissionFor(string property) =>
        property.Contains(':', StringComparison.Ordinal) ? "userprop" : property;

    private static void SetOne(ZfsCall call, SimNode node, string name, string value)
    {
        var action = $"cannot set property for '{node.FullName}'";
        var (full, good) = Checked(call, action, node, name, value);
        if (!call.May(node.Owner, PermissionFor(full)))
            throw new ZfsFailure($"{action}: permission denied", FailureExit(call));
        node.Owner.Pool.NextTxg();
        if (node is SimSnapshot snapshot)
        {
            snapshot.Properties.Set(full, good);
            return;
        }
        var dataset = node.Owner;
        if (full == "volsize")
            dataset.VolumeBytes = long.Parse(good, CultureInfo.InvariantCulture);
        else if (full == "keylocation" && dataset.Encryption?.Root is { } root)
            dataset.Encryption.Root = root with { Location = good };
        else
            dataset.Properties.Set(full, good);
        if (full is "mountpoint" or "canmount")
            MountCommands.Remount(call, dataset);
    }

    /// <summary>What zfs set ends with when a property is refused.</summary>
    private static int FailureExit(ZfsCall call) => call.Host.Release.IsAtLeast(2, 2) ? 255 : 1;

    private static (string Name, string Value) Checked(
        ZfsCall call,
        string action,
        SimNode node,
        string name,
        string value
    )
    {
        try
        {
            var good = PropertyCheck.One(call.Host.Release, action, name, value, node.Owner.IsVolume, isNew: false);
            if (node is SimSnapshot && !good.Name.Contains(':', StringComparison.Ordinal))
                throw new ZfsFailure($"{action}: this property can not be modified for snapshots");
            return good;
        }
        catch (ZfsFailure failure)
        {
            throw new ZfsFailure(failure.Message, FailureExit(call));
        }
    }

    public static void Inherit(ZfsCall call)
    {
        var options = ZfsOptions.Parse("inherit", "rS", call.Arguments);
        if (options.Operands.Count == 0)
            throw ZfsFailure.Usage("missing property argument", "inherit");
        if (options.Operands.Count == 1)
            throw ZfsFailure.Usage("missing dataset argument", "inherit");
        var name = options.Operands[0];
        var native = NativeProperties.Find(call.Host.Release, name);
        if (native is null && !NativeProperties.IsUserProperty(name))
            throw ZfsFailure.Usage($"invalid property '{name}'", "inherit");
        if (native is { IsReadOnly: true })
            throw new ZfsFailure($"{native.Name} property is read-only");
        if (native is { IsInheritable: false } && !options.Has('S'))
            throw new ZfsFailure(NotInherited(native));
        var full = native?.Name ?? name;
        foreach (var node in options.Operands.Skip(1).Select(call.OpenNode))
            InheritOne(call, options, node, full);
    }

    private static string NotInherited(NativeProperty property)
    {
        var text = $"'{property.Name}' property cannot be inherited";
        return property.Name is "quota" or "reservation" or "refquota" or "refreservation"
            ? $"{text}\nuse 'zfs set {property.Name}=none' to clear\nuse 'zfs inherit -S {property.Name}' to revert to received value"
            : text;
    }

    private static void InheritOne(ZfsCall call, ZfsOptions options, SimNode node, string name)
    {
        if (!call.May(node.Owner, PermissionFor(name)))
            throw new ZfsFailure($"cannot inherit {name} for '{node.FullName}': permission denied");
        var native = NativeProperties.Find(call.Host.Release, name);
        var isRecursive = options.Has('r');
        if (native?.Fits(node) == false && !isRecursive)
            throw new ZfsFailure(
                $"cannot inherit {name} for '{node.FullName}': property doesn't apply to datasets of this type"
            );
        // With -r, where it does not apply is passed over, and snapshots are taken along.
        var below =
            isRecursive && node is SimDataset top
                ? top.Subtree.SelectMany(dataset => dataset.Snapshots.Cast<SimNode>().Prepend(dataset))
                : [node];
        foreach (var each in below.Where(each => native?.Fits(each) != false))
            PropertiesOf(each).Inherit(name, options.Has('S'));
    }

    private static PropertyBag PropertiesOf(SimNode node) =>
        node is SimSnapshot snapshot ? snapshot.Properties : node.Owner.Properties;
}
