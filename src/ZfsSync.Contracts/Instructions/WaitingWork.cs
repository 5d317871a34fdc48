using System.Globalization;
using System.Net.Http.Headers;

namespace ZfsSync.Contracts.Instructions;

/// <summary>
/// The answer of the long poll <c>GET /systems/{id}/instructions?wait_seconds=N</c>. The body is the list of instructions; a
/// request to report at once comes in the header <see cref="ReportRequestedHeader"/>, where agents and scripts that do not
/// know it are not disturbed. It ends the waiting, unless the query has the same instant as <c>known_request</c>, and
/// stands until a report answers it (<see cref="Reports.InventoryReport.AnswersRequest"/>).
/// </summary>
/// <param name="Instructions">What waits for the host.</param>
/// <param name="ReportRequestedAt">When somebody asked the host to report at once; null when nobody waits for that.</param>
public sealed record WaitingWork(IReadOnlyList<InstructionSummary> Instructions, DateTimeOffset? ReportRequestedAt)
{
    /// <summary>The header's name; its value is an ISO 8601 instant in UTC.</summary>
    public const string ReportRequestedHeader = "X-Report-Requested";

    /// <summary>An instant as the header and the query have it.</summary>
    public static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The request in an answer's headers; null when there is none that can be read.</summary>
    public static DateTimeOffset? Read(HttpResponseHeaders headers) =>
        headers.TryGetValues(ReportRequestedHeader, out var values)
        && DateTimeOffset.TryParse(
            values.FirstOrDefault(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;
}
