using ZfsSync.Core.Snapshots;

namespace ZfsSync.Agent;

/// <summary>What an agent is told when it starts.</summary>
public sealed record AgentOptions
{
    /// <summary><see cref="MaxTransfers"/> where nobody says otherwise.</summary>
    public const int UsualTransfers = 8;

    /// <summary><see cref="MaxTransfersPerPool"/> where nobody says otherwise.</summary>
    public const int UsualTransfersPerPool = 4;

    /// <summary>The witness, for instance <c>http://10.0.0.1:8000</c>.</summary>
    public required Uri Witness { get; init; }

    /// <summary>Where the agent keeps its sequence and its journal. One agent at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The file with the host's identity and key, readable by its owner only.</summary>
    public string KeyFile
    {
        get => field ?? Path.Combine(DataDirectory, "agent-key.json");
        init;
    }

    /// <summary>Pools or datasets to report, each with everything below it; empty for all pools. Instructions outside are refused.</summary>
    public IReadOnlyList<DatasetName> Scope { get; init; } = [];

    /// <summary>Streams at once on this host.</summary>
    public int MaxTransfers { get; init; } = UsualTransfers;

    /// <summary>Streams at once that read from or write to one of this host's pools.</summary>
    public int MaxTransfersPerPool { get; init; } = UsualTransfersPerPool;

    /// <summary>
    /// So many transfers of up to <see cref="SmallTransferBytes"/> are under way in the place of a larger one: they stream
    /// one after the other, and are prepared and concluded together.
    /// </summary>
    public int SmallTransfersPerSlot { get; init; } = 8;

    /// <summary>Up to here a transfer's stream takes less than what is done before and after it.</summary>
    public ulong SmallTransferBytes { get; init; } = 16 << 20;

    /// <summary>Whether a transfer of this size is a small one; one of unknown size is not.</summary>
    internal bool IsSmall(ulong? estimatedBytes) => estimatedBytes <= SmallTransferBytes;

    /// <summary>Between two surveys. The witness may ask for a shorter pause.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the witness may keep a request for work open.</summary>
    public TimeSpan LongPoll { get; init; } = TimeSpan.FromSeconds(55);

    /// <summary>The first pause after the witness was not reached; it doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause while the witness is away.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A transfer without a single byte for this long is ended.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the agent waits for transfers to end when it is stopped.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes a second of one transfer, whatever the group allows; null for no limit.</summary>
    public long? BandwidthBytesPerSecond { get; init; }

    /// <summary>A private key for ssh to other hosts; null for ssh's default.</summary>
    public string? SshKeyFile { get; init; }

    /// <summary>A known-hosts file for ssh; null for ssh's default.</summary>
    public string? SshKnownHostsFile { get; init; }

    /// <summary>ssh's StrictHostKeyChecking: yes, accept-new or no; null for ssh's default.</summary>
    public string? SshHostKeyPolicy { get; init; }

    /// <summary>Whether the host is simulated; said in every report.</summary>
    public bool Simulated { get; init; }

    /// <summary>For people: <c>linux</c>, <c>freebsd</c>, …</summary>
    public string Platform { get; init; } = OperatingSystem.IsFreeBSD() ? "freebsd" : "linux";

    /// <summary>Whether files are forced to the disk before the agent goes on. Only tests say no.</summary>
    public bool Durable { get; init; } = true;
}
