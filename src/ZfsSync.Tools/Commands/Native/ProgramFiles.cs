using System.Collections;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>Where programs are and what surroundings they get.</summary>
internal static class ProgramFiles
{
    /// <summary>zfs lives in sbin, which is not on the PATH of an ordinary user on Debian.</summary>
    private static readonly string[] SystemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>Our own settings hold keys; they are nobody else's business.</summary>
    private const string OwnPrefix = "ZFS_SYNC_";

    /// <summary>PATH with the system folders behind it.</summary>
    public static string SearchPath()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
        return string.Join(':', folders.Concat(SystemFolders).Distinct());
    }

    /// <summary>The file of a program, or null when there is none that may be executed.</summary>
    public static string? Find(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
            return IsExecutable(program) ? program : null;
        return SearchPath().Split(':').Select(folder => $"{folder}/{program}").FirstOrDefault(IsExecutable);
    }

    /// <summary>Our environment, in the C locale (so that texts are the known ones), without our own settings.</summary>
    public static IReadOnlyList<string> Surroundings()
    {
        var variables = new List<string> { "LC_ALL=C", $"PATH={SearchPath()}" };
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            if (
                entry.Key is string name
                && name is not ("LC_ALL" or "PATH")
                && !name.StartsWith(OwnPrefix, StringComparison.Ordinal)
            )
                variables.Add($"{name}={entry.Value}");
        }
        return variables;
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode executable =
            UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path)
            && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & executable) != UnixFileMode.None);
    }
}
