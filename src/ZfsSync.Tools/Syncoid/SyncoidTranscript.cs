using System.Globalization;
using System.Text;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Syncoid;

/// <summary>
/// What one run of syncoid said, read line by line while it runs: bytes so far, warnings, and in the end what went wrong. Its exit code
/// 0 also means that it left the dataset out. The texts are those of syncoid 2.1 to 2.3.
/// </summary>
public sealed class SyncoidTranscript
{
    private const int MostErrorCharacters = 4000;
    private const string CriticalError = "CRITICAL ERROR:";

    private static readonly string[] Narration =
    [
        "NEWEST SNAPSHOT:",
        "INFO:",
        "Sending incremental ",
        "Resuming interrupted zfs send/receive ",
    ];

    private static readonly (ToolErrorKind Kind, string Text)[] OwnErrors =
    [
        (ToolErrorKind.Unreachable, "ssh connection echo test failed"),
        (ToolErrorKind.Busy, "is already target of a zfs receive process"),
        (ToolErrorKind.BaseMismatch, "has no snapshots matching with"),
        (ToolErrorKind.Gone, "no snapshots exist on source"),
        (ToolErrorKind.Gone, "could not find any snapshots on source"),
    ];

    private readonly StringBuilder _errors = new();
    private readonly List<string> _warnings = [];
    private long _bytesBefore;
    private long _bytesOfStream;
    private string? _skipped;
    private string? _lastCritical;

    /// <summary>Bytes so far, over all its streams; stays 0 where pv is not installed.</summary>
    public long Bytes => _bytesBefore + _bytesOfStream;

    /// <summary>Whether it counts what it moves: pv does, and syncoid says when it is missing.</summary>
    public bool IsCounting { get; private set; } = true;

    /// <summary>What it warned of.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>One line of its output.</summary>
    public void Add(string line)
    {
        var text = line.Trim();
        if (text.Length == 0)
            return;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            Count(bytes);
        else if (text.Contains("Skipping dataset (", StringComparison.Ordinal))
            _skipped = text;
        else if (text.StartsWith("WARN", StringComparison.Ordinal))
            Warn(text);
        else if (text.StartsWith(CriticalError, StringComparison.Ordinal) && IsEcho(text))
            _lastCritical = text;
        else if (!Array.Exists(Narration, start => text.StartsWith(start, StringComparison.Ordinal)))
            Keep(text);
    }

    /// <summary>The failure that this run was; null when it went well.</summary>
    public ToolException? Failure(int exitCode)
    {
        if (exitCode == 0)
            return _skipped is null
                ? null
                : new ToolException(
                    ToolErrorKind.Unsupported,
                    exitCode,
                    _skipped,
                    $"syncoid left the dataset out: {_skipped} Its property syncoid:sync says so; give it back with zfs inherit syncoid:sync DATASET, or set the group's engine to native."
                );
        var telling = _errors.ToString().Trim();
        var said = telling.Length > 0 ? telling : _lastCritical ?? "";
        return new ToolException(
            Kind(telling, exitCode),
            exitCode,
            said,
            said.Length == 0
                ? $"syncoid ended with exit code {exitCode} and said nothing."
                : $"syncoid ended with exit code {exitCode}: {said}"
        );
    }

    private static ToolErrorKind Kind(string said, int exitCode)
    {
        foreach (var (kind, text) in OwnErrors)
        {
            if (said.Contains(text, StringComparison.Ordinal))
                return kind;
        }
        // It runs a shell, which says so in this way; ssh's own 255 is not passed on.
        return ErrorClassifier.Classify(said, SyncoidCommands.Version, exitCode);
    }

    /// <summary>It repeats the command that failed, with names that could be taken for a reason.</summary>
    private static bool IsEcho(string text) =>
        text.Contains(" failed: ", StringComparison.Ordinal) && text.Contains("zfs", StringComparison.Ordinal);

    private void Count(long bytes)
    {
        if (bytes < _bytesOfStream)
            _bytesBefore += _bytesOfStream;
        _bytesOfStream = bytes;
    }

    private void Warn(string text)
    {
        _warnings.Add(text);
        if (text.Contains("pv not available", StringComparison.Ordinal))
            IsCounting = false;
    }

    /// <summary>The end tells more than the beginning.</summary>
    private void Keep(string text)
    {
        _errors.Append(text).Append('\n');
        if (_errors.Length > MostErrorCharacters)
            _errors.Remove(0, _errors.Length - MostErrorCharacters);
    }
}
