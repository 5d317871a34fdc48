using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Http;

namespace ZfsSync.Witness.Callers;

/// <summary>Who is calling. Endpoints take it as a parameter.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Kind">What it may do.</param>
/// <param name="Name">For people and the audit log.</param>
/// <param name="SystemId">For a host's key: whose.</param>
internal sealed record Caller(Guid KeyId, KeyKind Kind, string Name, Guid? SystemId)
{
    public bool IsAtLeast(KeyKind kind) =>
        Kind is KeyKind.Viewer or KeyKind.Operator or KeyKind.Admin && Rank(Kind) >= Rank(kind);

    /// <summary>Whether the caller may write a host's rows: the host itself, or an operator.</summary>
    public bool MayActFor(Guid systemId) => IsAtLeast(KeyKind.Operator) || SystemId == systemId;

    /// <summary>The host that a caller's reads are cut down to; null for people, who see all.</summary>
    public Guid? OnlySystem => IsAtLeast(KeyKind.Viewer) ? null : SystemId ?? Guid.Empty;

    /// <summary>Whether this host's rows do not exist for the caller.</summary>
    public bool IsForeign(Guid systemId) => OnlySystem is { } own && own != systemId;

    /// <summary>The host that a list is about: the one asked for, or a host's own.</summary>
    /// <exception cref="RefusedException">A host asks for another one.</exception>
    public Guid? Narrow(Guid? asked) =>
        asked is { } id && IsForeign(id)
            ? throw Problems.Refused(
                StatusCodes.Status403Forbidden,
                Contracts.ProblemCodes.Forbidden,
                $"The key of a host reads only what concerns it; the system {id} is another."
            )
            : asked ?? OnlySystem;

    public static ValueTask<Caller> BindAsync(HttpContext http) =>
        ValueTask.FromResult(
            http.Features.Get<Caller>()
                ?? throw Problems.Refused(
                    StatusCodes.Status401Unauthorized,
                    Contracts.ProblemCodes.Unauthenticated,
                    "This needs a key. Send one in the header X-API-Key, or as Authorization: Bearer KEY."
                )
        );

    private static int Rank(KeyKind kind) =>
        kind switch
        {
            KeyKind.Viewer => 1,
            KeyKind.Operator => 2,
            KeyKind.Admin => 3,
            _ => 0,
        };
}
