using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Ssh;

/// <summary>
/// Gives running streams to a host connections apart from the one of commands: encryption takes one processor per
/// connection, and sshd allows ten sessions in one. Few, because signing in costs more than a small stream; two carry more
/// than most networks do. A later stream takes over a connection, still open, of one that has ended.
/// </summary>
internal sealed class SshLanes
{
    /// <summary>The lane of commands that are no streams.</summary>
    public const int Shared = 0;

    /// <summary>So many connections are made for as many streams; more only when all of them are full.</summary>
    private const int Usual = 2;

    /// <summary>Below the ten of sshd.</summary>
    private const int MostStreams = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<SshTarget, List<int>> _streams = [];

    /// <summary>A lane to the host that nobody has, else the one with the fewest streams.</summary>
    public int Take(SshTarget target)
    {
        lock (_gate)
        {
            if (!_streams.TryGetValue(target, out var streams))
                _streams.Add(target, streams = [0]);
            var fewest = streams.Min();
            if (fewest > 0 && (streams.Count < Usual || fewest >= MostStreams))
                streams.Add(fewest = 0);
            var lane = streams.IndexOf(fewest);
            streams[lane]++;
            return Shared + 1 + lane;
        }
    }

    public void Return(SshTarget target, int lane)
    {
        lock (_gate)
            _streams[target][lane - Shared - 1]--;
    }
}
