namespace ZfsSync.Witness.Features.Snapshots;

internal static class SnapshotServices
{
    public static void AddSnapshots(this IServiceCollection services)
    {
        services.AddSingleton<InventoryStore>();
    }
}
