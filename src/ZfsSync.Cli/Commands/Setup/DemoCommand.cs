using System.CommandLine;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Demo;
using ZfsSync.Cli.Hosting;
using ZfsSync.Cli.Output;
using ZfsSync.Core.Display;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync demo</c></summary>
internal sealed class DemoCommand : CliCommand
{
    private const string Marker = "SIMULATED";
    private const string DatabaseFile = "zfs_sync.db";
    private readonly Option<int?> _port = new("--port")
    {
        HelpName = "PORT",
        Description = "where the witness listens (ZFS_SYNC_PORT; 8000)",
    };

    public DemoCommand(Surroundings surroundings)
        : base("demo", "a witness and three SIMULATED hosts with changing data, for a look without ZFS")
    {
        Notes =
        [
            "Everything is in memory and in a temporary folder; no pool of this machine is touched. Within a minute and a half snapshots appear, are copied, fall behind, diverge and recover.",
        ];
        Add(_port);
        SetAction((parse, cancellation) => RunAsync(surroundings, parse.GetValue(_port), cancellation));
    }

    private static async Task<int> RunAsync(Surroundings surroundings, int? port, CancellationToken cancellation)
    {
        var program = WitnessProgram.Find(surroundings);
        var given = surroundings.Variable("ZFS_SYNC_DATA_DIR");
        var directory = given ?? Directory.CreateTempSubdirectory("zfs-sync-demo-").FullName;
        Prepare(directory);
        try
        {
            await PlayAsync(surroundings, program, directory, port, cancellation);
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        finally
        {
            if (given is null)
                Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task PlayAsync(
        Surroundings surroundings,
        WitnessProgram program,
        string directory,
        int? port,
        CancellationToken cancellation
    )
    {
        var (child, listening) = await WitnessChild.StartAsync(
            surroundings,
            program,
            Settings(directory, port),
            cancellation
        );
        await using var _ = child;
        var access = WitnessAccess.Find(surroundings, Addresses.Local(listening).ToString(), null, directory);
        if (child.AdminKey is { } made)
            access = access with { Key = new Setting(made, "made just now") };
        using var http = surroundings.Http();
        var admin = access.Connect(http);
        var screen = new Screen(surroundings, json: false);
        Greet(screen, access, directory);
        await using var fleet = await DemoFleet.CreateAsync(surroundings, access, admin, directory, cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var story = new DemoStory(fleet, admin, new DemoNarrator(screen, surroundings.Time), surroundings);
        var told = story.RunAsync(ending.Token);
        var first = await Task.WhenAny(told, child.Ended);
        await ending.CancelAsync();
        if (first == child.Ended && !cancellation.IsCancellationRequested)
            throw child.Fault(await child.Ended);
        await told;
    }

    private static void Greet(Screen screen, WitnessAccess access, string directory)
    {
        screen.Line(
            "DEMO: the hosts alpha, beta and gamma are SIMULATED. No pool of this machine is touched.",
            Tone.Warning
        );
        screen.Line($"Witness    {access.Uri}   data in {directory}");
        screen.Line($"Admin key  {access.Key.Value}");
        screen.Line();
        screen.Line("In another terminal:");
        screen.Line(
            $"  export ZFS_SYNC_DATA_DIR={ShellQuoter.Quote(directory)} ZFS_SYNC_URL={access.Uri.GetLeftPart(UriPartial.Authority)}"
        );
        screen.Line("  zfs-sync status        (in a checkout: ./run status)");
    }

    private static Dictionary<string, string> Settings(string directory, int? port)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ZFS_SYNC_DATA_DIR"] = directory,
            ["ZFS_SYNC_DATABASE_URL"] = $"sqlite:///{Path.Combine(directory, DatabaseFile)}",
            ["ZFS_SYNC_REPORT_INTERVAL_SECONDS"] = "2",
            ["ZFS_SYNC_HEARTBEAT_TIMEOUT_SECONDS"] = "8",
        };
        if (port is { } number)
            settings["ZFS_SYNC_PORT"] = number.ToString();
        return settings;
    }

    /// <summary>Simulated hosts have no business in the database of real ones.</summary>
    private static void Prepare(string directory)
    {
        Directory.CreateDirectory(directory);
        var marker = Path.Combine(directory, Marker);
        var database = Path.Combine(directory, DatabaseFile);
        if (File.Exists(database) && !File.Exists(marker))
            throw CommandFault.Usage(
                $"{directory} holds the data of a real witness.",
                "Give the demo a folder of its own with ZFS_SYNC_DATA_DIR, or none: then it uses a temporary one."
            );
        File.WriteAllText(marker, "The hosts of this witness are simulated by 'zfs-sync demo'.\n");
        // The simulated pools of an earlier demo were in memory, so its inventory is of no use.
        foreach (var file in Directory.EnumerateFiles(directory, DatabaseFile + "*"))
            File.Delete(file);
        if (Directory.Exists(Path.Combine(directory, DemoFleet.Folder)))
            Directory.Delete(Path.Combine(directory, DemoFleet.Folder), recursive: true);
    }
}
