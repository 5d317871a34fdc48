using System.Buffers;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;

namespace ZfsSync.Tools.Syncoid;

/// <summary>
/// What may be handed to syncoid. It builds shell lines: names of datasets it quotes, hosts, files, options and properties it
/// does not. So these may hold only characters that no shell takes for anything but themselves.
/// </summary>
public static class SyncoidRules
{
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(LettersAndDigits + "_.-");
    private static readonly SearchValues<char> FileCharacters = SearchValues.Create(LettersAndDigits + "_.-/+,");
    private static readonly SearchValues<char> PropertyCharacters = SearchValues.Create(LettersAndDigits + "_.-/+,:@%");

    /// <summary>What cannot be handed over, as a sentence with what to do about it; null when all can.</summary>
    public static string? Fault(SyncoidRun run) =>
        (run.SourceOn is { } source ? HostFault(source) : LocalFault(run.Source.Value))
        ?? (run.TargetOn is { } target ? HostFault(target) : LocalFault(run.Target.Value))
        ?? run.Set.Select(PropertyFault).FirstOrDefault(fault => fault is not null)
        ?? (
            run.SourceOn is { } one && run.TargetOn is { } other && one != other
                ? "syncoid would have to relay between two other hosts; zfs-sync runs it on one of the two."
                : null
        );

    private static string? HostFault(SshTarget host) =>
        SshTargetRules.Fault(host)
        ?? Unquotable(host.Host, "ssh host name", NameCharacters)
        ?? Unquotable(host.User, "ssh user name", NameCharacters)
        ?? Unquotable(host.KeyFile, "name of the ssh key file", FileCharacters)
        ?? Unquotable(host.KnownHostsFile, "name of the ssh known-hosts file", FileCharacters);

    /// <summary>Before the first slash, a colon ends a host's name.</summary>
    private static string? LocalFault(string dataset) =>
        dataset.Split('/')[0].Contains(':', StringComparison.Ordinal)
            ? $"syncoid takes {dataset} for a dataset of another host, because of the colon in its pool's name: set the group's engine to native."
            : null;

    private static string? PropertyFault(KeyValuePair<string, string> property) =>
        Unquotable(property.Key, "property name", PropertyCharacters)
        ?? Unquotable(property.Value, $"value of {property.Key}", PropertyCharacters);

    private static string? Unquotable(string? text, string what, SearchValues<char> allowed) =>
        text is not null && text.AsSpan().IndexOfAnyExcept(allowed) is >= 0 and var at
            ? $"syncoid would not quote the {what} '{text}', which holds '{text[at]}': choose another, or set the group's engine to native."
            : null;
}
