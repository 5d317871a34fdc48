namespace ZfsSync.Witness.Features.Health;

/// <summary>Since when the witness runs.</summary>
internal sealed class Uptime(TimeProvider time)
{
    private readonly long started = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(started);
}

internal static class HealthServices
{
    public static void AddHealth(this IServiceCollection services) => services.AddSingleton<Uptime>();
}
