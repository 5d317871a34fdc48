using System.Globalization;
using System.Text.Json;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Http;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>
/// The rules of a snapshot that a script submits: canonical names, and times as people and programs write them. Pure.
/// </summary>
internal static class SnapshotInput
{
    private const int MaxDocumentChars = 65_536;

    // With a zone, as ISO 8601 has it, with or without colon; without one, it is UTC.
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd' 'HH:mmK",
        "yyyyMMdd'T'HHmmssK",
        "yyyy-MM-dd",
    ];

    /// <summary>The row and its dataset, or null when something is wrong with it.</summary>
    public static (DatasetName Dataset, SnapshotRow Row)? Read(
        SnapshotSubmission submission,
        string at,
        DateTimeOffset now,
        FieldErrors errors
    )
    {
        var count = errors.Count;
        var dataset = Dataset(submission.Pool, submission.Dataset, at, errors);
        var name = submission.Name[(submission.Name.LastIndexOf('@') + 1)..];
        if (NameRules.LabelFault(name) is { } fault)
            errors.Add($"{at}name", $"'{name}' {fault}");
        else if (dataset is not null && dataset.Value.Length + 1 + name.Length > NameRules.MaxBytes)
            errors.Add($"{at}name", $"is too long: with its dataset ZFS allows {NameRules.MaxBytes} characters");
        var created = Instant(submission.Timestamp);
        if (created is null)
            errors.Add(
                $"{at}timestamp",
                $"must be a time such as 2026-01-31T12:00:00Z, or seconds since 1970, not {submission.Timestamp.GetRawText()}"
            );
        if (submission.Guid is { IsUnknown: true })
            errors.Add($"{at}guid", "must be from 1 to 18446744073709551615; leave it out where the host tells none");
        CheckNumber($"{at}createtxg", submission.Createtxg, errors);
        CheckNumber($"{at}size", submission.Size, errors);
        CheckNumber($"{at}used", submission.Used, errors);
        CheckNumber($"{at}referenced", submission.Referenced, errors);
        var metadata = submission.ExtraMetadata?.ToJsonString();
        if (metadata?.Length > MaxDocumentChars)
            errors.Add($"{at}extra_metadata", $"must not be longer than {MaxDocumentChars} characters");
        if (errors.Count > count || dataset is null)
            return null;
        var row = new SnapshotRow
        {
            Guid = SnapshotIdentity.Of(submission.Guid, name, created),
            GuidKnown = submission.Guid is { IsUnknown: false },
            Name = name,
            Createtxg = submission.Createtxg,
            CreatedAt = created,
            Size = submission.Size,
            Used = submission.Used,
            Referenced = submission.Referenced,
            ExtraMetadata = metadata,
            FirstSeen = now,
            ChangedAt = now,
        };
        return (dataset, row);
    }

    /// <summary>One full name for all the forms: <c>tank/data</c> and <c>data</c> in pool tank, and nothing for the pool itself.</summary>
    public static DatasetName? Canonical(string pool, string dataset)
    {
        var name =
            dataset.Length == 0 || dataset == pool ? pool
            : dataset.StartsWith(pool + "/", StringComparison.Ordinal) ? dataset
            : $"{pool}/{dataset}";
        return DatasetName.TryParse(name, out var parsed) ? parsed : null;
    }

    /// <summary>ISO 8601 or seconds since 1970, as text or number, to the microsecond; null when it is neither.</summary>
    public static DateTimeOffset? Instant(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            // A time has no escapes, and one that is half a character cannot be read at all.
            JsonValueKind.String => value.GetRawText() is var raw && raw.Contains('\\', StringComparison.Ordinal)
                ? ""
                : raw[1..^1].Trim(),
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        };
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return seconds < 253_402_300_800m
                ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * 1_000_000m) * TimeSpan.TicksPerMicrosecond)
                : null;
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, styles, out var instant))
            return null;
        return instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static void CheckNumber(string at, ulong? number, FieldErrors errors)
    {
        if (number > long.MaxValue)
            errors.Add(at, $"must not be more than {long.MaxValue}");
    }

    private static DatasetName? Dataset(string pool, string dataset, string at, FieldErrors errors)
    {
        if (!DatasetName.TryParse(pool, out var root) || root.Depth > 0)
        {
            errors.Add($"{at}pool", $"'{pool}' is not a pool's name");
            return null;
        }
        var name = Canonical(pool, dataset);
        if (name is null)
            errors.Add($"{at}dataset", $"'{dataset}' {NameRules.DatasetFault($"{pool}/{dataset}")}");
        return name;
    }
}
