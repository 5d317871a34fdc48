using Shouldly;
using Xunit;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Sync;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tests.Contracts;

public sealed class SyncCommandTests
{
    private static readonly Instruction Pull = new()
    {
        InstructionId = Guid.Empty,
        EdgeId = "0123456789abcdef",
        SyncGroupId = Guid.Empty,
        LogicalDataset = "my data",
        Kind = InstructionKind.Replicate,
        ExecutorSystemId = Guid.Empty,
        Source = new InstructionSide
        {
            SystemId = Guid.Empty,
            Hostname = "alpha",
            Dataset = "tank/my data",
            SshHostname = "alpha.example",
            SshUser = "repl",
            SshPort = 2222,
        },
        Target = new InstructionSide
        {
            SystemId = Guid.Empty,
            Hostname = "beta",
            Dataset = "backup/my data",
        },
        Flags = SendFlags.Default,
        TargetExists = true,
        Steps =
        [
            new InstructionStep
            {
                Kind = StepKind.Range,
                FromGuid = new SnapshotGuid(1),
                FromName = "mon",
                ToGuid = new SnapshotGuid(3),
                ToName = "wed",
            },
        ],
    };

    [Fact]
    [Trait("Scenario", "94")]
    public void A_pull_is_one_command_with_every_name_quoted_for_both_shells() =>
        SyncCommand
            .Of(Pull)
            .ShouldBe([
                @"ssh -p 2222 -- repl@alpha.example 'zfs send -L -c -e -I '\''tank/my data@mon'\'' '\''tank/my data@wed'\''' | zfs receive -s -u 'backup/my data'",
            ]);

    [Fact]
    public void A_bookmark_is_a_base_for_a_single_increment() =>
        SyncCommand
            .Of(
                Pull with
                {
                    Source = Pull.Source with { SshHostname = null, Dataset = "tank/d" },
                    Target = Pull.Target with { Dataset = "backup/d" },
                    Steps = [Pull.Steps[0] with { Kind = StepKind.Incremental, FromBookmark = true }],
                }
            )
            .ShouldBe(["zfs send -L -c -e -i 'tank/d#mon' tank/d@wed | zfs receive -s -u backup/d"]);

    [Fact]
    public void A_first_copy_sets_properties_and_never_forces_unless_an_empty_target_was_allowed()
    {
        var full = Pull with
        {
            Source = Pull.Source with { Dataset = "tank/d", SshHostname = null },
            Target = Pull.Target with { Dataset = "backup/d" },
            TargetExists = false,
            ReceiveProperties = new Dictionary<string, string> { ["readonly"] = "on" },
            Steps =
            [
                new InstructionStep
                {
                    Kind = StepKind.Full,
                    ToGuid = new SnapshotGuid(1),
                    ToName = "mon",
                },
            ],
        };
        SyncCommand.Of(full).ShouldBe(["zfs send -L -c -e tank/d@mon | zfs receive -s -u -o 'readonly=on' backup/d"]);
        SyncCommand.Of(full with { TargetExists = true })[0].ShouldContain("receive -s -u -F -o");
    }

    [Fact]
    public void A_partial_receive_is_resumed_by_its_token_or_discarded_first()
    {
        var resume = new InstructionStep
        {
            Kind = StepKind.Resume,
            ToGuid = new SnapshotGuid(3),
            ToName = "wed",
            Token = "1-abc-def",
        };
        SyncCommand.Of(Pull with { Steps = [resume] })[0].ShouldContain("'zfs send -t 1-abc-def' | zfs receive -s -u ");
        SyncCommand
            .Of(Pull with { AbortToken = "1-old" })[0]
            .ShouldStartWith("zfs receive -A 'backup/my data' && ssh ");
    }

    [Fact]
    public void A_repair_has_no_command_because_only_an_agent_checks_its_guids() =>
        SyncCommand.Of(Pull with { Kind = InstructionKind.Repair, Steps = [] }).ShouldBeEmpty();
}
