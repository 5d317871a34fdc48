using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Witness.Http;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>The body of <c>POST /snapshots/batch</c>: a list, or <c>{"snapshots": list}</c>.</summary>
internal sealed record SnapshotBatch(IReadOnlyList<SnapshotSubmission> Snapshots) : IEndpointParameterMetadataProvider
{
    public static async ValueTask<SnapshotBatch?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        RequestBody.RefuseOtherThanJson(http);
        var bytes = await RequestBody.BytesAsync(http);
        return StartsWithList(bytes.Span)
            ? new SnapshotBatch(RequestBody.Read<IReadOnlyList<SnapshotSubmission>>(bytes.Span))
            : new SnapshotBatch(RequestBody.Read<Wrapper>(bytes.Span).Snapshots);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(IReadOnlyList<SnapshotSubmission>)));

    private static bool StartsWithList(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartArray;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed record Wrapper
    {
        public required IReadOnlyList<SnapshotSubmission> Snapshots { get; init; }
    }
}
