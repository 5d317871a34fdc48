using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Zfs;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Simulation;

/// <summary>A small model of one host's ZFS. It acts on the command lines of zfs and zpool, and prints what they print.</summary>
public sealed class SimulatedHost
{
    private readonly Lock _gate;
    private readonly HashSet<string> _missingPrograms = new(StringComparer.Ordinal);

    internal SimulatedHost(HostState state, Lock gate)
    {
        State = state;
        _gate = gate;
    }

    /// <summary>What other hosts call it.</summary>
    public string Name => State.Name;

    public ZfsRelease Release => State.Release;

    internal HostState State { get; }

    /// <summary>A new pool; its root filesystem is mounted.</summary>
    public void AddPool(string name, long sizeBytes = 10L << 30)
    {
        lock (_gate)
            State.AddPool(name, sizeBytes);
    }

    /// <summary>Takes a program away that a host has beside zfs, such as zstd.</summary>
    public void Uninstall(string program)
    {
        lock (_gate)
            _missingPrograms.Add(program);
    }

    /// <summary>The pool is gone, as after an export or with its disks.</summary>
    public void RemovePool(string name)
    {
        lock (_gate)
            State.Pools.Remove(name);
    }

    /// <summary>The pool's state, such as ONLINE, DEGRADED or SUSPENDED.</summary>
    public void SetPoolHealth(string pool, string health)
    {
        lock (_gate)
            State.Pools[pool].Health = health;
    }

    /// <summary>Runs zfs or zpool as root and gives its output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public string Run(string program, params IReadOnlyList<string> arguments)
    {
        var result = Execute(new Command(program, arguments), "root");
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException(
                $"{Name}: {program} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.ErrorTail}"
            );
    }

    /// <summary><c>zfs</c> as root, its arguments separated by single spaces; for names without spaces.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public string Zfs(string arguments) => Run("zfs", arguments.Split(' '));

    /// <summary>Writes a file: new content of this length.</summary>
    public void Write(string dataset, string file, long bytes)
    {
        lock (_gate)
            State.Write(Dataset(dataset), file, bytes);
    }

    /// <summary>Deletes a file.</summary>
    public void Delete(string dataset, string file)
    {
        lock (_gate)
            State.Write(Dataset(dataset), file, null);
    }

    /// <summary>The hash of every file's content in a dataset's head, or in a snapshot.</summary>
    public IReadOnlyDictionary<string, string> FileHashes(string datasetOrSnapshot)
    {
        lock (_gate)
        {
            var files = State.FindNode(datasetOrSnapshot) switch
            {
                SimDataset dataset => dataset.Files,
                SimSnapshot snapshot => snapshot.Files,
                _ => throw new InvalidOperationException($"{Name} has no {datasetOrSnapshot}"),
            };
            return files
                .Where(file => !file.Key.EndsWith('/'))
                .ToDictionary(file => file.Key, file => file.Value.Content.ToString("x16"), StringComparer.Ordinal);
        }
    }

    internal bool Lacks(string program)
    {
        lock (_gate)
            return _missingPrograms.Contains(program);
    }

    /// <summary>All pools as they are now, to go back to.</summary>
    internal IReadOnlyList<SimPool> TakeImage()
    {
        lock (_gate)
            return [.. State.Pools.Values.Select(PoolImage.Copy)];
    }

    /// <summary>All pools as they were; the image may be used again.</summary>
    internal void Restore(IReadOnlyList<SimPool> image)
    {
        lock (_gate)
        {
            State.Pools.Clear();
            foreach (var pool in image)
                State.Pools.Add(pool.Name, PoolImage.Copy(pool));
        }
    }

    internal CommandResult Execute(Command command, string user)
    {
        lock (_gate)
        {
            var call = Call(command, user);
            ZfsProgram.Run(call, Path.GetFileName(command.Program), CommandName(command));
            return new CommandResult(call.ExitCode, call.Output.ToString(), call.Errors.ToString());
        }
    }

    internal ZfsCall Call(Command command, string user) => new(State, user, [.. command.Arguments.Skip(1)]);

    internal static string CommandName(Command command) => command.Arguments.Count > 0 ? command.Arguments[0] : "";

    private SimDataset Dataset(string name) =>
        State.FindDataset(name) ?? throw new InvalidOperationException($"{Name} has no dataset {name}");
}
