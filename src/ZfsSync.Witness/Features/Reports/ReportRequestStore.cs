using ZfsSync.Contracts.Reports;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Reports;

/// <summary>
/// Requests to report at once, kept with the host, so that any replica can hand them to its agent. One is open until a
/// report comes that began when its agent knew of it (<see cref="InventoryReport.AnswersRequest"/>).
/// </summary>
internal sealed class ReportRequestStore
{
    /// <summary>Asks these hosts; those without an agent cannot be asked. Later than any request before, also on a clock that stands still.</summary>
    public Task AskAsync(Session session, IReadOnlyCollection<Guid> systemIds, DateTimeOffset now) =>
        systemIds.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(
                """
                update systems set report_requested_at =
                    case when report_requested_at >= @now then report_requested_at + 1 else @now end
                where id in @ids and agent_id is not null
                """,
                new { ids = Ids(systemIds), now }
            );

    /// <summary>Asks this host to forget what it remembers and to read everything again, at once.</summary>
    public async Task AskInFullAsync(Session session, IReadOnlyCollection<Guid> systemIds, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            "update systems set report_in_full = @yes where id in @ids and agent_id is not null",
            new { ids = Ids(systemIds), yes = true }
        );
        await AskAsync(session, systemIds, now);
    }

    /// <summary>The host's open request; null when there is none.</summary>
    public async Task<DateTimeOffset?> OpenAsync(Session session, Guid systemId) =>
        await session.ScalarAsync<long?>(
            """
            select report_requested_at from systems
            where id = @systemId and report_requested_at > coalesce(report_answered_at, 0)
            """,
            new { systemId }
        )
            is { } at
            ? ColumnMapping.FromMicroseconds(at)
            : null;

    /// <summary>What an accepted report leaves as answered: never more than was asked, never less than before.</summary>
    public static DateTimeOffset? Answered(
        DateTimeOffset? requested,
        DateTimeOffset? answered,
        DateTimeOffset? answersRequest
    ) => answersRequest <= requested && (answered is null || answersRequest > answered) ? answersRequest : answered;

    private static List<string> Ids(IReadOnlyCollection<Guid> ids) => [.. ids.Select(ColumnMapping.ToColumn)];
}
