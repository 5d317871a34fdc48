using ZfsSync.Tools.Commands;

namespace ZfsSync.Simulation;

/// <summary>The commands of one user on one host of a fleet. zfs and zpool are modelled, ssh is the hop to another host.</summary>
internal sealed class SimulatedRunner(SimulatedFleet fleet, SimulatedHost here, string user) : ICommandRunner
{
    public async Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation)
    {
        var place = Place(command);
        await fleet.StepAsync(new FleetStep(place.HostName, Describe(command), null), cancellation);
        var result = place.Failure ?? RunThere(command, place);
        fleet.Record($"{place.HostName}$ {Describe(command)} -> {result.ExitCode}");
        if (onLine is null)
            return result;
        foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            onLine(line);
        return result with { Output = "" };
    }

    public Task<PipeResult> PipeAsync(
        IReadOnlyList<Command> stages,
        PipeOptions options,
        CancellationToken cancellation
    ) => new SimulatedPipe(fleet, stages, [.. stages.Select(Place)]).RunAsync(options, cancellation);

    internal static string Describe(Command command) =>
        $"{command.Program} {string.Join(' ', command.Arguments)}".TrimEnd();

    private static CommandResult RunThere(Command command, Placement place) =>
        Path.GetFileName(command.Program) switch
        {
            "zfs" or "zpool" => place.Host!.Execute(command, place.User),
            "true" => new CommandResult(0, "", ""),
            "date" when command.Arguments is ["+%s"] => new CommandResult(
                0,
                $"{place.Host!.State.NowMilliseconds / 1000}\n",
                ""
            ),
            "uname" => new CommandResult(0, "Linux\n", ""),
            "id" => new CommandResult(
                0,
                (
                    command.Arguments is ["-u"]
                        ? place.User == "root"
                            ? "0"
                            : "1000"
                        : place.User
                ) + "\n",
                ""
            ),
            _ when command.On is not null => new CommandResult(127, "", $"sh: 1: {command.Program}: not found\n"),
            _ => throw new ToolException(
                ToolErrorKind.NotInstalled,
                -1,
                "",
                $"{command.Program} is not installed on {place.HostName}: install it, or do without"
            ),
        };

    /// <summary>Where a command runs, or why ssh does not get there.</summary>
    private Placement Place(Command command)
    {
        if (command.On is not { } target)
            return new Placement(here, here.Name, user, null);
        var there = fleet.Find(target.Host);
        var failure =
            there is null ? $"ssh: Could not resolve hostname {target.Host}: Name or service not known\n"
            : !fleet.IsReachable(target.Host) || !fleet.IsReachable(here.Name)
                ? $"ssh: connect to host {target.Host} port {target.Port ?? 22}: Connection refused\n"
            : null;
        return new Placement(
            there,
            target.Host,
            target.User ?? user,
            failure is null ? null : new CommandResult(255, "", failure)
        );
    }
}

/// <summary>The host a command runs on, as whom, or the failure of the way there.</summary>
internal sealed record Placement(SimulatedHost? Host, string HostName, string User, CommandResult? Failure);
