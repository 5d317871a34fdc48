using System.Security.Cryptography;
using System.Text;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Ssh;

/// <summary>Where the sockets of shared connections are. A socket's path is at most 104 bytes on FreeBSD, 108 on Linux.</summary>
public static class ControlSockets
{
    /// <summary>ssh makes the socket under a name with a dot and 16 random letters more, and C ends it with a zero.</summary>
    private const int MaxPathBytes = 104 - 17 - 1;

    private const int NameBytes = 16;

    /// <summary>
    /// The first folder that is short enough: <c>ssh</c> in the data folder, else <c>zfs-sync</c> in the user's runtime folder (<c>$XDG_RUNTIME_DIR</c>).
    /// Null when neither is: then connections are not shared. It is made with mode 0700 if missing.
    /// </summary>
    public static string? Prepare(string dataFolder, string? runtimeFolder)
    {
        var folders = new[]
        {
            Path.Combine(Path.GetFullPath(dataFolder), "ssh"),
            string.IsNullOrEmpty(runtimeFolder) ? null : Path.Combine(runtimeFolder, "zfs-sync"),
        };
        var folder = Array.Find(folders, folder => folder is not null && IsShortEnough(folder));
        if (folder is null || OperatingSystem.IsWindows())
            return null;
        const UnixFileMode onlyOurs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, onlyOurs);
        // It may have been there before, with another mode.
        File.SetUnixFileMode(folder, onlyOurs);
        return folder;
    }

    /// <summary>Whether a socket in this folder has a path that the system takes.</summary>
    public static bool IsShortEnough(string folder) =>
        Encoding.UTF8.GetByteCount(folder) + 1 + NameBytes <= MaxPathBytes;

    /// <summary>
    /// One socket for everything that makes a connection what it is, and for each lane of it. ssh's own <c>%C</c> leaves
    /// out the key and the known hosts, and would share one identity's connection with another.
    /// </summary>
    /// <param name="folder">From <see cref="Prepare"/>.</param>
    /// <param name="target">The host with its identity.</param>
    /// <param name="lane">0 for commands, which share one connection; more for streams, which have one each.</param>
    public static string PathOf(string folder, SshTarget target, int lane)
    {
        var identity = string.Join(
            '\0',
            target.Host,
            target.User,
            target.Port,
            target.KeyFile,
            target.KnownHostsFile,
            target.HostKeyPolicy,
            lane
        );
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
        return Path.Combine(folder, hash[..NameBytes]);
    }
}
