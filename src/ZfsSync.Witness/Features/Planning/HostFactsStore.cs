using ZfsSync.Core.Replication;
using ZfsSync.Witness.Features.Reports;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>What planning must know of hosts, from their rows.</summary>
internal sealed class HostFactsStore
{
    private const string Columns =
        "id, hostname, ssh_hostname, ssh_user, ssh_port, agent_version, pools, frozen_reason, last_seen, last_report, last_sequence, report_complete";

    /// <summary>The hosts with these ids; those that do not exist are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, HostFacts>> LoadAsync(
        Session session,
        IReadOnlyCollection<Guid> ids,
        DateTimeOffset now,
        SilenceLimits limits
    )
    {
        if (ids.Count == 0)
            return new Dictionary<Guid, HostFacts>();
        var rows = await session.QueryAsync<Row>(
            $"select {Columns} from systems where id in @ids",
            new { ids = ids.Select(ColumnMapping.ToColumn) }
        );
        return rows.ToDictionary(r => r.Id, r => r.ToFacts(now, limits));
    }

    public async Task<IReadOnlyDictionary<Guid, string>> HostnamesAsync(Session session) =>
        (await session.QueryAsync<Row>("select id, hostname from systems")).ToDictionary(r => r.Id, r => r.Hostname);

    /// <summary>The hosts that have been silent for too long.</summary>
    public async Task<IReadOnlySet<Guid>> SilentAsync(Session session, DateTimeOffset now, SilenceLimits limits) =>
        (
            await session.QueryAsync<Row>(
                "select id from systems where last_seen < case when agent_version is null then @script else @agent end",
                new { script = now - limits.Script, agent = now - limits.Agent }
            )
        )
            .Select(r => r.Id)
            .ToHashSet();

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Hostname { get; init; } = "";
        public string? SshHostname { get; init; }
        public string? SshUser { get; init; }
        public int SshPort { get; init; }
        public string? AgentVersion { get; init; }
        public string Pools { get; init; } = "[]";
        public string? FrozenReason { get; init; }
        public DateTimeOffset? LastSeen { get; init; }
        public DateTimeOffset? LastReport { get; init; }
        public long LastSequence { get; init; }
        public bool ReportComplete { get; init; }

        public HostFacts ToFacts(DateTimeOffset now, SilenceLimits limits)
        {
            var pools = PoolList.Read(Pools);
            return new HostFacts
            {
                Id = Id,
                Standing = new HostStanding(Hostname)
                {
                    Silence = LastReport is null ? null : now - (LastSeen ?? LastReport),
                    SilenceLimit = AgentVersion is null ? limits.Script : limits.Agent,
                    FrozenReason = FrozenReason,
                    // Scripts send rows without a sequence; each of their requests is a whole.
                    IsComplete = ReportComplete || LastSequence == 0,
                },
                SshHostname = SshHostname,
                SshUser = SshUser,
                SshPort = SshPort,
                HasAgent = AgentVersion is not null,
                Pools = [.. pools.Select(p => p.Name)],
                MissingPools = [.. pools.Where(PoolList.IsMissing).Select(p => p.Name)],
                LastReport = LastReport,
            };
        }
    }
}
