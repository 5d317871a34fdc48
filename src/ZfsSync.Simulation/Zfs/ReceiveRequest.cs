using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary>The arguments of <c>zfs receive</c>.</summary>
internal sealed class ReceiveRequest
{
    private ReceiveRequest(ZfsOptions options)
    {
        IsAbort = options.Has('A');
        IsForced = options.Has('F');
        IsResumable = options.Has('s');
        IsUnmounted = options.Has('u');
        IsVerbose = options.Has('v') || options.Has('n');
        IsDryRun = options.Has('n');
        SkipsHolds = options.Has('h');
        DropsTop = options.Has('d');
        KeepsTail = options.Has('e');
        Excluded = [.. options.Values('x')];
        Properties = [.. options.Values('o').Select(PropertyAssignment.Parse)];
        Target = options.Operands[0];
    }

    public string Target { get; }
    public bool IsAbort { get; }
    public bool IsForced { get; }
    public bool IsResumable { get; }
    public bool IsUnmounted { get; }
    public bool IsVerbose { get; }
    public bool IsDryRun { get; }
    public bool SkipsHolds { get; }
    public bool DropsTop { get; }
    public bool KeepsTail { get; }
    public IReadOnlyList<string> Excluded { get; }
    public IReadOnlyList<(string Name, string Value)> Properties { get; }

    public string? Property(string name) =>
        Properties.Where(property => property.Name == name).Select(property => property.Value).LastOrDefault();

    /// <summary>A property of encryption that is set or excluded; null when there is none.</summary>
    public string? OfEncryption() =>
        Properties
            .Select(property => property.Name)
            .Concat(Excluded)
            .FirstOrDefault(name => EncryptionKeys.Properties.Contains(name));

    /// <summary>
    /// Whether a new dataset is encrypted like its parent. A stream with properties says that it is not encrypted, unless
    /// -x takes that away, or -o below the top.
    /// </summary>
    public bool InheritsEncryption(SendStream stream, StreamBegin begin, bool isTop) =>
        Property("encryption") is not null
            ? !isTop
            : Excluded.Contains("encryption") || stream.PackageOf(begin.SourceDataset) is not { HasProperties: true };

    public static ReceiveRequest Parse(ZfsCall call)
    {
        var letters = call.Host.Release.IsAtLeast(2, 2) ? "o:x:dehMnuvFsAc" : "o:x:dehMnuvFsA";
        var options = ZfsOptions.Parse("receive", letters, call.Arguments);
        if (options.Has('d') && options.Has('e'))
            throw ZfsFailure.Usage("invalid option combination: -d and -e are mutually exclusive", "receive");
        options.Single("receive", "snapshot");
        if (options.Has('A') && "densu".Any(options.Has))
            throw ZfsFailure.Usage("invalid option", "receive");
        var request = new ReceiveRequest(options);
        var twice = request.Properties.Select(property => property.Name).Concat(request.Excluded).GroupBy(name => name);
        if (twice.FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw ZfsFailure.Usage($"property '{repeated.Key}' specified multiple times", "receive");
        foreach (var name in request.Properties.Select(property => property.Name).Concat(request.Excluded))
        {
            var native = NativeProperties.Find(call.Host.Release, name);
            var isKnown = native is { IsReadOnly: false } || NativeProperties.IsUserProperty(name) || name == "origin";
            if (!isKnown && !request.IsAbort)
                throw new ZfsFailure($"{Prefix(call.Host.Release)}invalid property '{name}'");
        }
        return request;
    }

    /// <summary>Since 2.2 zfs says it twice.</summary>
    private static string Prefix(ZfsRelease release) =>
        release.IsAtLeast(2, 2) ? "cannot receive: cannot receive: " : "cannot receive: ";

    /// <summary>The name of the snapshot that a part makes here.</summary>
    public string SnapshotFor(SendStream stream, StreamBegin begin)
    {
        if (KeepsTail)
        {
            var tail = stream.TopDataset.LastIndexOf('/');
            return Target + "/" + begin.ToName[(tail + 1)..];
        }
        if (DropsTop)
        {
            var slash = begin.ToName.IndexOf('/', StringComparison.Ordinal);
            return Target
                + (
                    slash >= 0
                        ? begin.ToName[slash..]
                        : begin.ToName[begin.ToName.IndexOf('@', StringComparison.Ordinal)..]
                );
        }
        if (!Target.Contains('@', StringComparison.Ordinal))
            return Target + begin.ToName[stream.TopDataset.Length..];
        return stream.IsReplication
            ? throw new ZfsFailure("cannot receive: cannot specify snapshot name for multi-snapshot stream")
            : Target;
    }
}
