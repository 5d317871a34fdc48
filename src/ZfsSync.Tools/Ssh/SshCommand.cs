using System.Globalization;
using ZfsSync.Core.Display;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Ssh;

/// <summary>Turns a command for another host into the ssh command of this one. Pure.</summary>
public static class SshCommand
{
    /// <summary>
    /// What the remote shell runs, whichever it is: sh, with the program and its arguments as its own. The C locale
    /// makes texts known ones; zfs is in sbin, which the PATH of a non-root session lacks on Debian.
    /// </summary>
    private const string Preamble =
        """LC_ALL=C; PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; export LC_ALL PATH; exec "$@" """;

    /// <summary>The ssh command.</summary>
    /// <param name="target">The host; it is checked.</param>
    /// <param name="command">What to run there; its own host is not looked at.</param>
    /// <param name="options">How.</param>
    /// <param name="lane">Which connection to the host, from <see cref="SshLanes"/>; 0 for the one that commands share.</param>
    /// <exception cref="ArgumentException">A part of the target could be taken for something else; the message says which.</exception>
    public static Command Of(SshTarget target, Command command, SshOptions options, int lane) =>
        new(
            "ssh",
            [
                .. Arguments(target, options, lane),
                "--",
                target.Host,
                ShellQuoter.Join(["sh", "-c", Preamble.TrimEnd(), "sh", command.Program, .. command.Arguments]),
            ]
        );

    private static IEnumerable<string> Arguments(SshTarget target, SshOptions options, int lane)
    {
        SshTargetRules.ThrowIfUnsafe(target);
        yield return "-T";
        yield return "-x";
        yield return "-a";
        foreach (var setting in Settings(target, options, lane))
        {
            yield return "-o";
            yield return setting;
        }
        if (target.Port is { } port)
        {
            yield return "-p";
            yield return port.ToString(CultureInfo.InvariantCulture);
        }
        if (target.User is not null)
        {
            yield return "-l";
            yield return target.User;
        }
    }

    private static IEnumerable<string> Settings(SshTarget target, SshOptions options, int lane)
    {
        yield return "BatchMode=yes";
        yield return "LogLevel=ERROR";
        yield return $"ConnectTimeout={options.ConnectTimeoutSeconds}";
        yield return $"ServerAliveInterval={options.KeepAliveSeconds}";
        yield return "ServerAliveCountMax=3";
        if (options.ControlFolder is null)
        {
            yield return "ControlMaster=no";
            yield return "ControlPath=none";
        }
        else
        {
            yield return "ControlMaster=auto";
            yield return $"ControlPath={FileValue(ControlSockets.PathOf(options.ControlFolder, target, lane))}";
            yield return "ControlPersist=60s";
        }
        if (target.KeyFile is not null)
        {
            yield return $"IdentityFile={FileValue(target.KeyFile)}";
            yield return "IdentitiesOnly=yes";
        }
        if (target.KnownHostsFile is not null)
            yield return $"UserKnownHostsFile={FileValue(target.KnownHostsFile)}";
        if (target.HostKeyPolicy is not null)
            yield return $"StrictHostKeyChecking={target.HostKeyPolicy}";
    }

    /// <summary>ssh takes words apart and replaces percent signs in the names of files.</summary>
    private static string FileValue(string path) => $"\"{path.Replace("%", "%%", StringComparison.Ordinal)}\"";
}
