using Shouldly;
using Xunit;
using ZfsSync.Agent.Diagnosis;
using ZfsSync.Agent.Identity;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Tests.Agent;

public sealed class DoctorTests
{
    private static readonly DatasetName Root = DatasetName.Parse("tank/my data");

    [Fact]
    public void A_host_that_has_everything_has_nothing_to_mend() =>
        DoctorRules.Judge(Healthy()).ShouldAllBe(finding => finding.Level == FindingLevel.Ok);

    [Fact]
    public void Every_fault_has_a_remedy() =>
        DoctorRules
            .Judge(
                Healthy() with
                {
                    Zfs = null,
                    Pools =
                    [
                        new PoolFacts("tank", 1, 100, 99, 1, "DEGRADED"),
                        new PoolFacts("full", 2, 100, 99, 1, "ONLINE"),
                    ],
                    PoolsFault = "permission denied",
                    DataDirectoryFault = "/x cannot be written",
                    WitnessFault = "not reached",
                    SshHosts = [new SshFacts("root@beta", null, "Connection refused")],
                    IsKeyFileOpenToOthers = true,
                }
            )
            .Where(finding => finding.Level != FindingLevel.Ok)
            .ShouldAllBe(finding => !string.IsNullOrEmpty(finding.Remedy));

    [Fact]
    public void The_line_that_is_missing_can_be_pasted()
    {
        var facts = Healthy() with
        {
            IsRoot = false,
            User = "sync",
            Roles = [new RoleFacts(Root, HostRole.Source, [Grant("user", "sync", "send", "hold")], null)],
        };
        var finding = DoctorRules.Judge(facts).Single(one => one.Level == FindingLevel.Fail);
        finding.Text.ShouldBe("sync cannot send: release missing.");
        finding.Remedy.ShouldBe("zfs allow -u sync release 'tank/my data'");
        DoctorRules
            .Judge(facts)
            .Single(one => one.Level == FindingLevel.Warn)
            .Remedy.ShouldBe("zfs allow -u sync bookmark,destroy,mount 'tank/my data'");
    }

    [Fact]
    public void Groups_everyone_sets_and_split_scopes_count()
    {
        Missing(["send"], Grant("group", "backup", "send")).ShouldBeEmpty();
        Missing(["send"], Grant("everyone", "", "send")).ShouldBeEmpty();
        Missing(["send"], Grant("group", "wheel", "send")).ShouldBe(["send"]);
        Missing(
                ["send"],
                Grant("user", "sync", "@mine"),
                Grant("", "@mine", "send") with
                {
                    Scope = PermissionScope.Set,
                }
            )
            .ShouldBeEmpty();
        var local = Grant("user", "sync", "send") with { Scope = PermissionScope.Local };
        Missing(["send"], local).ShouldBe(["send"], "what is below needs it too");
        Missing(["send"], local, local with { Scope = PermissionScope.Descendent }).ShouldBeEmpty();
        Missing(["send"], local with { On = DatasetName.Parse("tank"), Scope = PermissionScope.Descendent })
            .ShouldBeEmpty();
        Missing(["receive"], Grant("user", "sync", "receive:append")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, FindingLevel.Ok)]
    [InlineData(-20, FindingLevel.Warn)]
    [InlineData(4000, FindingLevel.Fail)]
    public void A_clock_that_is_off_is_told(int seconds, FindingLevel level) =>
        DoctorRules
            .Judge(Healthy() with { ClockSkew = TimeSpan.FromSeconds(seconds) })
            .Single(one => one.Subject == "clock")
            .Level.ShouldBe(level);

    [Fact]
    public async Task It_looks_at_a_real_host_and_changes_nothing()
    {
        using var bench = new AgentBench();
        bench.Source.Zfs("create tank/data");
        bench.Source.Zfs("allow -u sync send,hold,release,bookmark,destroy,mount tank/data");
        var options = bench.Options with { Scope = [DatasetName.Parse("tank/data")] };
        var findings = await Doctor.ExamineAsync(
            options,
            bench.Fleet.RunnerOn("alpha", "sync"),
            _ => throw new InvalidOperationException("It has not joined."),
            bench.Clock,
            default
        );
        findings.ShouldContain(one => one.Subject == "zfs" && one.Level == FindingLevel.Ok);
        findings.ShouldContain(one => one.Subject == "pool tank" && one.Level == FindingLevel.Ok);
        findings.ShouldContain(one => one.Text == "sync may send.");
        findings.ShouldContain(one => one.Text.StartsWith("sync cannot receive", StringComparison.Ordinal));
        findings.Single(one => one.Subject == "identity").Remedy.ShouldBe("zfs-sync join WITNESS TOKEN");
        bench.NewCommands.ShouldAllBe(line =>
            !line.Contains("zfs create", StringComparison.Ordinal) || line.Contains("alpha", StringComparison.Ordinal)
        );
    }

    private static IReadOnlyList<string> Missing(string[] wanted, params PermissionGrant[] grants) =>
        PermissionRules.Missing(wanted, Root, grants, "sync", ["sync", "backup"]);

    private static PermissionGrant Grant(string holder, string name, params string[] permissions) =>
        new(Root, PermissionScope.LocalAndDescendent, holder, name, permissions);

    private static HostFacts Healthy() =>
        new()
        {
            Zfs = new ZfsFeatures(new ZfsVersion(2, 3), new ZfsVersion(2, 3), "2.3.2-2", "2.3.2-2"),
            Pools = [new PoolFacts("tank", 1, 1000, 100, 900, "ONLINE")],
            User = "root",
            IsRoot = true,
            Identity = new AgentIdentity
            {
                Witness = new Uri("http://witness"),
                SystemId = Guid.Empty,
                Hostname = "alpha",
                AgentId = "a",
                ApiKey = "k",
            },
            ClockSkew = TimeSpan.Zero,
            SshHosts = [new SshFacts("beta", new ZfsFeatures(new ZfsVersion(2, 3), null, "2.3.2-2", null), null)],
        };
}
