using ZfsSync.Core.Display;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Diagnosis;

/// <summary>Which delegated permissions an agent needs where it is not root. Pure.</summary>
internal static class PermissionRules
{
    /// <summary>Without these nothing is sent. hold: Linux asks for it when a range is sent (openzfs#16394).</summary>
    private static readonly string[] ToSend = ["send", "hold", "release"];

    /// <summary>Bookmarks of what arrived; destroying the older ones asks for destroy and mount.</summary>
    private static readonly string[] ToMark = ["bookmark", "destroy", "mount"];

    /// <summary>Without these nothing is received: mount is part of create, though nothing is mounted.</summary>
    private static readonly string[] ToReceive = ["create", "mount", "receive", "canmount", "readonly", "userprop"];

    /// <summary>Discarding a partial receive, and repairs that a person approved.</summary>
    private static readonly string[] ToRepair = ["destroy", "rollback", "rename"];

    /// <summary>Before a stream takes the place of an empty dataset. zfs userspace asks for all four, whatever it is to show.</summary>
    private static readonly string[] ToCountFiles = ["userused", "userquota", "userobjused", "userobjquota"];

    public static IReadOnlyList<string> Required(HostRole role) => role == HostRole.Source ? ToSend : ToReceive;

    public static IReadOnlyList<string> Useful(HostRole role) =>
        role == HostRole.Source ? ToMark : [.. ToRepair, .. ToCountFiles];

    /// <summary>Those of <paramref name="wanted"/> that a user does not have on a dataset and everything below it.</summary>
    public static IReadOnlyList<string> Missing(
        IReadOnlyList<string> wanted,
        DatasetName dataset,
        IReadOnlyList<PermissionGrant> grants,
        string user,
        IReadOnlyList<string> groups
    )
    {
        var ours = grants.Where(grant => IsFor(grant, user, groups)).ToList();
        var below = Expand(ours.Where(CountsBelow), grants);
        var here = Expand(ours.Where(grant => CountsAt(grant, dataset)), grants);
        return [.. wanted.Where(permission => !Has(here, permission) || !Has(below, permission))];
    }

    /// <summary>The line for an administrator.</summary>
    public static string AllowLine(string user, IReadOnlyList<string> permissions, DatasetName dataset) =>
        ShellQuoter.Join(["zfs", "allow", "-u", user, string.Join(',', permissions), dataset.Value]);

    private static bool IsFor(PermissionGrant grant, string user, IReadOnlyList<string> groups) =>
        grant.Holder switch
        {
            "user" => grant.Name == user,
            "group" => groups.Contains(grant.Name, StringComparer.Ordinal),
            "everyone" => true,
            _ => false,
        };

    private static bool CountsBelow(PermissionGrant grant) =>
        grant.Scope is PermissionScope.LocalAndDescendent or PermissionScope.Descendent;

    private static bool CountsAt(PermissionGrant grant, DatasetName dataset) =>
        grant.Scope switch
        {
            PermissionScope.LocalAndDescendent => true,
            PermissionScope.Local => grant.On == dataset,
            PermissionScope.Descendent => grant.On != dataset,
            _ => false,
        };

    private static HashSet<string> Expand(IEnumerable<PermissionGrant> ours, IReadOnlyList<PermissionGrant> all) =>
        [
            .. ours.SelectMany(grant => grant.Permissions)
                .SelectMany(permission =>
                    permission.StartsWith('@')
                        ? all.Where(grant => grant.Scope == PermissionScope.Set && grant.Name == permission)
                            .SelectMany(set => set.Permissions)
                        : [permission]
                ),
        ];

    /// <summary>2.4 has receive:append, which is receive without the power to roll back.</summary>
    private static bool Has(HashSet<string> held, string permission) =>
        held.Contains(permission) || (permission == "receive" && held.Contains("receive:append"));
}
