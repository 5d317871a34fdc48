namespace ZfsSync.Tests.Fleet;

/// <summary>Directories in memory where the system has such: thousands of fleets write more than a disk likes.</summary>
internal static class FleetDirectory
{
    private const string InMemory = "/dev/shm";

    public static string Create()
    {
        var parent = Directory.Exists(InMemory) ? InMemory : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(parent, $"zfs-sync-fleet-{Guid.NewGuid():N}")).FullName;
    }
}
