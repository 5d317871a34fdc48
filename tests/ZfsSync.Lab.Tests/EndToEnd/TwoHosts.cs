using System.Collections.Concurrent;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Keys;
using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>
/// Two VMs with pools of different names (<c>tank</c> on alpha, <c>vault</c> on beta), an agent in each, and a witness
/// here. beta pulls from alpha over ssh.
/// </summary>
/// <param name="suite"><c>trixie</c> or <c>bookworm</c>.</param>
/// <param name="alpha">The first one's name as a VM: classes that run side by side have VMs of their own.</param>
/// <param name="beta">The second one's.</param>
public abstract class TwoHosts(string suite, string alpha = "alpha", string beta = "beta") : LabVms(suite, alpha, beta)
{
    // What a test did it also asks for; in between, surveys take the processor from the VMs beside these.
    private const string Agent = "zfs-sync agent --interval 20s --ssh-host-keys accept-new";

    /// <summary>A restored VM has another machine id than its journal, which therefore keeps nothing.</summary>
    private const string AgentLog = "/var/log/zfs-sync-agent.log";

    private readonly ConcurrentDictionary<string, Guid> _systems = new(StringComparer.Ordinal);

    /// <summary>The host that has the data; its pool is <c>tank</c>.</summary>
    public LabVm Alpha => this[alpha];

    /// <summary>The host that gets copies; its pool is <c>vault</c>.</summary>
    public LabVm Beta => this[beta];

    /// <summary>The witness.</summary>
    public LabWitness Witness { get; private set; } = null!;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (!CanRun)
            return;
        Witness = await LabWitness.StartAsync();
        await Task.WhenAll(PrepareAsync(Alpha, "tank"), PrepareAsync(Beta, "vault"));
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Witness is not null)
            await Witness.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the agent of a host, as root, unless it runs.</summary>
    /// <param name="vm">The host.</param>
    /// <param name="killMode">What systemd ends when the agent has ended: <c>process</c> for nothing else.</param>
    public static Task StartAgentAsync(LabVm vm, string killMode = "control-group") =>
        vm.RunAsync(
            $"systemctl --quiet is-active zfs-sync-agent || systemd-run --quiet --collect --unit zfs-sync-agent --property KillMode={killMode} --property StandardOutput=append:{AgentLog} --property StandardError=append:{AgentLog} {Agent}"
        );

    /// <summary>Ends the agent of a host with SIGKILL; systemd then ends what it had started.</summary>
    public static Task KillAgentAsync(LabVm vm) =>
        vm.RunAsync(
            "kill -9 $(systemctl show --property MainPID --value zfs-sync-agent); "
                + "systemctl stop zfs-sync-agent 2>/dev/null; systemctl reset-failed zfs-sync-agent 2>/dev/null; true"
        );

    /// <summary>The end of what the agent of a host said, for the message of a test that fails.</summary>
    public static async Task<string> AgentLogAsync(LabVm vm) => (await vm.TryAsync($"tail -n 60 {AgentLog}")).Output;

    /// <summary>Makes a host known to the witness, as <paramref name="user"/> there.</summary>
    public async Task JoinAsync(LabVm vm, string hostname, string options, string user = "root")
    {
        var token = await Witness.Admin.CreateKeyAsync(
            new KeyRequest { Kind = KeyKind.Enrollment, Name = $"lab {hostname}" },
            CancellationToken.None
        );
        await vm.RunAsync($"zfs-sync join {Witness.AddressInVms} {token.ApiKey} --hostname {hostname} {options}", user);
        var systems = await Witness.Admin.SystemsAsync(CancellationToken.None);
        _systems[hostname] = systems.Single(system => system.Hostname == hostname).Id;
    }

    /// <summary>A group from a dataset of alpha to one of beta.</summary>
    public Task<GroupResource> GroupAsync(
        string name,
        string sourceRoot,
        string targetRoot,
        GroupPolicy? policy = null,
        string source = "alpha",
        string target = "beta"
    ) =>
        Witness.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = name,
                Mode = GroupMode.Explicit,
                Members =
                [
                    new GroupMember { SystemId = _systems[source], Root = sourceRoot },
                    new GroupMember { SystemId = _systems[target], Root = targetRoot },
                ],
                Edges = [new GroupEdge(0, 1)],
                Policy = policy,
                SyncIntervalSeconds = 60,
            },
            CancellationToken.None
        );

    /// <summary>Waits until all edges of a group are as wanted.</summary>
    public async Task<IReadOnlyList<EdgeResource>> UntilAsync(
        GroupResource group,
        Predicate<IReadOnlyList<EdgeResource>> isAsWanted,
        int seconds = 300
    )
    {
        IReadOnlyList<EdgeResource> edges = [];
        // Its hosts look now: what the test just did is not theirs to find by chance.
        await Witness.Admin.CheckAsync(group.Id, CancellationToken.None);
        await Eventually.TrueAsync(
            async () =>
            {
                edges = await Witness.Admin.EdgesAsync(group.Id, CancellationToken.None);
                return isAsWanted(edges);
            },
            TimeSpan.FromSeconds(seconds),
            () => string.Join('\n', edges.Select(Describe)) + $"\n{Witness.Log}"
        );
        return edges;
    }

    /// <summary>Waits until every edge is proven and shows this snapshot of the source.</summary>
    public Task<IReadOnlyList<EdgeResource>> UntilProvenAsync(
        GroupResource group,
        string snapshot,
        int count,
        int seconds = 300
    ) =>
        UntilAsync(
            group,
            edges =>
                edges.Count == count
                && edges.All(edge => edge.State == EdgeState.InSync && edge.ProvenSnapshot == snapshot),
            seconds
        );

    private async Task PrepareAsync(LabVm vm, string pool)
    {
        await vm.PutAsync(Published.CommandLine, "/usr/local/bin/zfs-sync");
        // What was just copied would be empty after a power cut.
        await vm.RunAsync($"sync; zpool create -O atime=off {pool} /dev/vdb");
        var name = vm == Alpha ? "alpha" : "beta";
        await JoinAsync(vm, name, $"--ssh-host {vm.Name}");
        await StartAgentAsync(vm);
    }

    /// <summary>For the message of a test that waits in vain.</summary>
    public static string Describe(EdgeResource edge) =>
        $"{edge.Source.Dataset} to {edge.Target.Dataset}: {edge.State}, {edge.Decision}, {edge.Reason}, {edge.Conflict}: {edge.Text} (proven {edge.ProvenSnapshot}; {edge.LastError}; run {edge.Run?.State} {edge.Run?.ErrorText})";
}
