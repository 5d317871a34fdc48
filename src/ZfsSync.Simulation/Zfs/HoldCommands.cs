using System.Globalization;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs hold</c>, <c>zfs holds</c> and <c>zfs release</c></summary>
internal static class HoldCommands
{
    public static void Hold(ZfsCall call) =>
        ForEach(
            call,
            "hold",
            (visited, path, tag) =>
            {
                var matches = visited.OfType<SimSnapshot>().ToList();
                if (matches.Count == 0)
                    call.Complain($"cannot hold snapshot '{path}': dataset does not exist");
                else if (matches.Find(snapshot => !call.May(snapshot.Owner, "hold")) is not null)
                    call.Complain("cannot hold: permission denied");
                else if (matches.FindAll(snapshot => snapshot.HoldSecondsByTag.ContainsKey(tag)) is { Count: > 0 } held)
                    held.ForEach(snapshot =>
                        call.Complain($"cannot hold snapshot '{snapshot.FullName}': tag already exists on this dataset")
                    );
                else
                    matches.ForEach(snapshot => snapshot.HoldSecondsByTag.Add(tag, call.Host.NowSeconds));
            }
        );

    public static void Release(ZfsCall call) =>
        ForEach(
            call,
            "release",
            (visited, path, tag) =>
            {
                var held = visited
                    .OfType<SimSnapshot>()
                    .Where(snapshot => snapshot.HoldSecondsByTag.ContainsKey(tag))
                    .ToList();
                // With -r it says what was wrong with the last dataset.
                if (held.Count == 0)
                    call.Complain(
                        $"cannot release hold from snapshot '{path}': {(visited[^1] is null ? "dataset does not exist" : "no such tag on this dataset")}"
                    );
                else if (held.Exists(snapshot => !call.May(snapshot.Owner, "release")))
                    call.Complain("cannot release: permission denied");
                else
                    held.ForEach(snapshot => ReleaseOne(call.Host, snapshot, tag));
            }
        );

    public static void List(ZfsCall call)
    {
        var options = ZfsOptions.Parse("holds", call.Host.Release.IsAtLeast(2, 2) ? "rHp" : "rH", call.Arguments);
        if (options.Operands.Count == 0)
            throw ZfsFailure.Usage(null, "holds");
        var lines = new List<(string Name, string Tag, string Time)>();
        foreach (var operand in options.Operands)
        {
            foreach (var snapshot in Visited(call, operand, options.Has('r'))?.OfType<SimSnapshot>() ?? [])
                lines.AddRange(
                    snapshot.HoldSecondsByTag.Select(hold =>
                        (snapshot.FullName, hold.Key, Time(hold.Value, options.Has('p')))
                    )
                );
        }
        if (options.Has('H'))
        {
            lines.ForEach(line => call.Print($"{line.Name}\t{line.Tag}\t{line.Time}"));
            return;
        }
        var name = lines.Select(line => line.Name.Length).Append(4).Max();
        var tag = lines.Select(line => line.Tag.Length).Append(3).Max();
        foreach (var line in lines.Prepend(("NAME", "TAG", "TIMESTAMP")))
            call.Print($"{line.Item1.PadRight(name)}  {line.Item2.PadRight(tag)}  {line.Item3}");
    }

    private static string Time(long seconds, bool isParsable) =>
        isParsable
            ? seconds.ToString(CultureInfo.InvariantCulture)
            : DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("ddd MMM d H:mm yyyy", CultureInfo.InvariantCulture);

    private static void ReleaseOne(HostState host, SimSnapshot snapshot, string tag)
    {
        snapshot.HoldSecondsByTag.Remove(tag);
        host.DropDeferred(snapshot);
    }

    private static void ForEach(ZfsCall call, string command, Action<List<SimSnapshot?>, string, string> act)
    {
        var options = ZfsOptions.Parse(command, command == "hold" ? "rt" : "r", call.Arguments);
        if (options.Operands.Count < 2)
            throw ZfsFailure.Usage(null, command);
        var tag = options.Operands[0];
        if (command == "hold" && tag.StartsWith('.'))
            throw ZfsFailure.Usage("tag may not start with '.'", command);
        foreach (var path in options.Operands.Skip(1))
        {
            if (Visited(call, path, options.Has('r')) is { } visited)
                act(visited, path, tag);
        }
    }

    /// <summary>The snapshot of each dataset, or null where it has none of the name.</summary>
    private static List<SimSnapshot?>? Visited(ZfsCall call, string path, bool isRecursive)
    {
        if (!HostState.TrySplit(path, '@', out var owner, out var name))
        {
            call.Complain($"'{path}' is not a snapshot");
            return null;
        }
        if (call.Host.FindDataset(owner) is { } dataset)
            return [.. (isRecursive ? dataset.Subtree : [dataset]).Select(level => level.FindSnapshot(name))];
        call.Complain($"cannot open '{owner}': dataset does not exist");
        return null;
    }
}
