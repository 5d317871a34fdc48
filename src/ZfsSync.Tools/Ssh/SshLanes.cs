using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Ssh;

/// <summary>
/// Gives each running stream to a host a connection of its own: encryption takes one processor per connection, and
/// sshd allows ten sessions in one. A later stream takes over the connection, still open, of one that has ended.
/// </summary>
internal sealed class SshLanes
{
    /// <summary>The lane of commands that are no streams.</summary>
    public const int Shared = 0;

    private readonly Lock _gate = new();
    private readonly HashSet<(SshTarget Target, int Lane)> _taken = [];

    /// <summary>The lowest lane to the host that nobody has.</summary>
    public int Take(SshTarget target)
    {
        lock (_gate)
        {
            var lane = Shared + 1;
            while (!_taken.Add((target, lane)))
                lane++;
            return lane;
        }
    }

    public void Return(SshTarget target, int lane)
    {
        lock (_gate)
            _taken.Remove((target, lane));
    }
}
