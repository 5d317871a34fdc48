using ZfsSync.Tools.Commands;

namespace ZfsSync.Cli;

/// <summary>Everything outside that a command touches, so that a test can put it in a room of its own.</summary>
internal sealed record Surroundings
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    public bool IsOutTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    public bool IsInTerminal { get; init; }

    /// <summary>The terminal's columns; without one, lines are as long as they are.</summary>
    public int? WidthColumns { get; init; }

    /// <summary>An environment variable; null when it is absent or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>All variables that are settings of ours (<c>ZFS_SYNC_…</c>).</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }

    /// <summary>A new client, owned by the caller.</summary>
    public required Func<HttpClient> Http { get; init; }

    public required ICommandRunner Runner { get; init; }

    public bool IsRoot { get; init; }

    public required string HomeDirectory { get; init; }

    public required string Hostname { get; init; }

    /// <summary>Where this program's file is.</summary>
    public required string ProgramDirectory { get; init; }
}
