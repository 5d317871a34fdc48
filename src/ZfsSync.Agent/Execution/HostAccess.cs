using System.Collections.Concurrent;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Execution;

/// <summary>The ZFS of the two sides of an instruction: this host's, or another's over ssh.</summary>
internal sealed class HostAccess(ICommandRunner runner, AgentOptions options)
{
    private readonly ConcurrentDictionary<string, ZfsFeatures> _features = new(StringComparer.Ordinal);

    public ICommandRunner Runner { get; } = runner;

    public ZfsHost Of(InstructionSide side) => new(Runner, Target(side));

    /// <summary>The same for the same host and the same way to it.</summary>
    public static string KeyOf(ZfsHost host) => host.On?.ToString() ?? "";

    /// <summary>Asked once for each host.</summary>
    public async Task<ZfsFeatures> FeaturesAsync(ZfsHost host, CancellationToken cancellation)
    {
        var key = KeyOf(host);
        if (!_features.TryGetValue(key, out var features))
            _features[key] = features = await host.DetectAsync(cancellation);
        return features;
    }

    /// <summary>The dataset of a side, within what this agent was given.</summary>
    /// <exception cref="RefusedException">It is no dataset's name, or out of bounds.</exception>
    public DatasetName Dataset(InstructionSide side)
    {
        if (!DatasetName.TryParse(side.Dataset, out var dataset))
            throw new RefusedException(
                RefusedException.Unsupported,
                $"'{side.Dataset}' {NameRules.DatasetFault(side.Dataset)}."
            );
        EnsureInBounds(side, dataset);
        return dataset;
    }

    /// <exception cref="RefusedException">The dataset is above the member's root, or outside of the scope of this agent.</exception>
    public void EnsureInBounds(InstructionSide side, DatasetName dataset)
    {
        if (!dataset.IsAtOrBelow(Root(side)))
            throw new RefusedException(
                RefusedException.OutsideScope,
                $"{dataset} is not below the member's root {Root(side)}."
            );
        EnsureInScope(side, dataset);
    }

    /// <exception cref="RefusedException">The dataset is outside of the scope of this agent.</exception>
    public void EnsureInScope(InstructionSide side, DatasetName dataset)
    {
        if (side.SshHostname is null && options.Scope.Count > 0 && !options.Scope.Any(dataset.IsAtOrBelow))
            throw new RefusedException(
                RefusedException.OutsideScope,
                $"{dataset} is outside of this agent's scope ({string.Join(", ", options.Scope)})."
            );
    }

    /// <summary>The member's root: nothing above it is received into. The pool by default.</summary>
    public static DatasetName Root(InstructionSide side) =>
        DatasetName.TryParse(side.Root ?? side.Dataset.Split('/')[0], out var root)
            ? root
            : throw new RefusedException(RefusedException.Unsupported, $"The root '{side.Root}' is no dataset's name.");

    private SshTarget? Target(InstructionSide side)
    {
        if (side.SshHostname is null)
            return null;
        var target = new SshTarget(side.SshHostname, side.SshUser, side.SshPort)
        {
            KeyFile = options.SshKeyFile,
            KnownHostsFile = options.SshKnownHostsFile,
            HostKeyPolicy = options.SshHostKeyPolicy,
        };
        return SshTargetRules.Fault(target) is { } fault
            ? throw new RefusedException(RefusedException.Unsupported, fault)
            : target;
    }
}
