using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Storage;

/// <summary>Only what can be worked out again is committed without waiting for the disk.</summary>
public sealed class DerivedWriteTests
{
    [Theory, DatabaseData]
    public async Task Plans_do_not_wait_for_the_disk_and_everything_else_does(DatabaseKind kind)
    {
        await using var owned = await TestDatabase.CreateAsync(kind);
        await using var database = Database.Open(owned.Parsed, NullLogger<Database>.Instance);
        var ask = kind == DatabaseKind.Sqlite ? "pragma synchronous" : "show synchronous_commit";
        var (waits, goesOn) = kind == DatabaseKind.Sqlite ? ("2", "1") : ("on", "off");

        (await database.WriteDerivedAsync(s => s.ScalarAsync<string>(ask), default)).ShouldBe(goesOn);
        (await database.WriteAsync(s => s.ScalarAsync<string>(ask), default)).ShouldBe(waits);
        (await database.WriteDerivedAsync(s => s.ScalarAsync<string>(ask), default)).ShouldBe(goesOn);
        (await database.WriteAsync(s => s.ScalarAsync<string>(ask), default)).ShouldBe(waits);
    }

    [Fact]
    public async Task A_plan_that_shares_a_commit_with_a_report_waits_with_it()
    {
        await using var owned = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var database = Database.Open(owned.Parsed, NullLogger<Database>.Instance);
        var entered = new TaskCompletionSource();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = database.WriteAsync(
            async _ =>
            {
                entered.SetResult();
                await released.Task;
            },
            default
        );
        await entered.Task;
        var plan = database.WriteDerivedAsync(s => s.ScalarAsync<string>("pragma synchronous"), default);
        var report = database.WriteAsync(s => s.ScalarAsync<string>("pragma synchronous"), default);
        released.SetResult();
        await first;

        (await Task.WhenAll(plan, report)).ShouldBe(["2", "2"]);
    }
}
