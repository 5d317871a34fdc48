using System.Globalization;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;

namespace ZfsSync.Witness.Features.Reports;

/// <summary>The rules of a report, or of a part of one: every name valid and in scope, lists that match their digests.</summary>
internal sealed class ReportInput(WitnessOptions options)
{
    private const int MaxText = 255;
    private const int MaxToken = 65_536;
    private const int MaxParts = 10_000;
    private const int MaxScope = 10_000;
    private const int MaxPools = 1000;
    private static readonly string TooLarge = $"must not be more than {long.MaxValue} bytes";

    /// <exception cref="RefusedException">Names every wrong field and row.</exception>
    public void Check(InventoryReport report)
    {
        CheckRows(report);
        var errors = new FieldErrors();
        CheckHead(report, errors);
        var scope = ReadScope(report.Scope, errors);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (report.Datasets?.Count ?? 0) && !errors.IsFull; i++)
        {
            var dataset = report.Datasets![i];
            var at = $"datasets[{i}]";
            if (!names.Add(dataset.Name))
                errors.Add($"{at}.name", $"'{dataset.Name}' appears twice in the report");
            CheckDataset(dataset, scope, at, errors);
        }
        errors.ThrowIfAny();
    }

    private void CheckRows(InventoryReport report)
    {
        var rows =
            report.Datasets?.Sum(dataset => 1L + (dataset.Snapshots?.Count ?? 0) + (dataset.Bookmarks?.Count ?? 0))
            ?? 0;
        if (rows > options.MaxRequestRows)
            throw Problems.Refused(
                StatusCodes.Status413PayloadTooLarge,
                ProblemCodes.TooLarge,
                $"The request has {rows} rows; {options.MaxRequestRows} are allowed (ZFS_SYNC_MAX_REQUEST_ROWS). Send the report in parts."
            );
    }

    private static void CheckHead(InventoryReport report, FieldErrors errors)
    {
        if (report.Sequence < 1)
            errors.Add("sequence", "must be 1 or more");
        CheckDigest("digest", report.Digest, errors);
        if (report.Pools?.Count > MaxPools)
            errors.Add("pools", $"must not have more than {MaxPools} entries");
        foreach (var twice in (report.Pools ?? []).GroupBy(pool => pool.Name).Where(group => group.Count() > 1))
            errors.Add("pools", $"'{twice.Key}' appears twice");
        CheckText("agent_id", report.AgentId, errors);
        CheckText("agent_version", report.AgentVersion, errors);
        CheckText("zfs_version", report.ZfsVersion, errors);
        CheckText("platform", report.Platform, errors);
        for (var i = 0; i < (report.Pools?.Count ?? 0); i++)
        {
            var pool = report.Pools![i];
            if (!DatasetName.TryParse(pool.Name, out var name) || name.Depth > 0)
                errors.Add($"pools[{i}].name", $"'{pool.Name}' is not a pool's name");
            if (pool.Guid is not null && !IsNumber(pool.Guid))
                errors.Add($"pools[{i}].guid", "must be a decimal number from 1 to 18446744073709551615, as a string");
            CheckText($"pools[{i}].health", pool.Health, errors);
            if (pool.Health == ReportedPool.MissingHealth)
                errors.Add($"pools[{i}].health", $"must be what zpool says; {pool.Health} is said by the witness");
            CheckSize($"pools[{i}].size_bytes", pool.SizeBytes, errors);
            CheckSize($"pools[{i}].free_bytes", pool.FreeBytes, errors);
        }
        if (report.Part is not { } part)
            return;
        if (part.Count is < 1 or > MaxParts)
            errors.Add("part.count", $"must be from 1 to {MaxParts}");
        if (part.Index < 0 || part.Index >= part.Count)
            errors.Add("part.index", "must be from 0 to part.count - 1");
        if (report.Datasets is null)
            errors.Add("datasets", "is required in a part");
    }

    private static List<DatasetName> ReadScope(IReadOnlyList<string> scope, FieldErrors errors)
    {
        var roots = new List<DatasetName>(scope.Count);
        if (scope.Count > MaxScope)
            errors.Add("scope", $"must not have more than {MaxScope} entries");
        for (var i = 0; i < scope.Count && !errors.IsFull; i++)
        {
            if (DatasetName.TryParse(scope[i], out var root))
                roots.Add(root);
            else
                errors.Add($"scope[{i}]", $"'{scope[i]}' {NameRules.DatasetFault(scope[i])}");
        }
        return roots;
    }

    private static void CheckDataset(ReportedDataset dataset, List<DatasetName> scope, string at, FieldErrors errors)
    {
        if (!DatasetName.TryParse(dataset.Name, out var name))
            errors.Add($"{at}.name", $"'{dataset.Name}' {NameRules.DatasetFault(dataset.Name)}");
        else if (!scope.Exists(name.IsAtOrBelow))
            errors.Add($"{at}.name", $"'{dataset.Name}' is not in the report's scope");
        CheckDigest($"{at}.digest", dataset.Digest, errors);
        if (dataset.DatasetGuid is { } guid && !IsNumber(guid))
            errors.Add($"{at}.dataset_guid", "must be a decimal number from 1 to 18446744073709551615, as a string");
        if (dataset.EncryptionRoot is { } root && !DatasetName.TryParse(root, out _))
            errors.Add($"{at}.encryption_root", $"'{root}' {NameRules.DatasetFault(root)}");
        if (dataset.Origin is { } origin && !SnapshotName.TryParse(origin, out _))
            errors.Add($"{at}.origin", $"'{origin}' is not a snapshot's name (dataset@name)");
        if (dataset.ReceiveResumeToken is { } token && (token.Length is 0 or > MaxToken || token.Any(IsNotInTokens)))
            errors.Add(
                $"{at}.receive_resume_token",
                $"must have 1 to {MaxToken} characters: digits, small letters and hyphens"
            );
        if (dataset.KeyLoaded is not null && dataset.EncryptionRoot is null)
            errors.Add($"{at}.key_loaded", "must be absent without encryption_root");
        CheckSize($"{at}.written", dataset.Written, errors);
        CheckSize($"{at}.used", dataset.Used, errors);
        CheckSize($"{at}.referenced", dataset.Referenced, errors);
        CheckSize($"{at}.available", dataset.Available, errors);
        if (dataset.Snapshots is null != dataset.Bookmarks is null)
            errors.Add($"{at}.bookmarks", "must be there exactly when snapshots is");
        else if (dataset.Snapshots is not null)
            CheckLists(dataset, at, errors);
    }

    private static void CheckLists(ReportedDataset dataset, string at, FieldErrors errors)
    {
        var count = errors.Count;
        var guids = new HashSet<SnapshotGuid>(dataset.Snapshots!.Count);
        var labels = new HashSet<string>(dataset.Snapshots.Count, StringComparer.Ordinal);
        for (var i = 0; i < dataset.Snapshots.Count && !errors.IsFull; i++)
        {
            var snapshot = dataset.Snapshots[i];
            var row = new Row(at, "snapshots", i, errors);
            CheckLabel(row, snapshot.Name, labels);
            CheckPlace(row, snapshot.Guid, snapshot.Createtxg);
            if (snapshot.Used > long.MaxValue)
                row.Add("used", TooLarge);
            if (snapshot.Referenced > long.MaxValue)
                row.Add("referenced", TooLarge);
            if (snapshot.Written > long.MaxValue)
                row.Add("written", TooLarge);
            if (!snapshot.Guid.IsUnknown && !guids.Add(snapshot.Guid))
                row.Add("guid", $"{snapshot.Guid} appears twice in the dataset");
            if (snapshot.Creation is { } creation && !IsInstant(creation))
                row.Add("creation", "must be seconds since 1970");
        }
        labels.Clear();
        for (var i = 0; i < dataset.Bookmarks!.Count && !errors.IsFull; i++)
        {
            var bookmark = dataset.Bookmarks[i];
            var row = new Row(at, "bookmarks", i, errors);
            CheckLabel(row, bookmark.Name, labels);
            CheckPlace(row, bookmark.Guid, bookmark.Createtxg);
        }
        if (errors.Count > count)
            return;
        var digest = InventoryDigest.OfEntries(
            [.. dataset.Snapshots.Select(s => new ListEntry(s.Guid, s.Name, s.Createtxg))],
            [.. dataset.Bookmarks.Select(b => new ListEntry(b.Guid, b.Name, b.Createtxg))]
        );
        if (digest != dataset.Digest)
            errors.Add(
                $"{at}.digest",
                $"is {dataset.Digest}, but the lists have {digest}: they are cut, or changed on the way"
            );
    }

    private static void CheckLabel(Row row, string label, HashSet<string> seen)
    {
        if (NameRules.LabelFault(label) is { } fault)
            row.Add("name", $"'{label}' {fault}");
        else if (!seen.Add(label))
            row.Add("name", $"'{label}' appears twice in the dataset");
    }

    private static void CheckPlace(Row row, SnapshotGuid guid, ulong createtxg)
    {
        if (guid.IsUnknown)
            row.Add("guid", "must be from 1 to 18446744073709551615: zfs never gives 0");
        if (createtxg is 0 or > long.MaxValue)
            row.Add("createtxg", $"must be from 1 to {long.MaxValue}");
    }

    private static void CheckSize(string at, ulong? bytes, FieldErrors errors)
    {
        if (bytes > long.MaxValue)
            errors.Add(at, TooLarge);
    }

    private static void CheckDigest(string at, string digest, FieldErrors errors)
    {
        if (digest.Length == 0)
            errors.Add(at, "must not be empty");
        CheckText(at, digest, errors);
    }

    private static bool IsNotInTokens(char c) => !char.IsAsciiDigit(c) && !char.IsAsciiLetterLower(c) && c != '-';

    private static void CheckText(string at, string? text, FieldErrors errors)
    {
        if (text?.Length > MaxText || text?.Any(char.IsControl) == true)
            errors.Add(at, $"must not be longer than {MaxText} characters, and without control characters");
    }

    private static bool IsInstant(long seconds) => seconds is >= 0 and < 253_402_300_800;

    private static bool IsNumber(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;

    /// <summary>A row of a list: named only when something is wrong with it.</summary>
    private readonly record struct Row(string Dataset, string List, int Index, FieldErrors Errors)
    {
        public void Add(string field, string fault) => Errors.Add($"{Dataset}.{List}[{Index}].{field}", fault);
    }
}
