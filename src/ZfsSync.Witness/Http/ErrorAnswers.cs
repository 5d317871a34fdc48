using System.Data.Common;
using System.Diagnostics;
using ZfsSync.Contracts;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Http;

/// <summary>Turns refusals, faults and the framework's bare statuses into error bodies.</summary>
internal sealed class ErrorAnswers(RequestDelegate next, Database database, ILogger<ErrorAnswers> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
                await Problems.WriteAsync(http, Bare(http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer.
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            var headers = http.Response.Headers.Where(header => IsKept(header.Key)).ToList();
            http.Response.Clear();
            foreach (var (name, value) in headers)
                http.Response.Headers[name] = value;
            if (fault is RefusedException { RetryAfterSeconds: { } seconds })
                http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Problems.WriteAsync(http, ProblemOf(fault, http));
        }
    }

    private static bool IsKept(string header) =>
        header.StartsWith("X-", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
        || header is "Content-Security-Policy" or "Referrer-Policy" or "Retry-After" or "Cache-Control";

    private Problem ProblemOf(Exception fault, HttpContext http)
    {
        switch (fault)
        {
            case RefusedException refused:
                return refused.Problem;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Bare(StatusCodes.Status413PayloadTooLarge, http);
            case BadHttpRequestException bad:
                return Problems.Of(bad.StatusCode, ProblemCodes.InvalidInput, bad.Message);
            case DbException or TimeoutException when database.Dialect.Remedy(fault) is { } remedy:
                log.LogError("The database does not answer: {Fault} {Remedy}", fault.Message, remedy);
                return Problems.Of(
                    StatusCodes.Status503ServiceUnavailable,
                    ProblemCodes.Unavailable,
                    "The database does not answer. Try again later; GET /health/ready says when."
                );
            default:
                var trace = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
                log.LogError(
                    fault,
                    "Unhandled fault in {Method} {Path}, trace {Trace}",
                    http.Request.Method,
                    http.Request.Path,
                    trace
                );
                return Problems.Of(
                    StatusCodes.Status500InternalServerError,
                    ProblemCodes.Internal,
                    $"The witness failed. Its log has the details under trace {trace}."
                );
        }
    }

    private static Problem Bare(HttpContext http) => Bare(http.Response.StatusCode, http);

    private static Problem Bare(int status, HttpContext http)
    {
        var request = http.Request;
        return status switch
        {
            400 => Problems.Of(status, ProblemCodes.InvalidInput, "The request is malformed."),
            401 => Problems.Of(
                status,
                ProblemCodes.Unauthenticated,
                "This needs a key. Send one in the header X-API-Key, or as Authorization: Bearer KEY."
            ),
            403 => Problems.Of(status, ProblemCodes.Forbidden, "The key may not do this."),
            404 => Problems.Of(status, ProblemCodes.NotFound, $"There is nothing at {request.Path}. See /docs."),
            405 => Problems.Of(
                status,
                ProblemCodes.MethodNotAllowed,
                $"{request.Method} is not possible at {request.Path}; use {http.Response.Headers.Allow}."
            ),
            413 => Problems.Of(
                status,
                ProblemCodes.TooLarge,
                "The body is larger than the witness takes (ZFS_SYNC_MAX_REQUEST_BYTES). Send it in parts."
            ),
            415 => Problems.Of(
                status,
                ProblemCodes.UnsupportedMediaType,
                "The body must be JSON. Send the header Content-Type: application/json."
            ),
            429 => Problems.Of(
                status,
                ProblemCodes.TooManyRequests,
                "Too many requests. Wait as long as Retry-After says."
            ),
            503 => Problems.Of(status, ProblemCodes.Unavailable, "The witness is not ready. Try again later."),
            _ => Problems.Of(status, ProblemCodes.Internal, "The request failed."),
        };
    }
}
