namespace ZfsSync.Witness.Features.Planning;

internal static class PlanningServices
{
    public static void AddPlanning(this IServiceCollection services)
    {
        services.AddSingleton<PlanningBell>();
    }
}
