using ZfsSync.Contracts;

namespace ZfsSync.Witness.Http;

/// <summary>The error bodies: one shape for all.</summary>
internal static class Problems
{
    public static Problem Of(int status, string code, string detail, FieldErrors? errors = null) =>
        new()
        {
            Type = "about:blank",
            Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            StatusCode = status,
            Detail = detail,
            Code = code,
            Errors = errors?.ToDictionary(),
        };

    /// <summary>404, the same for everything: <c>There is no system with the id …</c></summary>
    public static IResult NotFound(string what, object id) => Result(Missing(what, id));

    /// <summary>A refusal as an endpoint's result.</summary>
    public static IResult Refuse(int status, string code, string detail) => Result(Of(status, code, detail));

    public static IResult Conflict(string code, string detail) => Refuse(StatusCodes.Status409Conflict, code, detail);

    public static RefusedException Refused(int status, string code, string detail) => new(Of(status, code, detail));

    public static RefusedException RefusedMissing(string what, object id) => new(Missing(what, id));

    public static RefusedException Invalid(FieldErrors errors) =>
        new(Of(StatusCodes.Status400BadRequest, ProblemCodes.InvalidInput, errors.Summary(), errors));

    public static RefusedException Invalid(string field, string fault) => Invalid(new FieldErrors().Add(field, fault));

    public static async Task WriteAsync(HttpContext http, Problem problem)
    {
        http.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        await http.Response.WriteAsJsonAsync(
            problem with
            {
                Instance = http.Request.Path,
            },
            WireOptions.Answers.GetTypeInfo(typeof(Problem)),
            "application/problem+json",
            http.RequestAborted
        );
    }

    private static Problem Missing(string what, object id) =>
        Of(StatusCodes.Status404NotFound, ProblemCodes.NotFound, $"There is no {what} {id}.");

    private static ProblemResult Result(Problem problem) => new(problem);

    private sealed class ProblemResult(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);
    }
}
