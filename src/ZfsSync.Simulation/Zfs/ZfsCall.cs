using System.Text;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>One run of zfs or zpool: who, where, with what, and what it prints.</summary>
internal sealed class ZfsCall(HostState host, string user, IReadOnlyList<string> arguments)
{
    public HostState Host { get; } = host;
    public string User { get; } = user;

    /// <summary>After the command's name.</summary>
    public IReadOnlyList<string> Arguments { get; } = arguments;

    public StringBuilder Output { get; } = new();
    public StringBuilder Errors { get; } = new();
    public int ExitCode { get; set; }
    public bool IsRoot => User == "root";

    public void Print(string line) => Output.Append(line).Append('\n');

    /// <summary>A text on standard error; the command goes on and ends with 1.</summary>
    public void Complain(string line)
    {
        Errors.Append(line).Append('\n');
        ExitCode = 1;
    }

    public void Warn(string line) => Errors.Append(line).Append('\n');

    /// <summary>Whether the user has every one of these permissions on the dataset.</summary>
    public bool May(SimDataset dataset, params ReadOnlySpan<string> permissions)
    {
        foreach (var permission in permissions)
        {
            if (!IsRoot && !Grants(dataset, permission))
                return false;
        }
        return true;
    }

    public SimDataset OpenDataset(string name)
    {
        if (name.IndexOfAny(['@', '#']) is >= 0 and var at)
            throw new ZfsFailure($"cannot open '{name}': {Unexpected(name[at])}");
        return Host.FindDataset(Checked(name)) ?? throw new ZfsFailure($"cannot open '{name}': dataset does not exist");
    }

    public SimSnapshot OpenSnapshot(string name)
    {
        if (!name.Contains('@', StringComparison.Ordinal))
            throw new ZfsFailure($"cannot open '{name}': missing '@' delimiter in snapshot name");
        return (SimSnapshot)OpenNode(name);
    }

    /// <summary>Of a name that is not of the kind wanted.</summary>
    public static string Unexpected(char delimiter) =>
        $"{(delimiter == '@' ? "snapshot" : "bookmark")} delimiter '{delimiter}' is not expected here";

    public SimNode OpenNode(string name) =>
        Host.FindNode(Checked(name)) ?? throw new ZfsFailure($"cannot open '{name}': {Missing(name)}");

    /// <summary>What zfs says of a name that is not there.</summary>
    public string Missing(string name) =>
        HostState.TrySplit(name, '#', out var dataset, out _) && Host.FindDataset(dataset) is not null
            ? "no such pool or dataset"
            : "dataset does not exist";

    private static string Checked(string name) =>
        HostState.NameFault(name) is { } fault ? throw new ZfsFailure($"cannot open '{name}': {fault}") : name;

    private bool Grants(SimDataset dataset, string permission) =>
        dataset.SelfAndAncestors.Any(level => level.Delegation.Allows(User, permission, level == dataset));
}
