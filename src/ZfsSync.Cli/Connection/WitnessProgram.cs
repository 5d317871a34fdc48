namespace ZfsSync.Cli.Connection;

/// <summary>Where the program zfs-sync-witness is.</summary>
internal sealed record WitnessProgram(string Path, string Origin)
{
    public const string Name = "zfs-sync-witness";

    public static WitnessProgram? TryFind(Surroundings surroundings)
    {
        if (surroundings.Variable("ZFS_SYNC_WITNESS_PATH") is { } named)
            return File.Exists(named) ? new WitnessProgram(named, "ZFS_SYNC_WITNESS_PATH") : null;
        // As packaging/publish lays them out, the witness has a folder of its own.
        foreach (var folder in new[] { "", "witness" })
        {
            var beside = System.IO.Path.Combine(surroundings.ProgramDirectory, folder, Name);
            if (File.Exists(beside))
                return new WitnessProgram(beside, "beside this program");
        }
        return (surroundings.Variable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, Name))
            .Where(File.Exists)
            .Select(path => new WitnessProgram(path, "PATH"))
            .FirstOrDefault();
    }

    public static WitnessProgram Find(Surroundings surroundings) =>
        TryFind(surroundings)
        ?? throw CommandFault.Usage(
            surroundings.Variable("ZFS_SYNC_WITNESS_PATH") is { } named
                ? $"ZFS_SYNC_WITNESS_PATH names {named}, and no file is there."
                : $"The program {Name} was not found beside zfs-sync, nor on the PATH.",
            $"Install it, or say where it is with ZFS_SYNC_WITNESS_PATH. In a checkout ./run does that."
        );
}
