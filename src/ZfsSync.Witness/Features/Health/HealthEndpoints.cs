using System.Reflection;
using ZfsSync.Contracts.Health;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Health;

/// <summary>Whether the witness works; needs no key and tells no secret.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static string Version { get; } =
        typeof(HealthEndpoints)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").AllowAnonymous().WithTags("Health");
        health.MapGet("", HealthAsync);
        health.MapGet("/ready", ReadyAsync);
        health.MapGet("/live", () => TypedResults.Ok(new HealthAnswer("alive")));
    }

    private static async Task<IResult> HealthAsync(Migrator migrator, Uptime uptime, CancellationToken cancellation)
    {
        var fault = await FaultAsync(migrator, cancellation);
        return Answer(
            new HealthAnswer(
                fault is null ? "healthy" : "unhealthy",
                Version,
                (long)uptime.Elapsed.TotalSeconds,
                fault ?? "connected"
            ),
            fault
        );
    }

    private static async Task<IResult> ReadyAsync(Migrator migrator, CancellationToken cancellation)
    {
        var fault = await FaultAsync(migrator, cancellation);
        return Answer(new HealthAnswer(fault is null ? "ready" : "not_ready", Database: fault ?? "connected"), fault);
    }

    private static IResult Answer(HealthAnswer answer, string? fault) =>
        fault is null
            ? TypedResults.Ok(answer)
            : TypedResults.Json(answer, statusCode: StatusCodes.Status503ServiceUnavailable);

    private static async Task<string?> FaultAsync(Migrator migrator, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            if (!await migrator.IsCurrentAsync(patience.Token))
                return "not migrated";
            // A locked database keeps the thread that waits for it.
            var trial = Task.Run(() => migrator.IsWellAsync(patience.Token), patience.Token);
            return await trial.WaitAsync(patience.Token) ? null : "failing";
        }
        catch (Exception fault)
            when (fault is System.Data.Common.DbException or TimeoutException or OperationCanceledException)
        {
            return "not reached";
        }
    }
}
