using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Health;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Keys;
using ZfsSync.Contracts.Reports;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Contracts.Client;

/// <summary>
/// The API as methods. Each throws <see cref="WitnessException"/> when the witness refuses or is not reached; nothing is
/// retried here, because only the caller knows what is safe to repeat.
/// </summary>
/// <param name="http">With <see cref="HttpClient.BaseAddress"/> at the API's prefix, ending with a slash (<see cref="Connect"/>).</param>
public sealed class WitnessClient(HttpClient http)
{
    /// <summary>A client for <paramref name="address"/> (<c>http://host:8000</c>) that signs in with <paramref name="apiKey"/>.</summary>
    public static WitnessClient Connect(
        HttpClient http,
        Uri address,
        string? apiKey,
        string prefix = Routes.DefaultPrefix
    )
    {
        http.BaseAddress = new Uri(address, prefix.TrimEnd('/') + "/");
        if (apiKey is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return new WitnessClient(http);
    }

    /// <summary><c>GET /health</c>; needs no key.</summary>
    public Task<HealthAnswer> HealthAsync(CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Get,
            new Uri(http.BaseAddress!, "/health").ToString(),
            null,
            WireJson.Default.HealthAnswer,
            cancellation
        );

    /// <summary>Registers a host; with an enrollment or admin key.</summary>
    public Task<SystemResource> RegisterAsync(
        SystemRegistration registration,
        bool replace,
        CancellationToken cancellation
    ) =>
        SendAsync(
            HttpMethod.Post,
            $"{Routes.Systems}/register{(replace ? "?replace=true" : "")}",
            Body(registration, WireJson.Default.SystemRegistration),
            WireJson.Default.SystemResource,
            cancellation
        );

    /// <summary>All hosts.</summary>
    public Task<IReadOnlyList<SystemResource>> SystemsAsync(CancellationToken cancellation) =>
        ListAsync(Routes.Systems, WireJson.Default.IReadOnlyListSystemResource, cancellation);

    /// <summary>One host.</summary>
    public Task<SystemResource> SystemAsync(Guid id, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, Routes.System(id), null, WireJson.Default.SystemResource, cancellation);

    /// <summary>The hosts that a host has edges with.</summary>
    public Task<IReadOnlyList<SystemPartner>> PartnersAsync(Guid id, CancellationToken cancellation) =>
        ListAsync(Routes.Partners(id), WireJson.Default.IReadOnlyListSystemPartner, cancellation);

    /// <summary>Changes a host.</summary>
    public Task<SystemResource> UpdateSystemAsync(Guid id, SystemUpdate update, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Put,
            Routes.System(id),
            Body(update, WireJson.Default.SystemUpdate),
            WireJson.Default.SystemResource,
            cancellation
        );

    /// <summary>Removes a host, its inventory and its memberships.</summary>
    public Task DeleteSystemAsync(Guid id, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, Routes.System(id), null, cancellation);

    /// <summary>Says that the host lives, without a report; the answer has the witness's clock.</summary>
    public Task<HeartbeatAnswer> HeartbeatAsync(Guid systemId, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, Routes.Heartbeat(systemId), null, WireJson.Default.HeartbeatAnswer, cancellation);

    /// <summary>Sends a report, or a part of one.</summary>
    public Task<ReportAnswer> ReportAsync(Guid systemId, InventoryReport report, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            Routes.Reports(systemId),
            Body(report, WireJson.Default.InventoryReport),
            WireJson.Default.ReportAnswer,
            cancellation
        );

    /// <summary>Waits up to <paramref name="waitSeconds"/> for work; an empty list when there is none.</summary>
    public async Task<IReadOnlyList<InstructionSummary>> InstructionsAsync(
        Guid systemId,
        int waitSeconds,
        CancellationToken cancellation
    ) => (await WorkAsync(systemId, waitSeconds, null, cancellation)).Instructions;

    /// <summary>Waits up to <paramref name="waitSeconds"/> for work, or for a request to report at once that is not <paramref name="knownRequest"/>.</summary>
    public async Task<WaitingWork> WorkAsync(
        Guid systemId,
        int waitSeconds,
        DateTimeOffset? knownRequest,
        CancellationToken cancellation
    )
    {
        var known = knownRequest is { } at ? $"&known_request={WaitingWork.Text(at)}" : "";
        var path = $"{Routes.Instructions(systemId)}?wait_seconds={waitSeconds}{known}";
        using var response = await SendAsync(
            HttpMethod.Get,
            path,
            null,
            HttpCompletionOption.ResponseHeadersRead,
            cancellation
        );
        return new WaitingWork(
            await ReadAsync(response, WireJson.Default.IReadOnlyListInstructionSummary, cancellation),
            WaitingWork.Read(response.Headers)
        );
    }

    /// <summary>Of the edges that a host has holds of, those whose holds no transfer needs (<see cref="HoldsFound"/>).</summary>
    public async Task<IReadOnlyList<string>> ForgottenHoldsAsync(
        Guid systemId,
        IReadOnlyList<string> edgeIds,
        CancellationToken cancellation
    ) =>
        (
            await SendAsync(
                HttpMethod.Post,
                Routes.ForgottenHolds(systemId),
                Body(new HoldsFound(edgeIds), WireJson.Default.HoldsFound),
                WireJson.Default.HoldsFound,
                cancellation
            )
        ).EdgeIds;

    /// <summary>Takes an instruction; <see cref="ProblemCodes.NotClaimable"/> when another runner was first.</summary>
    public Task<ClaimAnswer> ClaimAsync(Guid instructionId, ClaimRequest claim, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            Routes.Instruction(instructionId, "claim"),
            Body(claim, WireJson.Default.ClaimRequest),
            WireJson.Default.ClaimAnswer,
            cancellation
        );

    /// <summary>Renews a lease.</summary>
    public Task<ProgressAnswer> ProgressAsync(
        Guid instructionId,
        ProgressReport progress,
        CancellationToken cancellation
    ) =>
        SendAsync(
            HttpMethod.Post,
            Routes.Instruction(instructionId, "progress"),
            Body(progress, WireJson.Default.ProgressReport),
            WireJson.Default.ProgressAnswer,
            cancellation
        );

    /// <summary>Says how an execution ended; safe to repeat.</summary>
    public Task<OutcomeAnswer> OutcomeAsync(
        Guid instructionId,
        OutcomeReport outcome,
        CancellationToken cancellation
    ) =>
        SendAsync(
            HttpMethod.Post,
            Routes.Instruction(instructionId, "outcome"),
            Body(outcome, WireJson.Default.OutcomeReport),
            WireJson.Default.OutcomeAnswer,
            cancellation
        );

    /// <summary>All groups.</summary>
    public Task<IReadOnlyList<GroupResource>> GroupsAsync(CancellationToken cancellation) =>
        ListAsync(Routes.Groups, WireJson.Default.IReadOnlyListGroupResource, cancellation);

    /// <summary>Makes a group.</summary>
    public Task<GroupResource> CreateGroupAsync(GroupDefinition group, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            Routes.Groups,
            Body(group, WireJson.Default.GroupDefinition),
            WireJson.Default.GroupResource,
            cancellation
        );

    /// <summary>Changes a group; what is absent stays.</summary>
    public Task<GroupResource> UpdateGroupAsync(Guid id, GroupDefinition group, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Put,
            Routes.Group(id),
            Body(group, WireJson.Default.GroupDefinition),
            WireJson.Default.GroupResource,
            cancellation
        );

    /// <summary>Removes a group; no pool is touched.</summary>
    public Task DeleteGroupAsync(Guid id, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, Routes.Group(id), null, cancellation);

    /// <summary>Asks the group's hosts to report, waits up to <paramref name="waitSeconds"/> for those that are heard of, and plans.</summary>
    public Task<CheckAnswer> CheckAsync(Guid groupId, int waitSeconds, CancellationToken cancellation) =>
        CheckAsync(groupId, waitSeconds == 0 ? "" : $"&wait_seconds={waitSeconds}", cancellation);

    /// <summary>Asks the group's hosts to report, and plans with what is known now.</summary>
    public Task<CheckAnswer> CheckAsync(Guid groupId, CancellationToken cancellation) =>
        CheckAsync(groupId, "", cancellation);

    /// <summary>As <see cref="CheckAsync(Guid, CancellationToken)"/>, and what waits after failures is tried again at once.</summary>
    public Task<CheckAnswer> RetryAsync(Guid groupId, CancellationToken cancellation) =>
        CheckAsync(groupId, "&retry=true", cancellation);

    /// <summary>Plans a group with what is known now; no host is asked.</summary>
    public Task<CheckAnswer> PlanAsync(Guid groupId, CancellationToken cancellation) =>
        CheckAsync(groupId, "&report=false", cancellation);

    /// <summary>All edges, or those of a group.</summary>
    public Task<IReadOnlyList<EdgeResource>> EdgesAsync(Guid? groupId, CancellationToken cancellation) =>
        ListAsync(
            groupId is null ? Routes.Edges : $"{Routes.Edges}?sync_group_id={groupId}",
            WireJson.Default.IReadOnlyListEdgeResource,
            cancellation
        );

    /// <summary>Approves a repair; <see cref="ProblemCodes.StaleApproval"/> when the evidence has changed.</summary>
    public Task<ApprovalAnswer> ApproveAsync(string edgeId, RepairApproval approval, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            Routes.Repairs(edgeId),
            Body(approval, WireJson.Default.RepairApproval),
            WireJson.Default.ApprovalAnswer,
            cancellation
        );

    /// <summary>The latest executions, newest first.</summary>
    public Task<IReadOnlyList<RunResource>> RunsAsync(int limit, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Get,
            $"{Routes.Runs}?limit={limit}",
            null,
            WireJson.Default.IReadOnlyListRunResource,
            cancellation
        );

    /// <summary>Snapshots of a host, or of one of its datasets.</summary>
    public Task<IReadOnlyList<SnapshotResource>> SnapshotsAsync(
        Guid? systemId,
        string? dataset,
        CancellationToken cancellation
    )
    {
        var query = new List<string>();
        if (systemId is not null)
            query.Add($"system_id={systemId}");
        if (dataset is not null)
            query.Add($"dataset={Uri.EscapeDataString(dataset)}");
        return ListAsync(
            $"{Routes.Snapshots}?{string.Join('&', query)}",
            WireJson.Default.IReadOnlyListSnapshotResource,
            cancellation
        );
    }

    /// <summary>One dataset on several hosts.</summary>
    public Task<DatasetComparison> CompareAsync(
        string dataset,
        IReadOnlyList<Guid> systemIds,
        CancellationToken cancellation
    ) =>
        SendAsync(
            HttpMethod.Get,
            $"{Routes.Snapshots}/compare-dataset?dataset={Uri.EscapeDataString(dataset)}"
                + string.Concat(systemIds.Select(id => $"&system_ids={id}")),
            null,
            WireJson.Default.DatasetComparison,
            cancellation
        );

    /// <summary>All keys, without secrets.</summary>
    public Task<IReadOnlyList<KeyResource>> KeysAsync(CancellationToken cancellation) =>
        ListAsync(Routes.Keys, WireJson.Default.IReadOnlyListKeyResource, cancellation);

    /// <summary>Makes a key.</summary>
    public Task<KeyResource> CreateKeyAsync(KeyRequest request, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            Routes.Keys,
            Body(request, WireJson.Default.KeyRequest),
            WireJson.Default.KeyResource,
            cancellation
        );

    /// <summary>Gives a key a new secret; the old one is void after <paramref name="graceSeconds"/>.</summary>
    public Task<KeyResource> RotateKeyAsync(Guid id, int graceSeconds, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            $"{Routes.Keys}/{id}/rotate?grace_seconds={graceSeconds}",
            null,
            WireJson.Default.KeyResource,
            cancellation
        );

    /// <summary>Makes a key void.</summary>
    public Task RevokeKeyAsync(Guid id, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, $"{Routes.Keys}/{id}", null, cancellation);

    private const int PageSize = 1000;

    private async Task<CheckAnswer> CheckAsync(Guid groupId, string how, CancellationToken cancellation)
    {
        var answer = await SendAsync(
            HttpMethod.Post,
            $"{Routes.Check(groupId)}?limit={PageSize}{how}",
            null,
            WireJson.Default.CheckAnswer,
            cancellation
        );
        return answer.Edges.Count < PageSize ? answer : answer with { Edges = await EdgesAsync(groupId, cancellation) };
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        string path,
        JsonTypeInfo<IReadOnlyList<T>> type,
        CancellationToken cancellation
    )
    {
        var all = new List<T>();
        while (true)
        {
            var page = await SendAsync(
                HttpMethod.Get,
                $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}skip={all.Count}&limit={PageSize}",
                null,
                type,
                cancellation
            );
            all.AddRange(page);
            if (page.Count < PageSize)
                return all;
        }
    }

    private static JsonContent Body<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);

    private async Task SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation) =>
        (await SendAsync(method, path, body, HttpCompletionOption.ResponseContentRead, cancellation)).Dispose();

    private async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? body,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        using var response = await SendAsync(
            method,
            path,
            body,
            HttpCompletionOption.ResponseHeadersRead,
            cancellation
        );
        return await ReadAsync(response, type, cancellation);
    }

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage response,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellation)
                ?? throw new JsonException("The answer is empty.");
        }
        catch (JsonException fault)
        {
            throw new WitnessException(
                (int)response.StatusCode,
                new Problem
                {
                    Detail =
                        $"The answer to {response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} is not what this version understands: {fault.Message}",
                },
                fault
            );
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? body,
        HttpCompletionOption completion,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, completion, cancellation);
        }
        catch (Exception fault) when (IsUnreachable(fault, cancellation))
        {
            var detail =
                $"The witness at {http.BaseAddress} was not reached: {fault.GetBaseException().Message}. Is it running, and is the address right?";
            throw new WitnessException(0, new Problem { Detail = detail, Code = ProblemCodes.Unavailable }, fault);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new WitnessException((int)response.StatusCode, await ReadProblemAsync(response, cancellation))
            {
                RetryAfter = response.Headers.RetryAfter?.Delta,
            };
    }

    private static bool IsUnreachable(Exception fault, CancellationToken cancellation) =>
        fault is HttpRequestException or IOException
        || (fault is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            if (await JsonSerializer.DeserializeAsync(stream, WireJson.Default.Problem, cancellation) is { } problem)
                return problem;
        }
        catch (JsonException)
        {
            // A proxy's error page: the status must do.
        }
        return new Problem { Detail = $"The answer was {(int)response.StatusCode} {response.ReasonPhrase}." };
    }
}
