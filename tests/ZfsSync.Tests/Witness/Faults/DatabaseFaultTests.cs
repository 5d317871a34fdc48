using System.Net;
using Shouldly;
using Xunit;

namespace ZfsSync.Tests.Witness.Faults;

/// <summary>The witness's database fails under a running fleet: the reason is said, agents wait, and all goes on when it is back.</summary>
public sealed class DatabaseFaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zfs-sync-fault-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task While_another_program_locks_the_database_agents_wait_and_readers_are_served()
    {
        await using var fleet = await ProgramFleet.StartAsync(_folder);
        await using (var other = fleet.Open())
        {
            await using var hold = other.BeginTransaction(deferred: false);
            fleet.Snapshot("second");
            await fleet.UntilReadyAnswersAsync(HttpStatusCode.ServiceUnavailable);
            await fleet.UntilAgentsSayAsync("The database does not answer");

            (await fleet.Admin.EdgesAsync(null, CancellationToken.None)).ShouldHaveSingleItem();
        }

        await fleet.UntilProvenAsync("second");
        await fleet.UntilReadyAnswersAsync(HttpStatusCode.OK);
        ShouldSay(await fleet.KillWitnessAsync(), $"Another program has locked {fleet.Database}");
    }

    [Fact]
    public async Task A_damaged_database_is_told_and_after_a_restored_backup_all_goes_on()
    {
        await using var fleet = await ProgramFleet.StartAsync(_folder);
        var backup = await BreakAsync(fleet, Damage);
        ShouldSay(await fleet.KillWitnessAsync(), $"{fleet.Database} is damaged or no SQLite database");

        Restore(fleet, backup);
        await fleet.StartWitnessAsync();
        await fleet.UntilProvenAsync("second");
        await fleet.UntilReadyAnswersAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_database_that_is_deleted_under_the_witness_takes_no_report_and_goes_on_when_it_is_back()
    {
        await using var fleet = await ProgramFleet.StartAsync(_folder);
        var backup = await BreakAsync(fleet, Forget);
        File.Exists(fleet.Database).ShouldBeFalse("an empty one in its place would look as if all were well");

        File.Move(backup, fleet.Database);
        await fleet.UntilProvenAsync("second");
        await fleet.UntilReadyAnswersAsync(HttpStatusCode.OK);
        ShouldSay(await fleet.KillWitnessAsync(), $"{fleet.Database} was deleted while the witness ran");
        await fleet.StartWitnessAsync();
        await fleet.UntilProvenAsync("second");
    }

    [Fact]
    public async Task After_a_lost_database_hosts_join_again_and_nothing_is_sent_twice()
    {
        await using var fleet = await ProgramFleet.StartAsync(_folder);
        await fleet.KillWitnessAsync();
        Forget(fleet);
        var sent = fleet.Sends;

        await fleet.StartWitnessAsync();
        await fleet.UntilAgentsSayAsync("join again with a new token");
        await fleet.JoinAsync("alpha", "tank", replace: true);
        await fleet.JoinAsync("beta", "backup", replace: true);
        await fleet.KeepInSyncAsync();

        await fleet.UntilProvenAsync("first");
        fleet.Sends.ShouldBe(sent);
        ShouldSay(await fleet.KillWitnessAsync(), $"the database sqlite:///{fleet.Database} is new");
    }

    /// <summary>Breaks the database under the running witness, which notices.</summary>
    /// <returns>A backup from just before.</returns>
    private async Task<string> BreakAsync(ProgramFleet fleet, Action<ProgramFleet> how)
    {
        var backup = Path.Combine(_folder, "backup");
        fleet.BackUp(backup);
        how(fleet);
        fleet.Snapshot("second");
        await fleet.UntilReadyAnswersAsync(HttpStatusCode.ServiceUnavailable);
        await fleet.UntilAgentsSayAsync("The database does not answer");
        return backup;
    }

    private static void ShouldSay(string log, string text)
    {
        log.ShouldContain(text);
        log.ShouldNotContain("   at ", Case.Sensitive, "a fault of the database's place is no page of stack trace");
        log.ShouldNotContain("Unhandled");
    }

    /// <summary>All pages are overwritten, in place.</summary>
    private static void Damage(ProgramFleet fleet)
    {
        using (var connection = fleet.Open())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "pragma wal_checkpoint(truncate)";
            command.ExecuteNonQuery();
        }
        using var file = new FileStream(fleet.Database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var noise = new byte[file.Length];
        new Random(1).NextBytes(noise);
        file.Write(noise);
    }

    private static void Forget(ProgramFleet fleet)
    {
        foreach (var end in new[] { "", "-wal", "-shm" })
            File.Delete(fleet.Database + end);
    }

    private static void Restore(ProgramFleet fleet, string backup)
    {
        Forget(fleet);
        File.Move(backup, fleet.Database);
    }
}
