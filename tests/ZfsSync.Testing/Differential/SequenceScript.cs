using ZfsSync.Testing.Zfs;

namespace ZfsSync.Testing.Differential;

/// <summary>A sequence as a script for a machine with ZFS and two free disks.</summary>
public static class SequenceScript
{
    public static string Text(IReadOnlyList<SequenceStep> steps)
    {
        var names = new SequenceNames("d");
        var keys = SequenceGenerator.KeyLocations.Select(location =>
            $"head -c 32 /dev/urandom >{new Uri(location).LocalPath}"
        );
        IEnumerable<string> lines =
        [
            "#!/bin/sh -x",
            $"zpool create -f {ZfsUnderTest.SourcePool} /dev/vdb",
            $"zpool create -f {ZfsUnderTest.TargetPool} /dev/vdc",
            .. keys,
            .. names.Roots.Select(root => $"zfs create {root}"),
            .. steps.Select(step => step.Shell(names.Real)),
            $"zfs list -r -t all -o {string.Join(',', ListedNode.Columns)} {string.Join(' ', names.Roots)}",
        ];
        return string.Join('\n', lines);
    }
}
