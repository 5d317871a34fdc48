using Shouldly;
using Xunit;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Systems;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Api;

public sealed class SystemTests
{
    [Theory, DatabaseData]
    public async Task A_host_registers_once_and_its_key_works(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");

        var seen = await host.Client.SystemAsync(host.Id, CancellationToken.None);

        seen.Hostname.ShouldBe("alpha");
        seen.SshPort.ShouldBe(22);
        seen.ApiKey.ShouldBeNull();
        seen.ConnectivityStatus.ShouldBe(ConnectivityStatus.Unknown);
        var again = await Should.ThrowAsync<WitnessException>(() => witness.JoinAsync("ALPHA"));
        again.Code.ShouldBe(ProblemCodes.Exists);
        again.Message.ShouldContain(host.Id.ToString());
    }
}
