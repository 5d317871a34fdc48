using ZfsSync.Cli;
using ZfsSync.Simulation;

namespace ZfsSync.Tests.Cli;

/// <summary>Surroundings for what is built and not run.</summary>
internal static class RoomFor
{
    public static Surroundings Anything
    {
        get
        {
            var fleet = new SimulatedFleet(TimeProvider.System, seed: 1);
            fleet.AddHost("here");
            return new Surroundings
            {
                Out = TextWriter.Null,
                Error = TextWriter.Null,
                In = TextReader.Null,
                Variable = _ => null,
                Time = TimeProvider.System,
                Random = new Random(1),
                Http = () => new HttpClient(),
                Runner = fleet.RunnerOn("here"),
                HomeDirectory = "/",
                Hostname = "here",
                ProgramDirectory = "/",
            };
        }
    }
}
