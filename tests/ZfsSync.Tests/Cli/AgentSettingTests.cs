using System.CommandLine;
using Shouldly;
using Xunit;
using ZfsSync.Agent;
using ZfsSync.Cli.Commands;

namespace ZfsSync.Tests.Cli;

public sealed class AgentSettingTests
{
    [Fact]
    public void Without_options_the_program_runs_as_many_transfers_as_an_agent_does_and_as_its_help_says()
    {
        var usual = new AgentOptions { Witness = new Uri("http://witness"), DataDirectory = "/" };
        var settings = new AgentSettingOptions();
        var command = new Command("agent");
        settings.AddTo(command);

        var read = settings.Read(command.Parse([]), RoomFor.Anything, usual.Witness);

        read.MaxTransfers.ShouldBe(usual.MaxTransfers);
        read.MaxTransfersPerPool.ShouldBe(usual.MaxTransfersPerPool);
        Help("--max-transfers").ShouldContain($"({usual.MaxTransfers})");
        Help("--max-transfers-per-pool").ShouldContain($"({usual.MaxTransfersPerPool})");

        string Help(string option) => command.Options.Single(one => one.Name == option).Description!;
    }
}
