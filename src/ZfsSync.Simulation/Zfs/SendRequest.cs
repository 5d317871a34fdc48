namespace ZfsSync.Simulation.Zfs;

/// <summary>The arguments of <c>zfs send</c>.</summary>
internal sealed class SendRequest
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal)
    {
        ["--replicate"] = 'R',
        ["--skip-missing"] = 's',
        ["--props"] = 'p',
        ["--parsable"] = 'P',
        ["--dedup"] = 'D',
        ["--proctitle"] = 'V',
        ["--verbose"] = 'v',
        ["--dryrun"] = 'n',
        ["--large-block"] = 'L',
        ["--embed"] = 'e',
        ["--resume"] = 't',
        ["--compressed"] = 'c',
        ["--raw"] = 'w',
        ["--backup"] = 'b',
        ["--holds"] = 'h',
        ["--saved"] = 'S',
    };

    private SendRequest(ZfsOptions options)
    {
        Token = options.Value('t');
        From = options.Value('I') ?? options.Value('i');
        IsAllBetween = options.Has('I');
        IsReplication = options.Has('R');
        IsDryRun = options.Has('n');
        IsVerbose = options.Has('v') || options.Has('P') || options.Has('V');
        IsParsable = options.Has('P');
        IsRaw = options.Has('w');
        IsCompressed = options.Has('c') || IsRaw;
        HasLargeBlocks = options.Has('L') || IsRaw;
        HasEmbedded = options.Has('e') || IsRaw;
        HasProperties = options.Has('p') || options.Has('b') || IsReplication;
        HasHolds = options.Has('h');
        IsBackup = options.Has('b');
        Target = options.Operands.Count > 0 ? options.Operands[0] : "";
    }

    public string? Token { get; }
    public string? From { get; }
    public string Target { get; }
    public bool IsAllBetween { get; }
    public bool IsReplication { get; }
    public bool IsDryRun { get; }
    public bool IsVerbose { get; }
    public bool IsParsable { get; }
    public bool IsRaw { get; }
    public bool IsCompressed { get; }
    public bool HasLargeBlocks { get; }
    public bool HasEmbedded { get; }
    public bool HasProperties { get; }
    public bool HasHolds { get; }
    public bool IsBackup { get; }
    public bool IsPackage => HasProperties || HasHolds || IsAllBetween;

    /// <summary>A list of the datasets comes first, with properties and holds.</summary>
    public bool IsListed => IsReplication || HasHolds || (HasProperties && !(IsBackup && IsAllBetween));

    public static SendRequest Parse(ZfsCall call)
    {
        var letters = call.Host.Release.IsAtLeast(2, 2) ? "i:I:RsDpVvnPLeht:cwbd:SX:" : "i:I:RsDpvnPLeht:cwbd:S";
        var options = ZfsOptions.Parse("send", letters, call.Arguments, LongNames);
        if (options.Given.Count(option => option.Letter is 'i' or 'I') > 1)
            throw ZfsFailure.Usage(null, "send");
        if (options.Has('t'))
        {
            if ("iIRpbhS".Any(options.Has))
                throw ZfsFailure.Usage("invalid flags combined with -t", "send");
            if (options.Operands.Count > 0)
                throw ZfsFailure.Usage("too many arguments", "send");
        }
        else
        {
            options.Single("send", "snapshot");
            if (options.Has('s') && !options.Has('R'))
                throw ZfsFailure.Usage("skip-missing flag can only be used in conjunction with replicate", "send");
        }
        return new SendRequest(options);
    }
}
