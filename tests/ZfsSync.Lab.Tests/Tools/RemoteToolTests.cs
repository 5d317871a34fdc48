using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Lab.Tests.EndToEnd;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Lab.Tests.Tools;

/// <summary>The tools against real OpenZFS over a real sshd.</summary>
public abstract class RemoteToolTests(RemoteToolVms vms)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, string> None = [];

    [Fact]
    [Trait("Scenario", "105")]
    public async Task Ten_thousand_hostile_words_pass_a_real_sshd_unchanged()
    {
        var random = new Random(22);
        var words = Enumerable.Range(0, 10_000).Select(_ => HostileWord(random)).ToList();
        foreach (var batch in words.Chunk(2500))
        {
            var result = await vms.Runner.RunAsync(
                new Command("printf", ["<%s>\\n", .. batch]).At(vms.Left),
                null,
                Now
            );
            result.ErrorTail.ShouldBeEmpty();
            result.Output.ShouldBe(string.Concat(batch.Select(word => $"<{word}>\n")));
        }
    }

    [Fact]
    public async Task Commands_share_one_connection_and_a_stream_has_its_own()
    {
        var first = await Connection();
        (await Connection()).ShouldBe(first);
        var folder = Directory.CreateTempSubdirectory("zfs-sync");
        try
        {
            var seen = Path.Combine(folder.FullName, "seen");
            await vms.Runner.PipeAsync(
                [
                    new Command("sh", "-c", "echo $SSH_CONNECTION").At(vms.Left),
                    new Command("sh", "-c", "cat > \"$1\"", "sh", seen),
                ],
                PipeOptions.None,
                Now
            );
            var ofStream = (await File.ReadAllTextAsync(seen, Now)).Trim();
            ofStream.ShouldNotBeEmpty();
            ofStream.ShouldNotBe(first);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<string> Connection() =>
        (
            await vms.Runner.RunAsync(new Command("sh", "-c", "echo $SSH_CONNECTION").At(vms.Left), null, Now)
        ).Output.Trim();

    [Fact]
    public async Task A_host_whose_key_nobody_knows_is_not_signed_in_to()
    {
        var strict = vms.Target(vms.Left.Port!.Value, "nobody", "yes");
        var fault = await Should.ThrowAsync<ToolException>(() => new ZfsHost(vms.Runner, strict).DetectAsync(Now));
        fault.Kind.ShouldBe(ToolErrorKind.Unreachable);
        fault.Message.ShouldContain("Host key verification failed");
    }

    [Fact]
    public async Task A_program_that_is_missing_there_is_told_with_its_package()
    {
        var command = new Command("smartctl-of-no-path").At(vms.Left);
        var result = await vms.Runner.RunAsync(command, null, Now);
        ToolFailure.Of(command, result).Kind.ShouldBe(ToolErrorKind.NotInstalled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Snapshots_arrive_with_their_guids(bool isCompressed)
    {
        var (source, snapshots) = await SourceAsync($"arrive {isCompressed}");
        var target = DatasetName.Parse($"right/arrive {isCompressed}");
        (await SendAsync(source, new SendStep.Full(snapshots[0]), target, isCompressed)).IsSuccess.ShouldBeTrue();
        (
            await SendAsync(source, new SendStep.Range(snapshots[0], [.. snapshots.Skip(1)]), target, isCompressed)
        ).IsSuccess.ShouldBeTrue();
        await HasArrivedAsync(target, snapshots);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_streams_of_a_first_copy_arrive_through_one_session(bool isCompressed)
    {
        var (source, snapshots) = await SourceAsync($"session {isCompressed}");
        var target = DatasetName.Parse($"right/session {isCompressed}");
        SendStep[] steps =
        [
            new SendStep.Full(snapshots[0]),
            new SendStep.Incremental(Anchor(snapshots[0]), snapshots[1]),
            new SendStep.Range(snapshots[1], [.. snapshots.Skip(2)]),
        ];
        var result = await CarryAsync(Carry(source, steps, target, isCompressed));
        result.IsSuccess.ShouldBeTrue(string.Join("", result.Stages.Select(stage => stage.ErrorTail)));
        await HasArrivedAsync(target, snapshots);
    }

    private async Task HasArrivedAsync(DatasetName target, IReadOnlyList<Snapshot> snapshots)
    {
        var arrived = await vms.RightZfs.ListSnapshotsAsync(
            await vms.RightZfs.DetectAsync(Now),
            SnapshotDetail.Identity,
            [target],
            Now
        );
        arrived.Of(target).Select(snapshot => snapshot.Guid).ShouldBe(snapshots.Select(snapshot => snapshot.Guid));
    }

    [Fact]
    [Trait("Scenario", "48")]
    public async Task A_cancelled_transfer_leaves_a_token_and_no_process_and_resumes()
    {
        var (source, snapshots) = await SourceAsync("cut");
        var target = DatasetName.Parse("right/cut");
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var path = Carry(source, [new SendStep.Full(snapshots[0])], target, false);
        var transfer = vms.Runner.PipeAsync(path.Stages, new PipeOptions { BytesPerSecond = 200_000 }, cut.Token);
        // ZFS keeps of a broken receive only what it has written.
        await Eventually.TrueAsync(
            async () =>
                long.TryParse(
                    (await vms["right"].TryAsync($"zpool sync right; zfs list -Hp -o referenced {target}")).Output,
                    out var written
                )
                && written > 400_000,
            TimeSpan.FromSeconds(60),
            () => "Nothing arrives."
        );
        await cut.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => transfer);
        // The receiving side keeps what arrived once it has noticed that its ssh is gone.
        string? token = null;
        await Eventually.TrueAsync(
            async () => (token = (await vms.RightZfs.FindDatasetAsync(target, Now))?.ReceiveResumeToken) is not null,
            TimeSpan.FromSeconds(20),
            () => "No token is left."
        );
        ResumeTokenParser.TryParse(token!, out var resume, out _).ShouldBeTrue();
        resume!.ToGuid.ShouldBe(snapshots[0].Guid);
        (await vms["left"].RunAsync("pgrep -x zfs || true")).ShouldBeEmpty();
        (await vms["right"].RunAsync("pgrep -x zfs || true")).ShouldBeEmpty();

        (await SendAsync(source, new SendStep.Resume(resume), target, false)).IsSuccess.ShouldBeTrue();
        (await vms.RightZfs.FindDatasetAsync(target, Now))!.ReceiveResumeToken.ShouldBeNull();
    }

    [Fact]
    public async Task Refusals_are_understood()
    {
        var (source, snapshots) = await SourceAsync("refused");
        var target = DatasetName.Parse("right/refused");
        await SendAsync(source, new SendStep.Full(snapshots[0]), target, false);
        var increment = new SendStep.Incremental(Anchor(snapshots[1]), snapshots[2]);

        (await KindAsync(source, new SendStep.Full(snapshots[0]), target)).ShouldBe(ToolErrorKind.Exists);
        (await KindAsync(source, increment, target)).ShouldBe(ToolErrorKind.BaseMismatch);
        (await KindAsync(source, increment, DatasetName.Parse("right/no/parent"))).ShouldBe(ToolErrorKind.Gone);
        (await KindAsync(source, new SendStep.Full(snapshots[0] with { Label = "never" }), target)).ShouldBe(
            ToolErrorKind.Gone
        );
        await vms["right"].RunAsync("zfs mount right/refused; echo changed > /right/refused/own");
        (await KindAsync(source, new SendStep.Incremental(Anchor(snapshots[0]), snapshots[1]), target)).ShouldBe(
            ToolErrorKind.Modified
        );
    }

    private static Anchor Anchor(Snapshot snapshot) => new(snapshot.Guid, snapshot.Label, IsBookmark: false);

    private async Task<ToolErrorKind> KindAsync(DatasetName source, SendStep step, DatasetName target)
    {
        var result = await SendAsync(source, step, target, false);
        result.IsSuccess.ShouldBeFalse();
        return PipeFailure.Of(Carry(source, [step], target, false).Stages, result).Kind;
    }

    private Task<PipeResult> SendAsync(DatasetName source, SendStep step, DatasetName target, bool isCompressed) =>
        CarryAsync(Carry(source, [step], target, isCompressed));

    private Task<PipeResult> CarryAsync(StreamPath path) =>
        vms.Runner.PipeAsync(path.Stages, new PipeOptions { MeasuredBehind = path.MeasuredBehind }, Now);

    private StreamPath Carry(DatasetName source, SendStep[] steps, DatasetName target, bool isCompressed) =>
        StreamPath.Of(
            [.. steps.Select(step => vms.LeftZfs.Send(source, step, SendFlags.Default))],
            [.. steps.Select(_ => vms.RightZfs.Receive(target, ReceiveOptions.Default with { Set = None }))],
            isCompressed
        );

    /// <summary>A dataset with three snapshots and a few megabytes in the first.</summary>
    private async Task<(DatasetName, IReadOnlyList<Snapshot>)> SourceAsync(string name)
    {
        var source = DatasetName.Parse($"left/{name}");
        await vms["left"].RunAsync($"zfs create 'left/{name}' && head -c 6000000 /dev/urandom > '/left/{name}/file'");
        foreach (var label in (string[])["one", "two words", "three: x"])
            await vms.LeftZfs.TakeSnapshotsAsync([SnapshotName.Of(source, label)], Now);
        var features = await vms.LeftZfs.DetectAsync(Now);
        var listing = await vms.LeftZfs.ListSnapshotsAsync(features, SnapshotDetail.Full, [source], Now);
        listing.Of(source).Select(snapshot => snapshot.Label).ShouldBe(["one", "two words", "three: x"]);
        return (source, listing.Of(source));
    }

    private static string HostileWord(Random random)
    {
        const string pieces = "abcXYZ019-_.: /@#%'\"\\`$(){}[]*?!~&|;<>=^\n\t\r\u0001é";
        return string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}

/// <summary>OpenZFS 2.3.</summary>
public sealed class RemoteToolsOnTrixie(RemoteToolsOnTrixie.Vms vms)
    : RemoteToolTests(vms),
        IClassFixture<RemoteToolsOnTrixie.Vms>
{
    public sealed class Vms() : RemoteToolVms("trixie");
}

/// <summary>OpenZFS 2.1.</summary>
public sealed class RemoteToolsOnBookworm(RemoteToolsOnBookworm.Vms vms)
    : RemoteToolTests(vms),
        IClassFixture<RemoteToolsOnBookworm.Vms>
{
    public sealed class Vms() : RemoteToolVms("bookworm");
}
