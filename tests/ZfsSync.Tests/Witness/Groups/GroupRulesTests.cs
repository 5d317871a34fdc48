using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Witness.Features.Groups;

namespace ZfsSync.Tests.Witness.Groups;

public sealed class GroupRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid A = new(1, 0, 0, new byte[8]);
    private static readonly Guid B = new(2, 0, 0, new byte[8]);
    private static readonly Guid C = new(3, 0, 0, new byte[8]);

    private static readonly GroupRules Rules = new(
        new Dictionary<Guid, string>
        {
            [A] = "alpha",
            [B] = "beta",
            [C] = "gamma",
        }
    );

    private static GroupDraft Create(GroupDefinition wanted) =>
        Rules.Create(wanted with { Name = wanted.Name ?? "nightly" }, Guid.Empty, Now);

    private static GroupMember At(Guid host, string? root = null, MemberRole role = MemberRole.Both) =>
        new()
        {
            SystemId = host,
            Root = root,
            Role = role,
        };

    [Fact]
    public void System_ids_alone_are_enough()
    {
        var draft = Create(new GroupDefinition { SystemIds = [A, B] });
        draft.Faults.ShouldBeEmpty();
        draft.Group.Mode.ShouldBe(GroupMode.Mesh);
        draft.Group.Members.Select(m => m.SystemId).ShouldBe([A, B]);
        draft.Group.Enabled.ShouldBeTrue();
        draft.Group.SyncIntervalSeconds.ShouldBe(3600);
    }

    [Fact]
    public void Directional_with_a_hub_means_mode_hub() =>
        Create(
            new GroupDefinition
            {
                SystemIds = [A, B],
                Directional = true,
                HubSystemId = A,
            }
        )
            .Group.Mode.ShouldBe(GroupMode.Hub);

    [Fact]
    public void Every_fault_is_named_by_its_field()
    {
        var draft = Create(
            new GroupDefinition
            {
                Name = " ",
                SyncIntervalSeconds = 0,
                Members = [At(A, "tank//x"), At(new Guid(9, 0, 0, new byte[8]))],
                Mode = GroupMode.Hub,
                ConflictStrategy = "coin",
                Datasets = new NamePatterns([""]),
                Policy = new GroupPolicy
                {
                    MinAgeSeconds = -1,
                    BandwidthBytesPerSecond = 0,
                    ReceiveProperties = new Dictionary<string, string> { ["-x"] = "y" },
                },
            }
        );
        draft.Faults.Keys.ShouldBe(
            [
                "conflict_strategy",
                "datasets.include[0]",
                "hub_system_id",
                "members[0].root",
                "members[1].system_id",
                "name",
                "policy.bandwidth_bytes_per_second",
                "policy.min_age_seconds",
                "policy.receive_properties.-x",
                "sync_interval_seconds",
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public void A_hub_must_be_a_member() =>
        Create(
            new GroupDefinition
            {
                SystemIds = [A, B],
                Directional = true,
                HubSystemId = C,
            }
        )
            .Faults["hub_system_id"][0]
            .ShouldContain("is not a member");

    [Fact]
    public void A_cycle_is_refused_and_named()
    {
        var draft = Create(
            new GroupDefinition
            {
                Mode = GroupMode.Explicit,
                Members = [At(A), At(B), At(C)],
                Edges = [new GroupEdge(0, 1), new GroupEdge(1, 2), new GroupEdge(2, 1)],
            }
        );
        draft.Faults["edges"][0].ShouldStartWith("make a cycle: beta → gamma → beta.");
    }

    [Fact]
    public void One_host_twice_with_two_pools_is_fine_and_needs_no_second_host()
    {
        var draft = Create(
            new GroupDefinition
            {
                Mode = GroupMode.Hub,
                HubSystemId = A,
                Members = [At(A, "tank"), At(A, "backup/tank")],
            }
        );
        draft.Faults.ShouldBeEmpty();
        draft.Group.SystemIds.ShouldBe([A]);
        GroupTopology.Pairs(draft.Group).ShouldBe([new GroupEdge(0, 1)]);
    }

    [Theory]
    [InlineData("tank", "tank")]
    [InlineData("tank", "tank/data")]
    [InlineData("tank/data/x", "tank/data")]
    [InlineData(null, "tank")]
    [InlineData(null, null)]
    public void Overlapping_roots_on_one_host_are_refused(string? first, string? second) =>
        Create(new GroupDefinition { Members = [At(A, first), At(A, second)] })
            .Faults.Keys.ShouldBe(["members[1].root"]);

    [Fact]
    public void Roots_that_only_start_alike_do_not_overlap() =>
        Create(new GroupDefinition { Members = [At(A, "tank/a"), At(A, "tank/ab")] }).Faults.ShouldBeEmpty();

    [Fact]
    public void Explicit_edges_must_fit_their_members()
    {
        var faults = Create(
            new GroupDefinition
            {
                Members = [At(A, role: MemberRole.Target), At(B)],
                Edges = [new GroupEdge(0, 1), new GroupEdge(1, 5), new GroupEdge(1, 1), new GroupEdge(-1, 0)],
            }
        ).Faults;
        faults.Keys.ShouldBe(["edges[0]", "edges[1]", "edges[2]", "edges[3]"], ignoreOrder: true);
        faults["edges[0]"][0].ShouldContain("alpha, whose role is target");
    }

    [Fact]
    public void A_change_keeps_what_it_does_not_name()
    {
        var group = Create(
            new GroupDefinition
            {
                Members = [At(A, "tank"), At(B)],
                Policy = new GroupPolicy { MinAgeSeconds = 5 },
            }
        ).Group;
        var changed = Rules.Apply(new GroupDefinition { SystemIds = [A, C] }, group, Now.AddDays(1));
        changed.Faults.ShouldBeEmpty();
        changed.Group.Members.ShouldBe([At(A, "tank"), At(C)]);
        changed.Group.Policy.MinAgeSeconds.ShouldBe(5);
        changed.Group.Name.ShouldBe("nightly");
        changed.Group.UpdatedAt.ShouldBe(Now.AddDays(1));
    }

    [Fact]
    public void A_chain_copies_from_each_member_to_the_next()
    {
        var group = Create(new GroupDefinition { Mode = GroupMode.Chain, SystemIds = [A, B, C] }).Group;
        GroupTopology.Pairs(group).ShouldBe([new GroupEdge(0, 1), new GroupEdge(1, 2)]);
    }

    [Fact]
    public void A_role_limits_what_a_mesh_may_do()
    {
        var group = Create(
            new GroupDefinition { Members = [At(A, role: MemberRole.Source), At(B), At(C, role: MemberRole.Target)] }
        ).Group;
        GroupTopology.Pairs(group).ShouldBe([new GroupEdge(0, 1), new GroupEdge(0, 2), new GroupEdge(1, 2)]);
    }
}
