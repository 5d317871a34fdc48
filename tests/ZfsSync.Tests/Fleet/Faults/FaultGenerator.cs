using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>From a seed to a story. Most of it is the day's work, so that faults meet something.</summary>
internal static class FaultGenerator
{
    private static readonly FaultKind[] Work =
    [
        FaultKind.Round,
        FaultKind.Round,
        FaultKind.Round,
        FaultKind.Advance,
        FaultKind.Report,
        FaultKind.Work,
        FaultKind.Plan,
    ];

    private static readonly FaultKind[] Users = Between(FaultKind.Snapshot, FaultKind.StopRun);
    private static readonly FaultKind[] Faults = Between(FaultKind.KillAgent, FaultKind.RestoreImage);

    public static FaultScenario Of(int seed)
    {
        var random = new Random(seed);
        // Drawn apart: what a seed tells of plain filesystems it tells of all.
        var content = new Random(seed + 1_000_000_007);
        var topology = (FaultTopology)random.Next(4);
        return new FaultScenario
        {
            Seed = seed,
            Topology = topology,
            Hosts = topology == FaultTopology.TwoPools ? 1 : random.Next(2, 4),
            Datasets = random.Next(1, 4),
            HasRoots = random.Next(3) == 0,
            IsEncrypted = content.Next(4) == 0,
            HasVolume = content.Next(4) == 0,
            Policy = new GroupPolicy
            {
                Direction = random.Next(3) == 0 ? TransferDirection.Push : TransferDirection.Pull,
                Initial = random.Next(4) == 0 ? InitialSend.NewestOnly : InitialSend.Everything,
                Resume = random.Next(6) != 0,
                AllowEmptyTarget = random.Next(4) == 0,
                MinAgeSeconds = random.Next(8) == 0 ? 120 : 0,
            },
            Events = Story(random),
        };
    }

    /// <summary>Few kinds of trouble in each story, so that they meet each other often.</summary>
    private static List<FaultEvent> Story(Random random)
    {
        var users = Some(random, Users, random.Next(1, 5));
        var faults = Some(random, Faults, random.Next(0, 5));
        var length = random.Next(6, 40);
        var events = new List<FaultEvent>();
        for (var i = 0; i < length; i++)
        {
            var pool = random.Next(10) switch
            {
                < 5 => Work,
                5 => [FaultKind.Snapshot],
                < 8 => users,
                _ => faults.Length == 0 ? users : faults,
            };
            events.Add(
                new FaultEvent(pool[random.Next(pool.Length)], random.Next(8), random.Next(64), random.Next(1000))
            );
        }
        return events;
    }

    private static FaultKind[] Some(Random random, FaultKind[] from, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => from[random.Next(from.Length)])];

    private static FaultKind[] Between(FaultKind first, FaultKind last) =>
        [.. Enum.GetValues<FaultKind>().Where(kind => kind >= first && kind <= last)];
}
