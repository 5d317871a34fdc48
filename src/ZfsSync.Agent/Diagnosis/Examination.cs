using ZfsSync.Agent.Identity;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Syncoid;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Diagnosis;

/// <summary>Gathers <see cref="HostFacts"/>; judges nothing.</summary>
internal sealed class Examination(
    AgentOptions options,
    ICommandRunner runner,
    Func<AgentIdentity, WitnessClient> connect,
    TimeProvider time
)
{
    private readonly ZfsHost _zfs = new(runner);

    public async Task<HostFacts> GatherAsync(CancellationToken cancellation)
    {
        var facts = Files(new HostFacts());
        facts = await ZfsAsync(facts, cancellation);
        facts = await UserAsync(facts, cancellation);
        var plan = Plan.None;
        if (facts.Identity is { } identity)
            (facts, plan) = await WitnessAsync(facts, identity, cancellation);
        return facts with
        {
            Roles = await RolesAsync(plan.Roots.Count > 0 ? plan.Roots : OwnScope(), cancellation),
            SshHosts = await new PartnerVisits(options, runner, time).VisitAsync(plan.SshHosts, cancellation),
            Syncoid = await SyncoidAsync(plan.SyncoidGroups, cancellation),
        };
    }

    private HostFacts Files(HostFacts facts)
    {
        try
        {
            facts = facts with { Identity = AgentIdentity.TryLoad(options.KeyFile) };
            if (facts.Identity is not null && !OperatingSystem.IsWindows())
                facts = facts with
                {
                    IsKeyFileOpenToOthers =
                        (File.GetUnixFileMode(options.KeyFile) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite))
                        != UnixFileMode.None,
                };
        }
        catch (Exception fault) when (fault is AgentException or IOException)
        {
            facts = facts with { IdentityFault = fault.Message };
        }
        try
        {
            Directory.CreateDirectory(options.DataDirectory);
            var probe = Path.Combine(options.DataDirectory, "doctor.probe");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return facts with
            {
                DataDirectoryFreeBytes = new DriveInfo(Path.GetFullPath(options.DataDirectory)).AvailableFreeSpace,
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return facts with { DataDirectoryFault = $"{options.DataDirectory} cannot be written: {fault.Message}" };
        }
    }

    private async Task<HostFacts> ZfsAsync(HostFacts facts, CancellationToken cancellation)
    {
        try
        {
            facts = facts with { Zfs = await _zfs.DetectAsync(cancellation) };
        }
        catch (ToolException fault)
        {
            return facts with { ZfsFault = fault.Message };
        }
        try
        {
            return facts with { Pools = await _zfs.ListPoolsAsync(cancellation) };
        }
        catch (ToolException fault)
        {
            return facts with { PoolsFault = fault.Message };
        }
    }

    private async Task<HostFacts> UserAsync(HostFacts facts, CancellationToken cancellation)
    {
        try
        {
            return facts with
            {
                IsRoot = await IdAsync("-u", cancellation) == "0",
                User = await IdAsync("-un", cancellation),
                Groups = (await IdAsync("-Gn", cancellation)).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            };
        }
        catch (ToolException)
        {
            return facts with { User = Environment.UserName, IsRoot = Environment.UserName == "root" };
        }
    }

    private async Task<string> IdAsync(string option, CancellationToken cancellation) =>
        (await runner.RunAsync(new Command("id", option), null, cancellation)).Output.Trim();

    private async Task<(HostFacts, Plan)> WitnessAsync(
        HostFacts facts,
        AgentIdentity identity,
        CancellationToken cancellation
    )
    {
        try
        {
            var client = connect(identity);
            var asked = time.GetUtcNow();
            var answer = await client.HeartbeatAsync(identity.SystemId, cancellation);
            var halfway = asked + ((time.GetUtcNow() - asked) / 2);
            facts = facts with { ClockSkew = halfway - answer.LastSeen };
            return (facts, await PlanAsync(client, identity, cancellation));
        }
        catch (WitnessException fault)
        {
            var remedy = fault.Code switch
            {
                ProblemCodes.Unauthenticated or ProblemCodes.NotFound or ProblemCodes.Forbidden =>
                    "Join again with a new enrollment token: zfs-sync join WITNESS TOKEN --replace",
                _ => null,
            };
            return (facts with { WitnessFault = fault.Message, WitnessRemedy = remedy }, Plan.None);
        }
    }

    /// <summary>What this host has to do with whom, as far as its key may see.</summary>
    private static async Task<Plan> PlanAsync(
        WitnessClient client,
        AgentIdentity identity,
        CancellationToken cancellation
    )
    {
        try
        {
            var edges = await client.EdgesAsync(null, cancellation);
            var groups = await client.GroupsAsync(cancellation);
            var partners = await client.PartnersAsync(identity.SystemId, cancellation);
            var roots = edges
                .SelectMany(edge =>
                    new[]
                    {
                        (Edge: edge, Side: edge.Source, Role: HostRole.Source),
                        (Edge: edge, Side: edge.Target, Role: HostRole.Target),
                    }
                )
                .Where(one => one.Side.SystemId == identity.SystemId)
                .Select(one => (Root: RootOf(one.Edge, one.Side, groups), one.Role))
                .Where(one => one.Root is not null)
                .Select(one => (one.Root!, one.Role))
                .Distinct()
                .ToList();
            var carried = edges.Where(edge => Executor(edge, groups) == identity.SystemId).ToList();
            var reached = carried
                .SelectMany(edge => new[] { edge.Source.SystemId, edge.Target.SystemId })
                .Where(id => id != identity.SystemId)
                .ToHashSet();
            var executing = carried.Select(edge => edge.SyncGroupId).ToHashSet();
            return new Plan(
                roots,
                [
                    .. partners
                        .Where(partner => reached.Contains(partner.SystemId) && partner.SshHostname is not null)
                        .Select(partner => new SshTarget(partner.SshHostname!, partner.SshUser, partner.SshPort)),
                ],
                [
                    .. groups
                        .Where(group => executing.Contains(group.Id) && group.Policy.Engine == TransferEngine.Syncoid)
                        .Select(group => group.Name),
                ]
            );
        }
        catch (WitnessException fault) when (fault.Code is ProblemCodes.Forbidden or ProblemCodes.NotFound)
        {
            return Plan.None;
        }
    }

    private static Guid Executor(EdgeResource edge, IReadOnlyList<GroupResource> groups) =>
        groups.FirstOrDefault(group => group.Id == edge.SyncGroupId)?.Policy.Direction == TransferDirection.Push
            ? edge.Source.SystemId
            : edge.Target.SystemId;

    /// <summary>The member's root that the dataset is below; its pool by default.</summary>
    private static DatasetName? RootOf(EdgeResource edge, EdgeSide side, IReadOnlyList<GroupResource> groups)
    {
        if (!DatasetName.TryParse(side.Dataset, out var dataset))
            return null;
        var roots =
            groups
                .FirstOrDefault(group => group.Id == edge.SyncGroupId)
                ?.Members.Where(member => member.SystemId == side.SystemId)
                .Select(member => DatasetName.TryParse(member.Root, out var root) ? root : null)
                .OfType<DatasetName>()
                .Where(dataset.IsAtOrBelow)
            ?? [];
        return roots.MaxBy(root => root.Depth) ?? DatasetName.Parse(dataset.Pool);
    }

    private List<(DatasetName, HostRole)> OwnScope() =>
        [.. options.Scope.SelectMany(root => new[] { (root, HostRole.Source), (root, HostRole.Target) })];

    private async Task<IReadOnlyList<RoleFacts>> RolesAsync(
        IReadOnlyList<(DatasetName Root, HostRole Role)> roots,
        CancellationToken cancellation
    )
    {
        var roles = new List<RoleFacts>();
        foreach (var (root, role) in roots.OrderBy(one => one.Root).ThenBy(one => one.Role))
        {
            try
            {
                roles.Add(new RoleFacts(root, role, await _zfs.ListPermissionsAsync(root, cancellation), null));
            }
            catch (ToolException fault)
            {
                roles.Add(new RoleFacts(root, role, null, fault.Message));
            }
        }
        return roles;
    }

    private async Task<SyncoidFacts?> SyncoidAsync(IReadOnlyList<string> groups, CancellationToken cancellation)
    {
        if (groups.Count == 0)
            return null;
        try
        {
            var version = await SyncoidProgram.DetectAsync(runner, cancellation);
            return new SyncoidFacts(groups, version, null, await HasAsync("pv", cancellation));
        }
        catch (ToolException fault)
        {
            return new SyncoidFacts(groups, null, fault.Message, CountsBytes: false);
        }
    }

    private async Task<bool> HasAsync(string program, CancellationToken cancellation)
    {
        try
        {
            return (await runner.RunAsync(new Command(program, "--version"), null, cancellation)).ExitCode == 0;
        }
        catch (ToolException)
        {
            return false;
        }
    }

    /// <param name="Roots">Where this host sends or receives.</param>
    /// <param name="SshHosts">Whom this host's agent reaches.</param>
    /// <param name="SyncoidGroups">The groups for which it runs syncoid.</param>
    private sealed record Plan(
        IReadOnlyList<(DatasetName Root, HostRole Role)> Roots,
        IReadOnlyList<SshTarget> SshHosts,
        IReadOnlyList<string> SyncoidGroups
    )
    {
        public static readonly Plan None = new([], [], []);
    }
}
