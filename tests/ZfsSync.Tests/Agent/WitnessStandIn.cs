using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Reports;

namespace ZfsSync.Tests.Agent;

/// <summary>The agent's side of the wire, kept as the protocol says, with a list of instructions that a test fills.</summary>
internal sealed class WitnessStandIn : HttpMessageHandler
{
    private readonly Dictionary<string, string> _digests = new(StringComparer.Ordinal);
    private readonly List<ReportedDataset> _staged = [];

    public List<InventoryReport> Reports { get; } = [];
    public SortedDictionary<string, ReportedDataset> Inventory { get; } = new(StringComparer.Ordinal);
    public List<Instruction> Pending { get; } = [];
    public List<(Guid Id, OutcomeReport Outcome)> Outcomes { get; } = [];
    public List<ProgressReport> Progress { get; } = [];
    public long LastSequence { get; set; }
    public bool IsAway { get; set; }

    /// <summary>Sends everybody away to come back later.</summary>
    public TimeSpan? IsBusyFor { get; set; }
    public bool StopAsked { get; set; }
    public DateTimeOffset? ReportRequestedAt { get; set; }
    public List<string> ForgottenEdges { get; } = [];
    public bool LosesAnswers { get; set; }
    public HttpStatusCode? ProgressRefusal { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsAway)
            throw new HttpRequestException("Connection refused");
        if (IsBusyFor is { } pause)
        {
            var busy = Refusal(HttpStatusCode.ServiceUnavailable, ProblemCodes.Busy);
            busy.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(pause);
            return busy;
        }
        var answer = await AnswerAsync(request, cancellationToken);
        return LosesAnswers ? throw new HttpRequestException("Connection reset") : answer;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (path.EndsWith("/reports", StringComparison.Ordinal))
            return Json(Take(await Read(WireJson.Default.InventoryReport)), WireJson.Default.ReportAnswer);
        if (path.EndsWith("/instructions", StringComparison.Ordinal))
        {
            var work = Json(
                [
                    .. Pending.Select(one => new InstructionSummary(
                        one.InstructionId,
                        one.EdgeId,
                        one.LogicalDataset,
                        one.Source.Dataset,
                        one.Target.Dataset,
                        one.EstimatedBytes
                    )),
                ],
                WireJson.Default.IReadOnlyListInstructionSummary
            );
            if (ReportRequestedAt is { } requested)
                work.Headers.Add(WaitingWork.ReportRequestedHeader, WaitingWork.Text(requested));
            return work;
        }
        if (path.EndsWith("/forgotten-holds", StringComparison.Ordinal))
        {
            var found = await Read(WireJson.Default.HoldsFound);
            return Json(new HoldsFound([.. found.EdgeIds.Intersect(ForgottenEdges)]), WireJson.Default.HoldsFound);
        }
        var id = Guid.Parse(path.Split('/')[^2]);
        switch (path.Split('/')[^1])
        {
            case "claim":
                var instruction = Pending.Find(one => one.InstructionId == id);
                if (instruction is null)
                    return Refusal(HttpStatusCode.Conflict, ProblemCodes.NotClaimable);
                Pending.Remove(instruction);
                return Json(new ClaimAnswer(Guid.NewGuid(), 60, instruction), WireJson.Default.ClaimAnswer);
            case "progress":
                Progress.Add(await Read(WireJson.Default.ProgressReport));
                return ProgressRefusal is { } status
                    ? Refusal(status, ProblemCodes.LeaseLost)
                    : Json(new ProgressAnswer(60, StopAsked), WireJson.Default.ProgressAnswer);
            default:
                var outcome = await Read(WireJson.Default.OutcomeReport);
                Outcomes.Add((id, outcome));
                var state = outcome.Result == OutcomeResult.Done ? InstructionState.Done : InstructionState.Failed;
                return Json(new OutcomeAnswer(state), WireJson.Default.OutcomeAnswer);
        }

        async Task<T> Read<T>(JsonTypeInfo<T> type) =>
            (await request.Content!.ReadFromJsonAsync(type, cancellation)) ?? throw new JsonException("No body.");
    }

    private ReportAnswer Take(InventoryReport report)
    {
        Reports.Add(report);
        if (report.Sequence <= LastSequence)
            return Answer(ReportStatus.Ignored);
        var scope = string.Join(',', report.Scope);
        if (report.Datasets is null)
        {
            _staged.Clear();
            return _digests.GetValueOrDefault(scope) == report.Digest ? Accept() : Answer(ReportStatus.NeedsDatasets);
        }
        _staged.AddRange(report.Datasets);
        if (report.Part is { } part && part.Index + 1 < part.Count)
            return Answer(ReportStatus.Staged);
        var needed = _staged
            .Where(one => one.Snapshots is null && Inventory.GetValueOrDefault(one.Name)?.Digest != one.Digest)
            .Select(one => one.Name)
            .ToList();
        var staged = _staged.ToList();
        _staged.Clear();
        if (needed.Count > 0)
            return Answer(ReportStatus.NeedsLists) with { Needed = needed };
        if (report.Complete)
        {
            foreach (
                var name in Inventory.Keys.Where(name => report.Scope.Any(root => IsAtOrBelow(name, root))).ToList()
            )
            {
                if (!staged.Exists(one => one.Name == name))
                    Inventory.Remove(name);
            }
        }
        foreach (var one in staged)
            Inventory[one.Name] = one.Snapshots is null
                ? one with
                {
                    Snapshots = Inventory[one.Name].Snapshots,
                    Bookmarks = Inventory[one.Name].Bookmarks,
                }
                : one;
        _digests[scope] = report.Digest;
        return Accept();

        ReportAnswer Accept()
        {
            LastSequence = report.Sequence;
            return Answer(ReportStatus.Accepted);
        }

        ReportAnswer Answer(ReportStatus status) => new(status, report.Sequence, 60) { LastSequence = LastSequence };
    }

    private static bool IsAtOrBelow(string name, string root) =>
        name == root || name.StartsWith(root + "/", StringComparison.Ordinal);

    private static HttpResponseMessage Json<T>(T value, JsonTypeInfo<T> type) =>
        new(HttpStatusCode.OK) { Content = JsonContent.Create(value, type) };

    private static HttpResponseMessage Refusal(HttpStatusCode status, string code) =>
        new(status)
        {
            Content = JsonContent.Create(new Problem { Code = code, Detail = code }, WireJson.Default.Problem),
        };
}
