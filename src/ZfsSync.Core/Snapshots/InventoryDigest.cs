using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ZfsSync.Core.Snapshots;

/// <summary>
/// Short fingerprints by which an unchanged dataset, or a whole unchanged host, is recognised without sending its lists:
/// the first 16 bytes of a SHA-256 as lower hex. They depend on content only, never on the order of the lists.
/// </summary>
public static class InventoryDigest
{
    private const int DigestBytes = 16;

    /// <summary>Over guid, label and createtxg of each snapshot and bookmark of one dataset. Sizes and holds do not count.</summary>
    public static string OfLists(IReadOnlyList<Snapshot> snapshots, IReadOnlyList<Bookmark> bookmarks) =>
        OfEntries(
            [.. snapshots.Select(s => new ListEntry(s.Guid, s.Label, s.CreateTxg))],
            [.. bookmarks.Select(b => new ListEntry(b.Guid, b.Label, b.CreateTxg))]
        );

    /// <inheritdoc cref="OfLists"/>
    public static string OfEntries(ListEntry[] snapshots, ListEntry[] bookmarks)
    {
        using var hash = new DigestWriter();
        Add(hash, snapshots);
        Add(hash, bookmarks);
        return hash.Finish();
    }

    /// <summary>
    /// Over all datasets of a report: names, digests of the lists, and the facts that decisions depend on. Sizes that
    /// change with every write do not count, only what follows from them: whether a dataset was written to since its
    /// newest snapshot, and whether by more than an empty one holds.
    /// </summary>
    /// <param name="datasets">Each dataset's facts (its lists are not looked at) and the digest of its lists.</param>
    public static string OfInventory(IEnumerable<(DatasetInventory Facts, string ListDigest)> datasets)
    {
        using var hash = new DigestWriter();
        foreach (var (facts, listDigest) in datasets.OrderBy(d => d.Facts.Name))
        {
            hash.Add(facts.Name.Value);
            hash.Add(listDigest);
            hash.Add((ulong)facts.Kind);
            hash.Add(facts.DatasetGuid);
            hash.Add(facts.Encryption?.Root.Value);
            hash.Add(facts.Encryption is { IsKeyLoaded: true } ? 1UL : 0);
            hash.Add(facts.Origin?.ToString());
            hash.Add(facts.ReceiveResumeToken);
            hash.Add(Written(facts.WrittenBytes));
            hash.Add((facts.IsPlaceholder ? 1UL : 0) | (facts.IsReceiving ? 2UL : 0));
        }
        return hash.Finish();
    }

    private static ulong? Written(ulong? bytes) =>
        bytes is null or 0 ? bytes
        : bytes <= DatasetInventory.EmptyBytes ? 1UL
        : 2UL;

    private static void Add(DigestWriter hash, ListEntry[] list)
    {
        hash.Add((ulong)list.Length);
        foreach (var entry in InOrder(list))
            hash.Add(entry.Guid.Value, entry.CreateTxg, entry.Label);
    }

    private static ListEntry[] InOrder(ListEntry[] list)
    {
        for (var i = 1; i < list.Length; i++)
        {
            if (Compare(list[i - 1], list[i]) > 0)
                return [.. list.Order(Comparer<ListEntry>.Create(Compare))];
        }
        return list;
    }

    private static int Compare(ListEntry a, ListEntry b)
    {
        var byTxg = a.CreateTxg.CompareTo(b.CreateTxg);
        if (byTxg != 0)
            return byTxg;
        var byGuid = a.Guid.CompareTo(b.Guid);
        return byGuid != 0 ? byGuid : string.CompareOrdinal(a.Label, b.Label);
    }

    /// <summary>Every part is preceded by what delimits it, so that no two contents give the same bytes.</summary>
    private sealed class DigestWriter : IDisposable
    {
        // Handing each number to the hash by itself would cost several times what hashing does.
        private readonly byte[] waiting = new byte[4096];
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private int used;

        public void Add(ulong number) => BinaryPrimitives.WriteUInt64LittleEndian(Next(sizeof(ulong)), number);

        public void Add(ulong? number)
        {
            Add(number is null ? 0UL : 1);
            Add(number ?? 0);
        }

        public void Add(ulong guid, ulong createTxg, string label)
        {
            Add(guid);
            Add(createTxg);
            Add(label);
        }

        public void Add(string? text)
        {
            if (text is null)
            {
                Add(ulong.MaxValue);
                return;
            }
            var count = Encoding.UTF8.GetByteCount(text);
            Add((ulong)count);
            if (count <= waiting.Length)
            {
                Encoding.UTF8.GetBytes(text, Next(count));
                return;
            }
            Flush();
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }

        public string Finish()
        {
            Flush();
            Span<byte> all = stackalloc byte[SHA256.HashSizeInBytes];
            hash.GetHashAndReset(all);
            return Convert.ToHexStringLower(all[..DigestBytes]);
        }

        public void Dispose() => hash.Dispose();

        private Span<byte> Next(int count)
        {
            if (used + count > waiting.Length)
                Flush();
            used += count;
            return waiting.AsSpan(used - count, count);
        }

        private void Flush()
        {
            hash.AppendData(waiting, 0, used);
            used = 0;
        }
    }
}
