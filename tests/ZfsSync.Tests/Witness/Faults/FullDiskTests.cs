using System.Net;
using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Witness.Faults;

/// <summary>The data folder on a small disk of its own that gets full, which only root can make.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zfs-sync-full-").FullName;
    private readonly LocalCommandRunner _runner = new();
    private bool _isMounted;

    public async ValueTask InitializeAsync() =>
        _isMounted = await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "zfs-sync-test", _folder);

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
            await RunAsync("umount", "--lazy", _folder);
        Directory.Delete(_folder);
    }

    [Fact]
    public async Task On_a_full_disk_nothing_acknowledged_is_lost_agents_wait_and_all_goes_on_when_there_is_room()
    {
        await using var fleet = await StartAndFillAsync();
        await fleet.UntilAgentsSayAsync("The database does not answer");
        (await fleet.Admin.SystemsAsync(CancellationToken.None)).Count.ShouldBe(2, "reading needs no room");

        File.Delete(Filler);
        await fleet.UntilProvenAsync("second");
        await fleet.UntilReadyAnswersAsync(HttpStatusCode.OK);
        var log = await fleet.KillWitnessAsync();
        log.ShouldContain(fleet.Database);
        log.ShouldContain("full");
        log.ShouldNotContain("   at ");
        await fleet.StartWitnessAsync();
        await fleet.UntilProvenAsync("second");
    }

    [Fact]
    public async Task A_witness_that_is_killed_on_a_full_disk_starts_when_there_is_room_and_has_all_it_acknowledged()
    {
        await using var fleet = await StartAndFillAsync();
        await fleet.KillWitnessAsync();

        File.Delete(Filler);
        await fleet.StartWitnessAsync();

        await fleet.UntilProvenAsync("second");
    }

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>A fleet whose witness has noticed that its disk is full.</summary>
    private async Task<ProgramFleet> StartAndFillAsync()
    {
        Assert.SkipUnless(_isMounted, "a full disk: only root can mount a small one");
        var fleet = await ProgramFleet.StartAsync(_folder);
        Fill(Filler);
        fleet.Snapshot("second");
        await fleet.UntilReadyAnswersAsync(HttpStatusCode.ServiceUnavailable);
        return fleet;
    }

    private static void Fill(string path)
    {
        var block = new byte[4096];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            return (await _runner.RunAsync(new Command(program, arguments), null, CancellationToken.None)).ExitCode
                == 0;
        }
        catch (ToolException)
        {
            return false;
        }
    }
}
