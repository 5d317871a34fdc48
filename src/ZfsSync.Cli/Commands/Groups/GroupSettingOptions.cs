using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;

namespace ZfsSync.Cli.Commands;

/// <summary>What create and edit can say about a group's selection and policy.</summary>
internal sealed class GroupSettingOptions
{
    private readonly Option<string[]> _datasets = Many(
        "--dataset",
        "GLOB",
        "only these datasets, below the roots (* stops at /, ** does not)"
    );
    private readonly Option<string[]> _exclude = Many("--exclude", "GLOB", "not these datasets");
    private readonly Option<string[]> _snapshots = Many(
        "--snapshot",
        "GLOB",
        "only these snapshots, by the part after @"
    );
    private readonly Option<string[]> _excludeSnapshots = Many("--exclude-snapshot", "GLOB", "not these snapshots");
    private readonly Option<string?> _interval = One(
        "--interval",
        "TIME",
        "a copy that lacks a snapshot for longer is late (1h)"
    );
    private readonly Option<string?> _minAge = One("--min-age", "TIME", "the targets trail by this much (0)");
    private readonly Option<string?> _minGap = One(
        "--min-gap",
        "TIME",
        "send nothing for less than this between two snapshots (0)"
    );
    private readonly Option<string?> _raw = One(
        "--raw",
        "yes|no|auto",
        "send encrypted blocks as they are (auto: exactly when encrypted)"
    );
    private readonly Option<string?> _bandwidth = One(
        "--bandwidth",
        "SIZE|none",
        "the most bytes a second of one transfer (none)"
    );
    private readonly Option<string?> _direction = One(
        "--direction",
        "pull|push",
        "whose agent runs a transfer (pull: the target's)"
    );
    private readonly Option<string?> _engine = One("--engine", "native|syncoid", "what moves the data (native)");
    private readonly Option<string?> _initial = One(
        "--initial",
        "everything|newest",
        "what a first replication sends (everything)"
    );
    private readonly Option<string?> _compress = One(
        "--compress",
        "yes|no",
        "compress streams with zstd between hosts (no)"
    );
    private readonly Option<string?> _resume = One("--resume", "yes|no", "resume a transfer that was cut (yes)");
    private readonly Option<string?> _emptyTarget = One(
        "--allow-empty-target",
        "yes|no",
        "receive into an existing empty dataset (no)"
    );
    private readonly Option<string?> _encryptedTarget = One(
        "--require-encrypted-target",
        "yes|no",
        "never write a copy that is not encrypted (no)"
    );
    private readonly Option<string[]> _properties = Many(
        "--set",
        "PROPERTY=VALUE",
        "a property of new copies (readonly=on)"
    );

    public GroupSettingOptions()
    {
        _raw.AcceptOnlyFromAmong("yes", "no", "auto");
        _direction.AcceptOnlyFromAmong("pull", "push");
        _engine.AcceptOnlyFromAmong("native", "syncoid");
        _initial.AcceptOnlyFromAmong("everything", "newest");
        foreach (var option in new[] { _compress, _resume, _emptyTarget, _encryptedTarget })
            option.AcceptOnlyFromAmong("yes", "no");
    }

    public void AddTo(Command command)
    {
        foreach (
            var option in new Option[]
            {
                _datasets,
                _exclude,
                _snapshots,
                _excludeSnapshots,
                _interval,
                _minAge,
                _minGap,
                _raw,
                _bandwidth,
                _direction,
                _engine,
                _initial,
                _compress,
                _resume,
                _emptyTarget,
                _encryptedTarget,
                _properties,
            }
        )
            command.Add(option);
    }

    /// <summary>The interval, when it was given.</summary>
    public int? Interval(ParseResult parse) => (int?)AmountOption.Seconds(parse, _interval);

    /// <summary>The datasets, or null when nothing was said about them.</summary>
    public NamePatterns? Datasets(ParseResult parse, NamePatterns? now = null) =>
        Patterns(parse, _datasets, _exclude, now);

    /// <summary>The snapshots, or null when nothing was said about them.</summary>
    public NamePatterns? Snapshots(ParseResult parse, NamePatterns? now = null) =>
        Patterns(parse, _snapshots, _excludeSnapshots, now);

    /// <summary>The policy with what was said changed; null when nothing was said.</summary>
    public GroupPolicy? Policy(ParseResult parse, GroupPolicy now)
    {
        var wanted = now with
        {
            MinAgeSeconds = AmountOption.Seconds(parse, _minAge) ?? now.MinAgeSeconds,
            MinGapSeconds = AmountOption.Seconds(parse, _minGap) ?? now.MinGapSeconds,
            Raw = parse.GetValue(_raw) switch
            {
                "yes" => true,
                "no" => false,
                "auto" => null,
                _ => now.Raw,
            },
            BandwidthBytesPerSecond =
                parse.GetValue(_bandwidth) == "none"
                    ? null
                    : AmountOption.Bytes(parse, _bandwidth) ?? now.BandwidthBytesPerSecond,
            Direction = parse.GetValue(_direction) switch
            {
                "pull" => TransferDirection.Pull,
                "push" => TransferDirection.Push,
                _ => now.Direction,
            },
            Engine = parse.GetValue(_engine) switch
            {
                "native" => TransferEngine.Native,
                "syncoid" => TransferEngine.Syncoid,
                _ => now.Engine,
            },
            Initial = parse.GetValue(_initial) switch
            {
                "everything" => InitialSend.Everything,
                "newest" => InitialSend.NewestOnly,
                _ => now.Initial,
            },
            Compress = Flag(parse, _compress) ?? now.Compress,
            Resume = Flag(parse, _resume) ?? now.Resume,
            AllowEmptyTarget = Flag(parse, _emptyTarget) ?? now.AllowEmptyTarget,
            RequireEncryptedTarget = Flag(parse, _encryptedTarget) ?? now.RequireEncryptedTarget,
            ReceiveProperties = Properties(parse) ?? now.ReceiveProperties,
        };
        return wanted == now ? null : wanted;
    }

    private static bool? Flag(ParseResult parse, Option<string?> option) =>
        parse.GetValue(option) is { } text ? text == "yes" : null;

    private static NamePatterns? Patterns(
        ParseResult parse,
        Option<string[]> include,
        Option<string[]> exclude,
        NamePatterns? now
    )
    {
        var (wanted, unwanted) = (Given(parse, include), Given(parse, exclude));
        return wanted is null && unwanted is null
            ? null
            : new NamePatterns(wanted ?? now?.Include ?? [], unwanted ?? now?.Exclude ?? []);
    }

    /// <summary>An empty pattern takes all earlier ones away.</summary>
    private static string[]? Given(ParseResult parse, Option<string[]> option) =>
        parse.GetResult(option) is null ? null : [.. (parse.GetValue(option) ?? []).Where(p => p.Length > 0)];

    private Dictionary<string, string>? Properties(ParseResult parse)
    {
        if (parse.GetResult(_properties) is null)
            return null;
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in parse.GetValue(_properties) ?? [])
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw CommandFault.Usage($"--set '{text}' is no property.", "Write it like --set readonly=on.");
            properties[text[..equals]] = text[(equals + 1)..];
        }
        return properties;
    }

    private static Option<string?> One(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<string[]> Many(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
