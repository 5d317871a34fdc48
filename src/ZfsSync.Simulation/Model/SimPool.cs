namespace ZfsSync.Simulation.Model;

internal sealed class SimPool
{
    public SimPool(string name, ulong guid, ulong rootGuid, long sizeBytes, long creation)
    {
        Name = name;
        Guid = guid;
        SizeBytes = sizeBytes;
        Txg = 4;
        Root = new SimDataset(this, null, name)
        {
            Guid = rootGuid,
            CreateTxg = 1,
            Creation = creation,
            ModifiedTxg = 1,
        };
    }

    public string Name { get; }
    public ulong Guid { get; }
    public long SizeBytes { get; }
    public SimDataset Root { get; }
    public ulong Txg { get; private set; }

    /// <summary>ONLINE, DEGRADED, FAULTED or SUSPENDED.</summary>
    public string Health { get; set; } = "ONLINE";

    /// <summary>When the last scrub ended and with how many errors; null for never.</summary>
    public (DateTimeOffset At, long Errors)? LastScrub { get; set; }

    public ulong NextTxg() => ++Txg;

    /// <summary>Of an image: it goes on where the pool was.</summary>
    public void GoOnFrom(ulong txg) => Txg = txg;

    public IEnumerable<SimDataset> Datasets => Root.Subtree;

    public long FreeBytes => SizeBytes - SpaceUsage.UsedBytes(Root);
}
