using ZfsSync.Contracts.Groups;

namespace ZfsSync.Witness.Features.Groups;

/// <summary>What a group's patterns and policy must be.</summary>
internal static class PolicyRules
{
    private const long TenYearsSeconds = 315_360_000;

    public static void Check(GroupResource draft, FaultList faults)
    {
        CheckPatterns("datasets", draft.Datasets, faults);
        CheckPatterns("snapshots", draft.Snapshots, faults);
        var policy = draft.Policy;
        CheckAge("policy.min_age_seconds", policy.MinAgeSeconds, faults);
        CheckAge("policy.min_gap_seconds", policy.MinGapSeconds, faults);
        faults.Require(
            policy.BandwidthBytesPerSecond is null or > 0,
            "policy.bandwidth_bytes_per_second",
            "must be at least 1; leave it out for no limit."
        );
        foreach (var (name, value) in policy.ReceiveProperties ?? new Dictionary<string, string>())
        {
            faults.Require(
                IsPropertyName(name),
                $"policy.receive_properties.{name}",
                "is not the name of a ZFS property: small letters, digits and : _ . - (not at the start), at most 255."
            );
            faults.Require(
                value.Length <= 8191 && !value.Any(char.IsControl),
                $"policy.receive_properties.{name}",
                "has a value with control characters or of more than 8191 characters."
            );
        }
    }

    private static void CheckAge(string field, long seconds, FaultList faults) =>
        faults.Require(seconds is >= 0 and <= TenYearsSeconds, field, $"must be from 0 to {TenYearsSeconds}.");

    private static void CheckPatterns(string field, NamePatterns patterns, FaultList faults)
    {
        CheckPatterns($"{field}.include", patterns.Include ?? [], faults);
        CheckPatterns($"{field}.exclude", patterns.Exclude ?? [], faults);
    }

    private static void CheckPatterns(string field, IReadOnlyList<string> patterns, FaultList faults)
    {
        if (patterns.Count > 1000)
            faults.Add(field, $"has {patterns.Count} patterns; 1000 are allowed.");
        for (var i = 0; i < patterns.Count; i++)
        {
            faults.Require(
                patterns[i] is { Length: > 0 and <= 255 } && !patterns[i].Any(char.IsControl),
                $"{field}[{i}]",
                "must have 1 to 255 characters, none of them a control character."
            );
            faults.Require(
                patterns[i] is not { } p || !(p.StartsWith('/') || p.EndsWith('/') || p.Contains('@')),
                $"{field}[{i}]",
                "must not start or end with '/' or hold '@': it is matched against a name below the root, or against what follows '@'."
            );
        }
    }

    private static bool IsPropertyName(string name) =>
        name.Length is > 0 and <= 255
        && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is ':' or '_' or '.' or '-');
}
