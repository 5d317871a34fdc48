using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace ZfsSync.Witness.Http;

/// <summary>A request's JSON body, read strictly: bind it as an endpoint's parameter. What is wrong is all named at once.</summary>
/// <param name="Value">What it says.</param>
/// <param name="Json">Its bytes, until the request ends.</param>
internal sealed record Body<T>(T Value, ReadOnlyMemory<byte> Json) : IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<Body<T>?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        RequestBody.RefuseOtherThanJson(http);
        var json = await RequestBody.BytesAsync(http);
        return new Body<T>(RequestBody.Read<T>(json.Span), json);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new JsonBody(typeof(T)));

    private sealed record JsonBody(Type RequestType) : IAcceptsMetadata
    {
        public IReadOnlyList<string> ContentTypes => ["application/json"];

        Type? IAcceptsMetadata.RequestType => RequestType;

        public bool IsOptional => false;
    }
}
