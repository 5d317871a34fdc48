using System.Text.Json;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>What the witness said and acknowledged, and what must therefore hold whenever nothing is on its way.</summary>
internal sealed class FaultWatch(FaultWorld world)
{
    private readonly Dictionary<Guid, OutcomeReport> _acknowledged = [];
    private readonly Dictionary<string, long> _accepted = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Host, string Scope), int> _reported = [];
    private readonly Dictionary<(string Host, string Scope), int> _planned = [];
    private readonly List<(FaultAgent Agent, string Host, string Dataset)> _receiving = [];
    private readonly Dictionary<(string Host, string Dataset, long Guid), int> _lastSeen = [];

    /// <summary>The edges as the witness has them.</summary>
    public IReadOnlyList<WatchedEdge> Edges { get; private set; } = [];

    /// <param name="since">When what the report tells was looked at first.</param>
    public void Reported(string host, byte[] body, byte[] answer, int since)
    {
        var said = JsonSerializer.Deserialize(answer, WireJson.Default.ReportAnswer)!;
        if (said.Status != ReportStatus.Accepted)
            return;
        _accepted[host] = said.Sequence;
        var report = JsonSerializer.Deserialize(body, WireJson.Default.InventoryReport)!;
        // Nobody knows what was not read to its end.
        if (!report.Complete)
            return;
        foreach (var scope in report.Scope)
            _reported[(host, scope)] = since;
    }

    /// <summary>All that was reported until now has been planned with.</summary>
    public void Planned()
    {
        foreach (var (told, since) in _reported)
            _planned[told] = since;
    }

    public void Acknowledged(Guid instruction, OutcomeReport outcome) => _acknowledged[instruction] = outcome;

    public void Claimed(FaultAgent agent, ClaimAnswer claim)
    {
        var id = claim.Instruction.InstructionId;
        if (_acknowledged.ContainsKey(id))
            world.Violate($"{agent.Host} was given {id}, whose outcome is known");
        // One that stands still for so long that its lease ended is not waited for.
        var now = world.WitnessClock.GetUtcNow();
        var other = world.Agents.FirstOrDefault(other =>
            other != agent && other.Executing.GetValueOrDefault(id) >= now
        );
        if (other is not null)
            world.Violate($"{agent.Host} was given {id}, which {other.Host} carries out already");
    }

    public IDisposable Receiving(FaultAgent agent, string host, string dataset)
    {
        var now = world.WitnessClock.GetUtcNow();
        if (
            _receiving.Any(other =>
                other.Host == host
                && other.Dataset == dataset
                && (other.Agent == agent || other.Agent.Executing.Values.Any(end => end >= now))
            )
        )
            world.Violate($"two receives into {host}:{dataset} at once");
        var receive = (agent, host, dataset);
        _receiving.Add(receive);
        return new Receive(() => _receiving.Remove(receive));
    }

    /// <summary>What is there now, so that a proof can be held against what was there when its report was made.</summary>
    public void See()
    {
        foreach (var (name, host) in world.Hosts.Hosts)
        {
            foreach (var dataset in host.State.Pools.Values.SelectMany(pool => pool.Datasets))
            {
                foreach (var snapshot in dataset.Snapshots)
                    _lastSeen[(name, dataset.FullName, unchecked((long)snapshot.Guid))] = world.Now;
            }
        }
    }

    public async Task CheckAsync()
    {
        if (!world.Witness.IsAlive)
            return;
        var edges = await world.Witness.QueryAsync<EdgeState>(
            """
            select e.id, e.state, e.decision, e.reason, e.conflict, e.proven_guid, e.source_dataset, e.target_dataset,
                s.hostname as source_host, t.hostname as target_host,
                (select count(*) from instructions i where i.edge_id = e.id and i.state in ('pending', 'leased')) as open
            from edges e join systems s on s.id = e.source_system_id join systems t on t.id = e.target_system_id
            """
        );
        Edges =
        [
            .. edges.Select(e => new WatchedEdge(e.Id, e.SourceHost, e.SourceDataset, e.TargetHost, e.TargetDataset)),
        ];
        foreach (var edge in edges)
        {
            if (edge.State == "in_sync")
                CheckProof(edge);
            if (edge.Decision == "nothing" && edge.Reason is null && edge.State != "in_sync")
                world.Violate($"{edge} is idle without a reason");
            if (
                edge.Decision is "incremental" or "full" or "resume" or "approved_repair" or "abort_partial"
                && edge.Open == 0
                && edge.Reason != "in_progress"
            )
                world.Violate($"{edge} has something to do and no instruction");
        }
        await CheckRememberedAsync();
    }

    private void CheckProof(EdgeState edge)
    {
        if (edge.ProvenGuid is not { } guid)
        {
            world.Violate($"{edge} is called in sync without a proof");
            return;
        }
        var target = DatasetName.Parse(edge.TargetDataset);
        var since = _planned
            .Where(told => told.Key.Host == edge.TargetHost && target.IsAtOrBelow(DatasetName.Parse(told.Key.Scope)))
            .Max(told => (int?)told.Value);
        if (_lastSeen.GetValueOrDefault((edge.TargetHost, edge.TargetDataset, guid), -1) < (since ?? 0))
            world.Violate(
                $"{edge} is called in sync, and guid {unchecked((ulong)guid)} was not there when its host last reported it"
            );
    }

    /// <summary>What was acknowledged is never lost.</summary>
    private async Task CheckRememberedAsync()
    {
        if (_acknowledged.Count > 0)
        {
            var known = (
                await world.Witness.QueryAsync<Outcome>(
                    "select id, state, lease_id from instructions where outcome_at is not null"
                )
            ).ToDictionary(row => row.Id);
            foreach (var (id, outcome) in _acknowledged)
            {
                if (!known.TryGetValue(id, out var row))
                    world.Violate($"the outcome {outcome.Result} of {id} was acknowledged and is gone");
            }
        }
        foreach (var host in await world.Witness.QueryAsync<Sequence>("select hostname, last_sequence from systems"))
        {
            if (_accepted.TryGetValue(host.Hostname, out var accepted) && host.LastSequence < accepted)
                world.Violate($"report {accepted} of {host.Hostname} was accepted and is gone");
        }
    }

    private sealed class Receive(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private sealed record Sequence
    {
        public string Hostname { get; init; } = "";
        public long LastSequence { get; init; }
    }

    private sealed record Outcome
    {
        public Guid Id { get; init; }
        public string State { get; init; } = "";
        public Guid? LeaseId { get; init; }
    }

    private sealed record EdgeState
    {
        public string Id { get; init; } = "";
        public string State { get; init; } = "";
        public string Decision { get; init; } = "";
        public string? Reason { get; init; }
        public string? Conflict { get; init; }
        public long? ProvenGuid { get; init; }
        public string SourceHost { get; init; } = "";
        public string SourceDataset { get; init; } = "";
        public string TargetHost { get; init; } = "";
        public string TargetDataset { get; init; } = "";
        public long Open { get; init; }

        public override string ToString() =>
            $"{SourceHost}:{SourceDataset} to {TargetHost}:{TargetDataset} ({State}, {Decision}, {Reason}{Conflict})";
    }
}

/// <summary>Where one edge comes from and goes to.</summary>
internal sealed record WatchedEdge(
    string Id,
    string SourceHost,
    string SourceDataset,
    string TargetHost,
    string TargetDataset
);
