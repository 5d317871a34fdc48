namespace ZfsSync.Contracts.Client;

/// <summary>The witness refused or could not be reached.</summary>
public sealed class WitnessException(int status, Problem problem, Exception? inner = null)
    : Exception(problem.Detail ?? problem.Title ?? "The witness gave no reason.", inner)
{
    /// <summary>The HTTP status; 0 when the witness was not reached.</summary>
    public int Status { get; } = status;

    /// <summary>The error body.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>The stable code (<see cref="ProblemCodes"/>).</summary>
    public string Code => Problem.Code ?? "";

    /// <summary>How long the witness asks to wait before the next attempt (<c>Retry-After</c>); null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the witness was not reached, or says that it is not ready: trying later may help.</summary>
    public bool IsTransient => Status is 0 or 429 or 502 or 503 or 504;
}
