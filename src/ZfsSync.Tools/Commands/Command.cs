namespace ZfsSync.Tools.Commands;

/// <summary>A program with its arguments: never a shell string.</summary>
/// <param name="Program">A name looked up on the PATH, or a path.</param>
/// <param name="Arguments">Handed over one by one, whatever they contain.</param>
public sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>The host it runs on; null for this one.</summary>
    public SshTarget? On { get; init; }

    /// <summary>Variables beside the inherited ones (of which our own <c>ZFS_SYNC_*</c> are left out); on this host only.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>The same command on another host.</summary>
    public Command At(SshTarget? host) => this with { On = host };

    /// <summary>For people and logs; not quoted for a shell.</summary>
    public override string ToString() => $"{(On is null ? "" : $"[{On}] ")}{Program} {string.Join(' ', Arguments)}";
}
