using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads <c>zfs allow DATASET</c>, which has no parsable form.</summary>
public static class PermissionParser
{
    private const string Header = "---- Permissions on ";

    /// <summary>All grants on the dataset and on those above it.</summary>
    /// <exception cref="FormatException">The text is not what <c>zfs allow</c> prints.</exception>
    public static IReadOnlyList<PermissionGrant> Parse(string output)
    {
        var grants = new List<PermissionGrant>();
        DatasetName? on = null;
        PermissionScope? scope = null;
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(Header, StringComparison.Ordinal))
                on = Dataset(line[Header.Length..]);
            else if (line[0] != '\t')
                scope = Scope(line);
            else if (on is not null && scope is { } known)
                grants.Add(Grant(on, known, line[1..]));
            else
                throw new FormatException($"The line '{line}' comes before its heading.");
        }
        return grants;
    }

    /// <summary>The name ends at the last space: the dashes that fill the line hold none, and a name may end in one.</summary>
    private static DatasetName Dataset(string heading) =>
        heading.LastIndexOf(' ') is var end and > 0
            ? DatasetName.Parse(heading[..end])
            : throw new FormatException($"The heading '{heading}' names no dataset.");

    private static PermissionScope Scope(string heading) =>
        heading.Trim() switch
        {
            "Local permissions:" => PermissionScope.Local,
            "Descendent permissions:" => PermissionScope.Descendent,
            "Local+Descendent permissions:" => PermissionScope.LocalAndDescendent,
            "Create time permissions:" => PermissionScope.Create,
            "Permission sets:" => PermissionScope.Set,
            _ => throw new FormatException($"The heading '{heading}' is not known."),
        };

    /// <summary>Permissions hold no spaces; the names of users and groups may.</summary>
    private static PermissionGrant Grant(DatasetName on, PermissionScope scope, string text)
    {
        var gap = text.LastIndexOf(' ');
        var permissions = text[(gap + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
        var holder = gap < 0 ? "" : text[..gap];
        if (scope is PermissionScope.Set or PermissionScope.Create)
            return new PermissionGrant(on, scope, "", holder, permissions);
        var space = holder.IndexOf(' ', StringComparison.Ordinal);
        return space < 0
            ? new PermissionGrant(on, scope, holder, "", permissions)
            : new PermissionGrant(on, scope, holder[..space], holder[(space + 1)..], permissions);
    }
}
