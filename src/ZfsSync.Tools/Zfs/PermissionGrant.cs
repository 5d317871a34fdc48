using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>One line of <c>zfs allow DATASET</c>.</summary>
/// <param name="On">The dataset it is set on: the one asked for or one above it.</param>
/// <param name="Scope">Where it counts.</param>
/// <param name="Holder">Kind of holder: <c>user</c>, <c>group</c> or <c>everyone</c>; empty for a permission set or create-time permissions.</param>
/// <param name="Name">The user, group or set; empty for everyone and create-time permissions.</param>
/// <param name="Permissions">Permissions and sets (<c>@set</c>).</param>
public sealed record PermissionGrant(
    DatasetName On,
    PermissionScope Scope,
    string Holder,
    string Name,
    IReadOnlyList<string> Permissions
);
