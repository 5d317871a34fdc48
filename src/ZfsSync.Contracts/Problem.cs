namespace ZfsSync.Contracts;

/// <summary>Every error body: RFC 9457 problem details with a stable <see cref="Code"/> (<see cref="ProblemCodes"/>).</summary>
public sealed record Problem
{
    /// <summary>A URI naming the type; <c>about:blank</c> mostly.</summary>
    public string? Type { get; init; }

    /// <summary>The HTTP status in words.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public int? Status { get; init; }

    /// <summary>The HTTP status again, for clients of the older dialect.</summary>
    public int? StatusCode { get; init; }

    /// <summary>What is wrong and what to do about it.</summary>
    public string? Detail { get; init; }

    /// <summary>The path of the request.</summary>
    public string? Instance { get; init; }

    /// <summary>The stable code.</summary>
    public string? Code { get; init; }

    /// <summary>For bad input: per field (<c>datasets[3].name</c>) what is wrong with it.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
