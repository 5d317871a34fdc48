namespace ZfsSync.Witness.Features.Systems;

internal static class SystemServices
{
    public static void AddSystems(this IServiceCollection services)
    {
        services.AddSingleton<SystemStore>();
        services.AddSingleton<Connectivity>();
        services.AddSingleton<HostEnrollment>();
        services.AddSingleton<HostUpdate>();
    }
}
