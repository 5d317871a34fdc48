using System.Text.Json;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Json;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Instructions;

/// <summary>
/// The life of an instruction. Every arrow is one conditional update, so that of two who try only one moves it.
/// <code>
///             offer                claim                    outcome
///   (plan) ──────────▶ Pending ──────────────▶ Leased ─────────────────▶ Done ──▶ proven by the target's report
///                      │  ▲                     │  │
///        plan changed  │  └─────────────────────┘  ├───────────────────▶ Failed   (a tool failed)
///                      ▼      lease ended          └───────────────────▶ Refused  (facts not as expected)
///                  Withdrawn
/// </code>
/// Pending and Leased are open: at most one per edge, and at most one Leased per receiving dataset, held by unique
/// indexes. Done, Failed, Refused and Withdrawn are final, but for a late outcome: an agent whose lease ended may still
/// say how it ended, unless another agent has taken the instruction since.
/// </summary>
internal sealed class InstructionStore
{
    private const string Columns =
        "id, edge_id, group_id, executor_system_id, kind, state, plan_key, document, lease_id, agent_id, lease_ends_at, stop_requested, step, bytes, proven, error_kind, error_text, arrived_guid, created_at, started_at, finished_at, outcome_at";

    private const string OfferSql = """
        insert into instructions (id, edge_id, group_id, executor_system_id, target_system_id, target_dataset, kind,
            state, plan_key, document, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, 'pending', $8, $9, $10)
        on conflict do nothing
        """;

    private static readonly string QualifiedColumns = string.Join(
        ", ",
        Columns.Split(", ").Select(name => $"i.{name}")
    );

    public Task<InstructionRow?> FindAsync(Session session, Guid id) =>
        session.FindAsync<InstructionRow>($"select {Columns} from instructions where id = @id", new { id });

    /// <summary>The pending or leased instructions of these edges.</summary>
    public Task<IReadOnlyList<InstructionRow>> OpenAsync(Session session, IReadOnlyCollection<string> edgeIds) =>
        edgeIds.Count == 0
            ? Task.FromResult<IReadOnlyList<InstructionRow>>([])
            : session.QueryAsync<InstructionRow>(
                $"select {Columns} from instructions where edge_id in @edgeIds and state in ('pending', 'leased')",
                new { edgeIds }
            );

    /// <summary>For each of these edges the last instruction that was called done, where it is not proven or was a repair.</summary>
    public Task<IReadOnlyList<InstructionRow>> UnfinishedAsync(Session session, IReadOnlyCollection<string> edgeIds) =>
        edgeIds.Count == 0
            ? Task.FromResult<IReadOnlyList<InstructionRow>>([])
            : session.QueryAsync<InstructionRow>(
                $"""
                select {QualifiedColumns} from edges e join instructions i on i.edge_id = e.id and i.state = 'done'
                and i.outcome_at = (select max(l.outcome_at) from instructions l where l.edge_id = e.id and l.state = 'done')
                where e.id in @edgeIds and (i.proven is null or not i.proven or i.kind = 'repair')
                """,
                new { edgeIds }
            );

    /// <summary>Those of the edges that had instructions at some time, and have none leased now.</summary>
    public async Task<IReadOnlyList<string>> EndedAsync(Session session, IReadOnlyCollection<string> edgeIds) =>
        edgeIds.Count == 0
            ? []
            : await session.QueryAsync<string>(
                """
                select distinct edge_id from instructions i where edge_id in @edgeIds
                and not exists (select 1 from instructions l where l.edge_id = i.edge_id and l.state = 'leased')
                """,
                new { edgeIds }
            );

    public Task<IReadOnlyList<InstructionRow>> PendingForAsync(Session session, Guid systemId) =>
        session.QueryAsync<InstructionRow>(
            $"""
            select {Columns} from instructions
            where executor_system_id = @systemId and state = 'pending' order by created_at, id
            """,
            new { systemId }
        );

    /// <summary>The latest executions, newest first: all that were claimed at some time.</summary>
    public Task<IReadOnlyList<InstructionRow>> RunsAsync(
        Session session,
        Guid? groupId,
        string? edgeId,
        Guid? systemId,
        int limit,
        int offset
    ) =>
        session.QueryAsync<InstructionRow>(
            $"""
            select {Columns} from instructions where started_at is not null
            {(groupId is null ? "" : "and group_id = @group")}
            {(edgeId is null ? "" : "and edge_id = @edgeId")}
            {(systemId is null ? "" : "and (executor_system_id = @system or target_system_id = @system)")}
            order by created_at desc, id limit @limit offset @offset
            """,
            new
            {
                group = Text(groupId),
                edgeId,
                system = Text(systemId),
                limit,
                offset,
            }
        );

    /// <summary>(plan) → Pending, for each whose edge has no open one.</summary>
    public Task OfferAsync(Session session, IReadOnlyCollection<Instruction> offers) =>
        offers.Count == 0 ? Task.CompletedTask : session.ExecuteManyAsync(OfferSql, offers, WriteOffer);

    /// <summary>Pending → Withdrawn, for these edges.</summary>
    public Task WithdrawAsync(Session session, IReadOnlyCollection<string> edgeIds, DateTimeOffset now) =>
        edgeIds.Count == 0
            ? Task.CompletedTask
            // Open in the words of the index too, or SQLite reads all runs that the edges ever had.
            : session.ExecuteAsync(
                """
                update instructions set state = 'withdrawn', finished_at = @now
                where edge_id in @edgeIds and state in ('pending', 'leased') and state = 'pending'
                """,
                new { edgeIds, now }
            );

    /// <summary>Pending → Withdrawn where the edge is gone; for the agent that has one, stop is asked for.</summary>
    public Task WithdrawOrphansAsync(Session session, DateTimeOffset now) =>
        session.ExecuteAsync(
            """
            update instructions set
                state = case state when 'pending' then 'withdrawn' else state end,
                finished_at = case state when 'pending' then @now else finished_at end,
                stop_requested = true
            where state in ('pending', 'leased') and not stop_requested
            and not exists (select 1 from edges e where e.id = instructions.edge_id)
            """,
            new { now }
        );

    /// <summary>Pending → Leased, for one caller only, and while no other receive into the same dataset is leased.</summary>
    public async Task<bool> ClaimAsync(
        Session session,
        Guid id,
        Guid leaseId,
        string agentId,
        DateTimeOffset now,
        DateTimeOffset leaseEndsAt
    ) =>
        await session.ExecuteAsync(
            """
            update instructions set state = 'leased', lease_id = @leaseId, agent_id = @agentId, lease_ends_at = @leaseEndsAt,
                started_at = @now, stop_requested = false, step = 0, bytes = 0
            where id = @id and state = 'pending' and not exists (
                select 1 from instructions o where o.state = 'leased'
                and o.target_system_id = instructions.target_system_id and o.target_dataset = instructions.target_dataset)
            """,
            new
            {
                id,
                leaseId,
                agentId,
                now,
                leaseEndsAt,
            }
        ) == 1;

    /// <summary>Leased stays Leased, for longer.</summary>
    public async Task<bool> RenewAsync(Session session, Guid id, ProgressReport progress, DateTimeOffset leaseEndsAt) =>
        await session.ExecuteAsync(
            """
            update instructions set lease_ends_at = @leaseEndsAt, step = @Step, bytes = @Bytes
            where id = @id and state = 'leased' and lease_id = @LeaseId
            """,
            new
            {
                id,
                leaseEndsAt,
                progress.Step,
                progress.Bytes,
                progress.LeaseId,
            }
        ) == 1;

    /// <summary>Leased → Done, Failed or Refused; also from Pending or Withdrawn when this lease was the last there was.</summary>
    public async Task<bool> ConcludeAsync(Session session, Guid id, OutcomeReport outcome, DateTimeOffset now) =>
        await session.ExecuteAsync(
            """
            update instructions set state = @State, bytes = @Bytes, step = @StepsDone, error_kind = @ErrorKind,
                error_text = @ErrorText, arrived_guid = @ArrivedGuid, finished_at = @FinishedAt, outcome_at = @now,
                proven = null, lease_ends_at = null
            where id = @id and lease_id = @LeaseId and state in ('leased', 'pending', 'withdrawn')
            """,
            new
            {
                id,
                now,
                State = EnumText<OutcomeResult>.Of(outcome.Result),
                outcome.Bytes,
                outcome.StepsDone,
                outcome.ErrorKind,
                ErrorText = outcome.ErrorText is { Length: > 4096 } text ? text[..4096] : outcome.ErrorText,
                outcome.ArrivedGuid,
                outcome.FinishedAt,
                outcome.LeaseId,
            }
        ) == 1;

    /// <summary>Whether <see cref="ExpireAsync"/> has anything to do.</summary>
    public async Task<bool> HaveEndedAsync(Session session, DateTimeOffset now) =>
        await session.ScalarAsync<long?>(
            "select 1 from instructions where state = 'leased' and (lease_ends_at < @now or lease_ends_at > @longest) limit 1",
            new { now, longest = Longest(now) }
        ) == 1;

    /// <summary>
    /// Leased → Pending for every lease that ended. The edges, to be planned again. A lease that ends later than one given
    /// now would is of before the clock was put back, and lasts as long as one given now.
    /// </summary>
    public async Task<IReadOnlyList<UnitName>> ExpireAsync(Session session, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            "update instructions set lease_ends_at = @longest where state = 'leased' and lease_ends_at > @longest",
            new { longest = Longest(now) }
        );
        var ended = await session.QueryAsync<InstructionRow>(
            $"select {Columns} from instructions where state = 'leased' and lease_ends_at < @now",
            new { now }
        );
        var expired = new List<UnitName>();
        foreach (var row in ended)
        {
            var changed = await session.ExecuteAsync(
                "update instructions set state = 'pending', lease_ends_at = null where id = @Id and state = 'leased' and lease_ends_at < @now",
                new { row.Id, now }
            );
            if (changed == 1)
                expired.Add(row.ToUnit());
        }
        return expired;
    }

    /// <summary>Asks the agent that has the edge's instruction to end it; false when nothing runs.</summary>
    public async Task<bool> RequestStopAsync(Session session, string edgeId) =>
        await session.ExecuteAsync(
            "update instructions set stop_requested = true where edge_id = @edgeId and state = 'leased'",
            new { edgeId }
        ) > 0;

    public Task SetProvenAsync(Session session, RunProof proof) =>
        session.ExecuteAsync(
            "update instructions set proven = @Proven where id = @InstructionId and state = 'done'",
            new { proof.InstructionId, proof.Proven }
        );

    private static void WriteOffer(RowWriter row, Instruction instruction)
    {
        row.Add(ColumnMapping.ToColumn(instruction.InstructionId));
        row.Add(instruction.EdgeId);
        row.Add(ColumnMapping.ToColumn(instruction.SyncGroupId));
        row.Add(ColumnMapping.ToColumn(instruction.ExecutorSystemId));
        row.Add(ColumnMapping.ToColumn(instruction.Target.SystemId));
        row.Add(instruction.Target.Dataset);
        row.Add(EnumText<InstructionKind>.Of(instruction.Kind));
        row.Add(InstructionDraft.KeyOf(instruction));
        row.Add(JsonSerializer.Serialize(instruction, WireJson.Default.Instruction));
        row.Add(ColumnMapping.ToMicroseconds(instruction.CreatedAt));
    }

    private static DateTimeOffset Longest(DateTimeOffset now) => now.AddSeconds(InstructionDispatch.LeaseSeconds);

    private static string? Text(Guid? id) => id is { } value ? ColumnMapping.ToColumn(value) : null;
}
