using Shouldly;
using Xunit;
using ZfsSync.Agent.Diagnosis;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;
using ZfsSync.Tests.Agent;

namespace ZfsSync.Tests.Fleet;

public sealed class DoctorOfFleetTests
{
    [Fact]
    public async Task With_the_host_s_own_key_it_reaches_the_partners_of_its_edges()
    {
        await using var world = await WorldAsync(TransferEngine.Native);
        var findings = await world.Agent("beta").ExamineAsync();
        findings.ShouldContain(one => one.Subject == "ssh alpha:22" && one.Level == FindingLevel.Ok);
        findings.ShouldNotContain(one => one.Subject.StartsWith("ssh gamma", StringComparison.Ordinal));
        findings.ShouldNotContain(one => one.Subject == "syncoid");
        // alpha carries nothing out: whoever has the copy pulls it.
        (await world.Agent("alpha").ExamineAsync()).ShouldNotContain(one =>
            one.Subject.StartsWith("ssh ", StringComparison.Ordinal)
        );

        world.Hosts.Disconnect("alpha");
        var cut = (await world.Agent("beta").ExamineAsync()).Single(one => one.Subject == "ssh alpha:22");
        cut.Level.ShouldBe(FindingLevel.Fail);
        cut.Text.ShouldContain("Connection refused");
    }

    [Fact]
    public async Task Where_a_group_wants_syncoid_it_must_be_there()
    {
        await using var world = await WorldAsync(TransferEngine.Syncoid);
        var missing = (await world.Agent("beta").ExamineAsync()).Single(one => one.Subject == "syncoid");
        missing.Level.ShouldBe(FindingLevel.Fail);
        missing.Text.ShouldContain("copies");
        missing.Remedy.ShouldNotBeNull().ShouldContain("package sanoid");

        var there = await world.Agent("beta").ExamineAsync(new SyncoidStandIn(world.Hosts.RunnerOn("beta")));
        there.Single(one => one.Subject == "syncoid").Text.ShouldContain("syncoid 2.2.0");
        (await world.Agent("alpha").ExamineAsync()).ShouldNotContain(one => one.Subject == "syncoid");
    }

    [Fact]
    public async Task A_host_sees_its_own_partners_only()
    {
        await using var world = await WorldAsync(TransferEngine.Native);
        var beta = world.Agent("beta");
        using var http = new HttpClient(world.Witness.Connect());
        var client = WitnessClient.Connect(http, FleetWitness.Address, beta.ApiKey);
        var partner = (await client.PartnersAsync(beta.SystemId, default)).ShouldHaveSingleItem();
        partner.Hostname.ShouldBe("alpha");
        partner.SshHostname.ShouldBe("alpha");
        var foreign = await Should.ThrowAsync<WitnessException>(() =>
            client.PartnersAsync(world.Agent("gamma").SystemId, default)
        );
        foreign.Code.ShouldBe(ProblemCodes.Forbidden);
        (await world.Witness.Admin.PartnersAsync(world.Agent("gamma").SystemId, default)).ShouldBeEmpty();
    }

    [Fact]
    public void A_partner_s_clock_that_is_off_is_told()
    {
        var off = new HostFacts
        {
            SshHosts = [new SshFacts("beta", null, null) { ClockSkew = TimeSpan.FromSeconds(-90) }],
        };
        var finding = DoctorRules.Judge(off).Single(one => one.Subject == "clock of beta");
        finding.Level.ShouldBe(FindingLevel.Warn);
        finding.Text.ShouldContain("90 s behind");
    }

    private static async Task<FleetWorld> WorldAsync(TransferEngine engine)
    {
        var world = await FleetWorld.CreateAsync(seed: 41);
        await world.JoinAsync("alpha", "tank");
        await world.JoinAsync("beta", "backup");
        await world.JoinAsync("gamma", "vault");
        world.Hosts["alpha"].Zfs("create tank/data");
        world.Snapshot("alpha", "tank/data", "one");
        await world.Witness.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = "copies",
                Mode = GroupMode.Hub,
                HubSystemId = world.Agent("alpha").SystemId,
                Members =
                [
                    new GroupMember { SystemId = world.Agent("alpha").SystemId },
                    new GroupMember { SystemId = world.Agent("beta").SystemId },
                ],
                Policy = new GroupPolicy { Engine = engine },
            },
            default
        );
        await world.RoundAsync();
        return world;
    }
}
