namespace ZfsSync.Witness.Features.Pruning;

internal static class PruningServices
{
    public static void AddPruning(this IServiceCollection services)
    {
        services.AddSingleton<PruningStore>();
        services.AddSingleton<PruningLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<PruningLoop>());
    }
}
