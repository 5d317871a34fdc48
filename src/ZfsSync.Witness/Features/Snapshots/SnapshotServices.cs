namespace ZfsSync.Witness.Features.Snapshots;

internal static class SnapshotServices
{
    public static void AddSnapshots(this IServiceCollection services)
    {
        services.AddSingleton<InventoryStore>();
        services.AddSingleton<DatasetStore>();
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<SnapshotQueryStore>();
        services.AddSingleton<SnapshotIntake>();
        services.AddSingleton<InventoryRemoval>();
    }
}
