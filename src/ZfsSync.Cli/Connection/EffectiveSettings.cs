namespace ZfsSync.Cli.Connection;

/// <summary>The settings of this program on this machine.</summary>
internal static class EffectiveSettings
{
    public static IEnumerable<(string Name, Setting Setting)> Of(Surroundings surroundings)
    {
        var access = WitnessAccess.Find(surroundings, null, null);
        yield return ("witness", access.Address);
        yield return ("api_prefix", Variable(surroundings, "ZFS_SYNC_API_PREFIX", access.Prefix));
        yield return ("key", access.Key with { Value = access.Key.Value is null ? "none" : "set" });
        yield return ("data_dir", Variable(surroundings, "ZFS_SYNC_DATA_DIR", DataDirectory.Of(surroundings)));
        yield return (
            "witness_program",
            WitnessProgram.TryFind(surroundings) is { } program
                ? new Setting(program.Path, program.Origin)
                : new Setting("not found", "beside this program, PATH, ZFS_SYNC_WITNESS_PATH")
        );
    }

    private static Setting Variable(Surroundings surroundings, string name, string otherwise) =>
        surroundings.Variable(name) is { } value ? new Setting(value, name) : new Setting(otherwise, "default");
}
