namespace ZfsSync.Witness.Features.Planning;

/// <summary>What planning is made of.</summary>
internal static class EdgePlanningServices
{
    public static void AddEdgePlanning(this IServiceCollection services)
    {
        services.AddSingleton<FleetChanges>();
        services.AddHostedService<ReplicaNews>();
        services.AddSingleton<EdgeStore>();
        services.AddSingleton<HostFactsStore>();
        services.AddSingleton<DatasetHeadStore>();
        services.AddSingleton<PlanningScope>();
        services.AddSingleton<UnitFactsLoader>();
        services.AddSingleton<EdgePlanning>();
        services.AddSingleton<PlanningLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<PlanningLoop>());
    }
}
