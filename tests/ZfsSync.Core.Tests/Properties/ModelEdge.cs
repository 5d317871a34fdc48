using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Properties;

/// <summary>A source and a target with a past, made from a script of bytes: two for each event, so that scripts shrink.</summary>
internal sealed class ModelEdge
{
    private static readonly string[] Kinds = ["d", "h", "w"];

    private static readonly EdgePolicy[] Policies =
    [
        EdgePolicy.Default,
        EdgePolicy.Default with
        {
            Snapshots = new SnapshotSelection(["d*"], []),
        },
        EdgePolicy.Default with
        {
            Snapshots = new SnapshotSelection([], ["h*"]),
        },
        EdgePolicy.Default with
        {
            Initial = InitialSend.NewestOnly,
        },
        EdgePolicy.Default with
        {
            Snapshots = new SnapshotSelection(["d*", "w*"], ["*7"]),
            Initial = InitialSend.NewestOnly,
        },
        EdgePolicy.Default with
        {
            MinAge = TimeSpan.FromMinutes(30),
        },
        EdgePolicy.Default with
        {
            Resume = false,
        },
    ];

    private ulong nextGuid = 1;
    private int nextName;

    public ModelEdge(byte[] script)
    {
        Source.Create();
        Policy = Policies[script.Length == 0 ? 0 : script[0] % Policies.Length];
        for (var i = 1; i + 1 < script.Length; i += 2)
            Happen(script[i] % 16, script[i + 1]);
    }

    public ModelDataset Source { get; init; } = new("tank/data");
    public ModelDataset Target { get; init; } = new("backup/data");
    public EdgePolicy Policy { get; private init; }

    public EdgeFacts Facts() =>
        new()
        {
            Source = Source.Inventory(),
            Target = Target.Inventory(),
            TargetName = DatasetName.Parse(Target.Name),
            Now = SnapshotText.Epoch.AddMinutes(70),
        };

    public ReplicationDecision Plan() => ReplicationPlanner.Plan(Facts(), Policy);

    /// <summary>Does what was decided. With a cut, the receive of that arrival (counted from zero) breaks in the middle.</summary>
    /// <returns>Whether it got to its end.</returns>
    public bool Execute(ReplicationDecision decision, int? cut = null)
    {
        var (steps, abort) = decision switch
        {
            Full { OverwritesEmpty: false } d => (d.Steps, d.Abort),
            Incremental d => (d.Steps, d.Abort),
            Resume d => ([d.Step], null),
            AbortPartial d => ([], d.Verdict),
            _ => throw new InvalidOperationException($"Nothing that runs by default: {decision}"),
        };
        if (abort is not null)
            Target.AbortPartial();
        foreach (var step in steps)
        {
            foreach (var (from, to) in Source.Send(step))
            {
                var isCut = cut-- == 0;
                Target.Receive(from, to, Source, isCut, resumes: step is SendStep.Resume);
                if (isCut)
                    return false;
            }
        }
        return true;
    }

    public ModelEdge Copy() =>
        new([])
        {
            Source = Source.Copy(),
            Target = Target.Copy(),
            Policy = Policy,
        };

    private void Happen(int kind, byte argument)
    {
        switch (kind)
        {
            case <= 4:
                Source.Take(new SnapshotGuid(nextGuid++), NewLabel(argument));
                break;
            case 5:
                Source.Bookmark(argument, $"b{nextName++}");
                break;
            case 6 or 7:
                Source.Destroy(argument);
                break;
            case 8:
                Source.Rename(argument, NewLabel(argument));
                break;
            case <= 12:
                Replicate(argument);
                break;
            case 13 when argument % 2 == 0 && Target.Snapshots.Count > 1:
                Target.Destroy(argument);
                break;
            case 14 when argument % 3 == 0 && Target.Snapshots.Count > 0:
                Target.Take(new SnapshotGuid(nextGuid++), NewLabel(argument));
                break;
            case 15 when argument % 8 == 0 && Target.Snapshots.Count > 0:
                Target.Written = argument;
                break;
        }
    }

    /// <summary>An earlier transfer by whatever tool: any later snapshot of the source, if ZFS takes it.</summary>
    private void Replicate(byte argument)
    {
        if (Source.Snapshots.Count == 0 || Target.IsPartial)
            return;
        var to = Source.At(argument);
        var newest = Target.Snapshots.Count == 0 ? null : Target.Snapshots[^1];
        var from = newest is null ? null : Source.Snapshots.FirstOrDefault(s => s.Guid == newest.Guid);
        if (newest is null ? Target.Exists : from is null || from.CreateTxg >= to.CreateTxg || Target.Written > 0)
            return;
        if (Target.Snapshots.All(s => s.Label != to.Label))
            Target.Receive(from?.Guid, to, Source, cut: argument % 8 == 3);
    }

    // Few numbers, so that names meet again on the other side.
    private static string NewLabel(byte argument) => $"{Kinds[argument % 3]}{argument / 3 % 12}";
}
