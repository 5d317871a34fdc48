using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Core.Tests.Replication;

namespace ZfsSync.Core.Tests.Properties;

/// <summary>
/// One dataset as ZFS treats it, as far as replication goes: it refuses what ZFS refuses, by throwing. Written apart
/// from the planner, so that the two can disagree.
/// </summary>
internal sealed class ModelDataset(string name)
{
    private readonly List<Snapshot> snapshots = [];
    private readonly List<Bookmark> bookmarks = [];
    private ulong nextTxg = 10;
    private string? token;

    public string Name { get; } = name;
    public bool Exists { get; private set; }
    public bool IsPartial => token is not null;
    public ulong Written { get; set; }
    public IReadOnlyList<Snapshot> Snapshots => snapshots;

    public void Create() => Exists = true;

    public void Take(SnapshotGuid guid, string label)
    {
        if (snapshots.TrueForAll(s => s.Label != label))
            Add(guid, label);
    }

    public void Bookmark(int index, string label)
    {
        if (snapshots.Count > 0 && bookmarks.TrueForAll(b => b.Label != label))
            bookmarks.Add(new Bookmark(At(index).Guid, label, At(index).CreateTxg));
    }

    public void Destroy(int index)
    {
        if (snapshots.Count > 0)
            snapshots.Remove(At(index));
    }

    public void Rename(int index, string label)
    {
        if (snapshots.Count > 0 && snapshots.TrueForAll(s => s.Label != label))
            snapshots[snapshots.IndexOf(At(index))] = At(index) with { Label = label };
    }

    public Snapshot At(int index) => snapshots[index % snapshots.Count];

    public DatasetInventory? Inventory() =>
        Exists
            ? new DatasetInventory
            {
                Name = DatasetName.Parse(Name),
                WrittenBytes = Written,
                ReceiveResumeToken = token,
                Snapshots = [.. snapshots],
                Bookmarks = [.. bookmarks],
            }
            : null;

    public void AbortPartial()
    {
        Require(token is not null, "there is no partial receive");
        token = null;
        Exists = snapshots.Count > 0;
    }

    /// <summary>The snapshots that a step's stream carries, in order, each with what it builds on.</summary>
    public List<(SnapshotGuid? From, Snapshot To)> Send(SendStep step)
    {
        switch (step)
        {
            case SendStep.Full full:
                return [(null, Own(full.To))];
            case SendStep.Incremental { From: var from, To: var to }:
                Require(TxgOf(from) < Own(to).CreateTxg, "the base is not older than the end");
                return [(from.Guid, Own(to))];
            case SendStep.Range { From: var from, Arriving: var arriving }:
                var (first, last) = (snapshots.IndexOf(Own(from)), snapshots.IndexOf(Own(arriving[^1])));
                Require(first < last, "the base is not older than the end");
                var sent = snapshots[(first + 1)..(last + 1)];
                Require(
                    sent.Select(s => s.Guid).SequenceEqual(arriving.Select(s => s.Guid)),
                    "a range that carries others"
                );
                return [.. sent.Select((s, i) => ((SnapshotGuid?)snapshots[first + i].Guid, s))];
            case SendStep.Resume { Token: var resumed }:
                Require(resumed.FromGuid is not { } guid || Knows(guid), "the token's base is gone");
                return [(resumed.FromGuid, snapshots.Single(s => s.Guid == resumed.ToGuid))];
            default:
                throw new InvalidOperationException(step.ToString());
        }
    }

    /// <summary>Receives one snapshot; when cut, what remains is a token.</summary>
    public void Receive(SnapshotGuid? from, Snapshot sent, ModelDataset source, bool cut, bool resumes = false)
    {
        Require(resumes == (token is not null), "partial state that the stream does not continue");
        Require(snapshots.TrueForAll(s => s.Label != sent.Label), $"@{sent.Label} exists");
        if (from is null)
            Require(resumes ? snapshots.Count == 0 : !Exists, "destination exists");
        else
            Require(
                snapshots.Count > 0 && snapshots[^1].Guid == from && Written == 0,
                "does not match incremental source"
            );
        Exists = true;
        token = cut ? TokenText.Of(sent.Guid.Value, $"{source.Name}@{sent.Label}", from?.Value) : null;
        if (!cut)
            Add(sent.Guid, sent.Label, sent.CreatedAt);
    }

    public ModelDataset Copy()
    {
        var copy = new ModelDataset(Name)
        {
            Exists = Exists,
            Written = Written,
            token = token,
            nextTxg = nextTxg,
        };
        copy.snapshots.AddRange(snapshots);
        copy.bookmarks.AddRange(bookmarks);
        return copy;
    }

    private bool Knows(SnapshotGuid guid) =>
        snapshots.Exists(s => s.Guid == guid) || bookmarks.Exists(b => b.Guid == guid);

    private ulong TxgOf(Anchor anchor) =>
        anchor.IsBookmark
            ? bookmarks.Single(b => b.Guid == anchor.Guid && b.Label == anchor.Label).CreateTxg
            : snapshots.Single(s => s.Guid == anchor.Guid && s.Label == anchor.Label).CreateTxg;

    private Snapshot Own(Snapshot named) => snapshots.Single(s => s.Guid == named.Guid && s.Label == named.Label);

    private void Add(SnapshotGuid guid, string label, DateTimeOffset? createdAt = null)
    {
        snapshots.Add(
            new Snapshot(guid, label, nextTxg) { CreatedAt = createdAt ?? SnapshotText.Epoch.AddMinutes(nextTxg) }
        );
        nextTxg += 3;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"ZFS refuses: {otherwise}.");
    }
}
