namespace ZfsSync.Witness.Http;

/// <summary>Refuses unknown and malformed query parameters and path values before the endpoint runs, naming all of them.</summary>
internal sealed class QueryCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is { } endpoint)
            QueryContract.Of(endpoint)?.Faults(http).ThrowIfAny();
        return next(http);
    }
}
