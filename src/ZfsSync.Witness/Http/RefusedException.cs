using ZfsSync.Contracts;

namespace ZfsSync.Witness.Http;

/// <summary>The request is answered with this problem, wherever it is found out.</summary>
internal sealed class RefusedException(Problem problem, int? retryAfterSeconds = null) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;

    public int? RetryAfterSeconds { get; } = retryAfterSeconds;
}
