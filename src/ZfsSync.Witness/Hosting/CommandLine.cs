namespace ZfsSync.Witness.Hosting;

/// <summary>What the program was asked to do.</summary>
/// <param name="ConfigFile">The file of <c>--config</c>.</param>
/// <param name="Act">Run, check the configuration, or only print something.</param>
/// <param name="Fault">What is wrong with the arguments, or null.</param>
internal sealed record CommandLine(string? ConfigFile, CommandLine.Acts Act, string? Fault)
{
    public const string Usage = """
        zfs-sync-witness [--config FILE] [--check-config] [--version] [--help]

          --config FILE    settings as YAML or JSON; else zfs_sync.yaml or config/zfs_sync.yaml where it exists
          --check-config   read the settings, say what is wrong with them, and stop
          --version        print the version
          --help           print this

        Settings are also taken from the environment, as ZFS_SYNC_DATA_DIR, ZFS_SYNC_DATABASE_URL, ZFS_SYNC_PORT and so on.
        Exit codes: 0 stopped when asked to; 1 a fault of the program; 2 a setting, file or database needs a person.
        """;

    public enum Acts
    {
        Run,
        CheckConfig,
        Version,
        Help,
    }

    public static CommandLine Parse(string[] args)
    {
        var line = new CommandLine(null, Acts.Run, null);
        for (var i = 0; i < args.Length; i++)
        {
            line = args[i] switch
            {
                "--config" when i + 1 < args.Length => line with { ConfigFile = args[++i] },
                "--config" => line with { Fault = "--config needs a file" },
                "--check-config" => line with { Act = Acts.CheckConfig },
                "--version" => line with { Act = Acts.Version },
                "--help" or "-h" => line with { Act = Acts.Help },
                var other => line with { Fault = $"'{other}' is no argument of this program" },
            };
        }
        return line;
    }
}
