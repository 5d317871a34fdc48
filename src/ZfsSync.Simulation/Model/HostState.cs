using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace ZfsSync.Simulation.Model;

/// <summary>Everything one simulated host has: its pools, its release, its clock and its source of guids.</summary>
internal sealed class HostState(string name, ZfsRelease release, TimeProvider time, Random random)
{
    public string Name { get; } = name;
    public ZfsRelease Release { get; } = release;
    public SortedDictionary<string, SimPool> Pools { get; } = new(StringComparer.Ordinal);
    public long NowSeconds => time.GetUtcNow().ToUnixTimeSeconds();
    public long NowMilliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ulong NewGuid()
    {
        Span<byte> bytes = stackalloc byte[8];
        random.NextBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) | 1;
    }

    public SimPool AddPool(string name, long sizeBytes)
    {
        var pool = new SimPool(name, NewGuid(), NewGuid(), sizeBytes, NowSeconds);
        pool.Root.IsMounted = true;
        Pools.Add(name, pool);
        return pool;
    }

    public SimDataset? FindDataset(string name)
    {
        var parts = name.Split('/');
        if (!Pools.TryGetValue(parts[0], out var pool))
            return null;
        var dataset = pool.Root;
        foreach (var part in parts.Skip(1))
        {
            if (!dataset.Children.TryGetValue(part, out var child))
                return null;
            dataset = child;
        }
        return dataset;
    }

    public SimSnapshot? FindSnapshot(string fullName) =>
        TrySplit(fullName, '@', out var dataset, out var name) ? FindDataset(dataset)?.FindSnapshot(name) : null;

    public SimBookmark? FindBookmark(string fullName) =>
        TrySplit(fullName, '#', out var dataset, out var name)
            ? FindDataset(dataset)?.Bookmarks.GetValueOrDefault(name)
            : null;

    public SimNode? FindNode(string fullName) =>
        fullName.Contains('@', StringComparison.Ordinal) ? FindSnapshot(fullName)
        : fullName.Contains('#', StringComparison.Ordinal) ? FindBookmark(fullName)
        : FindDataset(fullName);

    public static bool TrySplit(
        string fullName,
        char separator,
        [NotNullWhen(true)] out string? dataset,
        [NotNullWhen(true)] out string? name
    )
    {
        var at = fullName.IndexOf(separator, StringComparison.Ordinal);
        dataset = at < 0 ? null : fullName[..at];
        name = at < 0 ? null : fullName[(at + 1)..];
        return at >= 0;
    }

    /// <summary>Why zfs refuses the name, in its words; null when it is good.</summary>
    public static string? NameFault(string fullName)
    {
        var separator = fullName.IndexOfAny(['@', '#']);
        var dataset = separator < 0 ? fullName : fullName[..separator];
        if (fullName.Length >= 256)
            return "name is too long";
        if (dataset.StartsWith('/'))
            return "leading slash in name";
        if (dataset.EndsWith('/'))
            return "trailing slash in name";
        if (fullName.IndexOfAny(['@', '#'], separator + 1) is >= 0 and var second && separator >= 0)
            return $"multiple '{fullName[second]}' delimiters in name";
        var parts = dataset.Split('/').Concat(separator < 0 ? [] : [fullName[(separator + 1)..]]).ToList();
        if (parts.Exists(part => part.Length == 0))
            return "empty component or misplaced '@' or '#' delimiter in name";
        if (parts.Exists(part => part is "." or ".."))
            return parts.Contains("..") ? "'..' in name" : "'.' in name";
        var bad = string.Concat(parts).FirstOrDefault(letter => !IsNameLetter(letter));
        return bad == default ? null : $"invalid character '{bad}' in name";
    }

    /// <summary>Makes a dataset below its parent.</summary>
    public SimDataset AddDataset(SimDataset parent, string name, bool isVolume, ulong? txg = null)
    {
        var created = txg ?? parent.Pool.NextTxg();
        var dataset = new SimDataset(parent.Pool, parent, name)
        {
            Guid = NewGuid(),
            CreateTxg = created,
            Creation = NowSeconds,
            IsVolume = isVolume,
            ModifiedTxg = created,
        };
        parent.Children.Add(name, dataset);
        return dataset;
    }

    public SimSnapshot AddSnapshot(SimDataset dataset, string name, ulong txg)
    {
        var snapshot = new SimSnapshot(dataset, name)
        {
            Guid = NewGuid(),
            CreateTxg = txg,
            Creation = NowSeconds,
            Files = dataset.Files,
            VolumeBytes = dataset.VolumeBytes,
            IvSetGuid = dataset.Encryption is null ? 0 : NewGuid(),
        };
        Append(dataset, snapshot);
        return snapshot;
    }

    public void Append(SimDataset dataset, SimSnapshot snapshot)
    {
        dataset.Snapshots.Add(snapshot);
        dataset.SnapshotsChangedMilliseconds = NowMilliseconds;
    }

    public void Remove(SimSnapshot snapshot)
    {
        snapshot.Owner.Snapshots.Remove(snapshot);
        snapshot.Owner.SnapshotsChangedMilliseconds = NowMilliseconds;
    }

    /// <summary>Removes a snapshot that was only waiting for its last clone or hold to go.</summary>
    public void DropDeferred(SimSnapshot snapshot)
    {
        if (snapshot is { IsDeferredDestroy: true, HoldSecondsByTag.Count: 0, IsCloned: false })
            Remove(snapshot);
    }

    /// <summary>Forgets what arrived of an increment.</summary>
    public void DropPartial(SimDataset dataset)
    {
        var from = dataset.Snapshots.Find(snapshot => snapshot.IsBaseOfPartial);
        (dataset.Partial, dataset.Receiving) = (null, null);
        if (from is not null)
            DropDeferred(from);
    }

    /// <summary>Changes a file of the head; null bytes delete it.</summary>
    public void Write(SimDataset dataset, string path, long? bytes)
    {
        var txg = dataset.Pool.NextTxg();
        dataset.Files = bytes is { } length
            ? dataset.Files.SetItem(path, new FileVersion(NewGuid(), length, txg))
            : dataset.Files.Remove(path);
        dataset.ModifiedTxg = txg;
        if (PropertyValues.RecordBytes(dataset) > 131_072 && bytes > 131_072)
            dataset.HasLargeBlocks = true;
    }

    private static bool IsNameLetter(char letter) =>
        char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':' or ' ';
}
