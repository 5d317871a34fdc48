using ZfsSync.Core.Display;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Diagnosis;

/// <summary>What the facts mean, and what to do about them. Pure.</summary>
internal static class DoctorRules
{
    private static readonly TimeSpan SkewToMention = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SkewThatHurts = TimeSpan.FromMinutes(5);
    private const long ScarceBytes = 100L << 20;

    public static IReadOnlyList<Finding> Judge(HostFacts facts) =>
        [
            .. Zfs(facts),
            .. facts.Pools.Select(Pool),
            User(facts),
            .. facts.Roles.SelectMany(role => Permissions(facts, role)),
            .. DataDirectory(facts),
            .. Identity(facts),
            .. Witness(facts),
            .. facts.SshHosts.SelectMany(Ssh),
            .. Syncoid(facts.Syncoid),
        ];

    private static IEnumerable<Finding> Zfs(HostFacts facts)
    {
        if (facts.Zfs is not { } zfs)
        {
            yield return Finding.Fail(
                "zfs",
                facts.ZfsFault ?? "zfs did not answer.",
                "Install OpenZFS and load its module: modprobe zfs."
            );
            yield break;
        }
        yield return zfs.Kernel is null
            ? Finding.Fail(
                "zfs",
                $"OpenZFS {zfs.UserlandText} is installed, and its module is not loaded.",
                "modprobe zfs"
            )
        : !zfs.IsSupported
            ? Finding.Fail("zfs", $"OpenZFS {zfs.Effective} is older than {ZfsFeatures.Oldest}.", "Upgrade OpenZFS.")
        : zfs.HasSnapshotsChanged ? Finding.Ok("zfs", $"OpenZFS {zfs.UserlandText}.")
        : Finding.Warn(
            "zfs",
            $"OpenZFS {zfs.UserlandText} works; before 2.2 every survey lists the names of all snapshots.",
            "Upgrade to OpenZFS 2.2 or later when you can."
        );
        if (facts.PoolsFault is not null)
            yield return Finding.Fail(
                "pools",
                $"The pools cannot be listed: {facts.PoolsFault}",
                "Let the agent's user open /dev/zfs (chmod 666 /dev/zfs is the default), or run it as root."
            );
        else if (facts.Pools.Count == 0)
            yield return Finding.Warn("pools", "No pool is imported.", "zpool import");
    }

    private static Finding Pool(PoolFacts pool)
    {
        var free = $"{DataSize.InWords(pool.FreeBytes)} of {DataSize.InWords(pool.SizeBytes)} free";
        var used = pool.SizeBytes == 0 ? 1 : 1 - ((double)pool.FreeBytes / pool.SizeBytes);
        var subject = $"pool {pool.Name}";
        return pool.Health is "FAULTED" or "UNAVAIL" or "SUSPENDED"
                ? Finding.Fail(subject, $"It is {pool.Health}.", $"zpool status {pool.Name}")
            : pool.Health != "ONLINE"
                ? Finding.Warn(subject, $"It is {pool.Health}, {free}.", $"zpool status {pool.Name}")
            : used >= 0.98 ? Finding.Fail(subject, $"It is full: {free}.", "Destroy what is not needed, or add space.")
            : used >= 0.9
                ? Finding.Warn(subject, $"It is nearly full: {free}.", "Above 90 % ZFS gets slow: make or add space.")
            : Finding.Ok(subject, $"{pool.Health}, {free}.");
    }

    private static Finding User(HostFacts facts) =>
        facts.IsRoot
            ? Finding.Ok("user", "Runs as root.")
            : Finding.Ok("user", $"Runs as {facts.User}, with what zfs allow gives it.");

    private static IEnumerable<Finding> Permissions(HostFacts facts, RoleFacts role)
    {
        var subject = $"permissions on {role.Root}";
        var verb = role.Role == HostRole.Source ? "send" : "receive";
        if (facts.IsRoot)
            yield break;
        if (role.Grants is null)
        {
            yield return Finding.Fail(
                subject,
                role.Fault ?? "They cannot be read.",
                $"Create {role.Root} if it is missing."
            );
            yield break;
        }
        var required = Missing(PermissionRules.Required(role.Role));
        var useful = Missing(PermissionRules.Useful(role.Role));
        if (required.Count > 0)
            yield return Finding.Fail(
                subject,
                $"{facts.User} cannot {verb}: {string.Join(", ", required)} missing.",
                PermissionRules.AllowLine(facts.User, required, role.Root)
            );
        if (useful.Count > 0)
            yield return Finding.Warn(
                subject,
                role.Role == HostRole.Source
                    ? $"{facts.User} cannot keep bookmarks of what arrived: {string.Join(", ", useful)} missing."
                    : $"{facts.User} cannot discard a partial receive, carry out repairs, or count files where a target looks empty: {string.Join(", ", useful)} missing.",
                PermissionRules.AllowLine(facts.User, useful, role.Root)
            );
        if (required.Count == 0 && useful.Count == 0)
            yield return Finding.Ok(subject, $"{facts.User} may {verb}.");

        IReadOnlyList<string> Missing(IReadOnlyList<string> wanted) =>
            PermissionRules.Missing(wanted, role.Root, role.Grants, facts.User, facts.Groups);
    }

    private static IEnumerable<Finding> DataDirectory(HostFacts facts)
    {
        if (facts.DataDirectoryFault is { } fault)
            yield return Finding.Fail(
                "data directory",
                fault,
                "Give the agent's user the directory, or choose another."
            );
        else if (facts.DataDirectoryFreeBytes is < ScarceBytes and var free)
            yield return Finding.Warn(
                "data directory",
                $"Only {DataSize.InWords((ulong)free)} are free there.",
                "The journal needs little, and it needs it always: make space."
            );
        else
            yield return Finding.Ok("data directory", "It can be written.");
    }

    private static IEnumerable<Finding> Identity(HostFacts facts)
    {
        if (facts.Identity is not { } identity)
            yield return Finding.Fail(
                "identity",
                facts.IdentityFault ?? "This host has not joined a witness.",
                "zfs-sync join WITNESS TOKEN"
            );
        else if (facts.IsKeyFileOpenToOthers)
            yield return Finding.Warn(
                "identity",
                $"Joined as {identity}; others than its owner can read the key file.",
                "chmod 600 on the key file; rotate the key if others may have read it."
            );
        else
            yield return Finding.Ok("identity", $"Joined as {identity}.");
    }

    private static IEnumerable<Finding> Witness(HostFacts facts)
    {
        if (facts.Identity is null)
            yield break;
        if (facts.WitnessFault is { } fault)
        {
            yield return Finding.Fail("witness", fault, facts.WitnessRemedy ?? "Check its address and that it runs.");
            yield break;
        }
        yield return Finding.Ok("witness", "It answers, and it knows this host's key.");
        if (facts.ClockSkew is not { } skew)
            yield break;
        var words =
            $"This host's clock is {Math.Abs(skew.TotalSeconds):0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the witness's";
        yield return skew.Duration() >= SkewThatHurts
            ? Finding.Fail("clock", $"{words}: ages of snapshots are wrong.", "timedatectl set-ntp true")
        : skew.Duration() >= SkewToMention ? Finding.Warn("clock", $"{words}.", "timedatectl set-ntp true")
        : Finding.Ok("clock", "It agrees with the witness's.");
    }

    private static IEnumerable<Finding> Ssh(SshFacts host)
    {
        yield return Reached(host);
        if (host.ClockSkew is { } skew && skew.Duration() >= SkewToMention)
            yield return Finding.Warn(
                $"clock of {host.Address}",
                $"It is {skew.Duration().TotalSeconds:0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} this host's: ages of its snapshots look wrong here.",
                "timedatectl set-ntp true, there and here"
            );
    }

    private static IEnumerable<Finding> Syncoid(SyncoidFacts? syncoid)
    {
        if (syncoid is null)
            yield break;
        var users = $"the engine of {string.Join(", ", syncoid.Groups)}";
        if (syncoid.Version is null)
            yield return Finding.Fail(
                "syncoid",
                $"It is {users}: {syncoid.Fault}",
                "Install the package sanoid, or set the groups' engine to native."
            );
        else if (!syncoid.CountsBytes)
            yield return Finding.Warn(
                "syncoid",
                $"syncoid {syncoid.Version} is {users}; without pv its transfers show no progress, and one that stands still is not noticed.",
                "Install the package pv."
            );
        else
            yield return Finding.Ok("syncoid", $"syncoid {syncoid.Version} is {users}.");
    }

    private static Finding Reached(SshFacts host) =>
        host.Fault is { } fault
            ? Finding.Fail(
                $"ssh {host.Address}",
                fault,
                $"Make this work as the agent's user, without a password: ssh -o BatchMode=yes {host.Address} zfs version"
            )
        : host.Release is { IsSupported: false } old
            ? Finding.Fail($"ssh {host.Address}", $"Its OpenZFS {old.Effective} is too old.", "Upgrade OpenZFS there.")
        : Finding.Ok($"ssh {host.Address}", $"Reached, OpenZFS {host.Release?.UserlandText}.");
}
