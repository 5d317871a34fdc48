using ZfsSync.Witness.Features.Health;

namespace ZfsSync.Witness.Hosting;

/// <summary>The program around the witness: arguments, settings, exit codes, and the lines that other programs read.</summary>
internal static class WitnessProgram
{
    private const int Stopped = 0;
    private const int NeedsAPerson = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var line = CommandLine.Parse(args);
        if (line.Fault is { } fault)
            return Fail([fault, "See zfs-sync-witness --help."]);
        switch (line.Act)
        {
            case CommandLine.Acts.Help:
                Console.WriteLine(CommandLine.Usage);
                return Stopped;
            case CommandLine.Acts.Version:
                Console.WriteLine($"zfs-sync-witness {HealthEndpoints.Version}");
                return Stopped;
        }
        var (options, problems) = WitnessOptionsReader.Read(line.ConfigFile, Environment.GetEnvironmentVariables());
        if (options is null)
            return Fail(problems);
        if (line.Act == CommandLine.Acts.CheckConfig)
        {
            Console.WriteLine(
                $"The settings are right. Data in {options.DataDir}, database {options.DatabaseUrl.Shown}."
            );
            return Stopped;
        }
        try
        {
            await ServeAsync(options);
            return Stopped;
        }
        catch (StartupException refused)
        {
            return Fail([refused.Message]);
        }
    }

    private static async Task ServeAsync(WitnessOptions options)
    {
        Startup.PrepareDataDir(options);
        await using var app = Program.Create(options);
        if (await app.StartWitnessAsync(CancellationToken.None) is { } key)
            Console.WriteLine(
                Systemd.KeepsOutput
                    ? $"The first admin's key is in {Path.Combine(options.DataDir, "admin.key")}."
                    : $"admin key: {key}"
            );
        foreach (var address in app.Urls)
            Console.WriteLine($"zfs-sync-witness listens on {address}");
        Systemd.Tell("READY=1");
        await app.WaitForShutdownAsync();
        Systemd.Tell("STOPPING=1");
    }

    private static int Fail(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine($"zfs-sync-witness: {problem}");
        return NeedsAPerson;
    }
}
