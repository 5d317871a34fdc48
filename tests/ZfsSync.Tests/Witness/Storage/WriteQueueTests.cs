using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Storage;

/// <summary>Writers on SQLite that wait for each other share a transaction, and only that.</summary>
public sealed class WriteQueueTests
{
    [Fact]
    public async Task Who_waits_shares_a_commit_and_who_fails_takes_nobody_along()
    {
        await using var room = await Room.OpenAsync();
        var (first, entered, release) = room.Block();
        await entered;
        var good = room.InsertAsync("good");
        var bad = room.InsertAsync("bad", fails: true);
        var last = room.InsertAsync("last");
        good.IsCompleted.ShouldBeFalse("nothing is acknowledged before it is committed");

        release();
        await Task.WhenAll(first, good, last);

        (await Should.ThrowAsync<InvalidOperationException>(bad)).Message.ShouldBe("bad");
        (await room.NamesAsync()).ShouldBe(["first", "good", "last"]);
    }

    [Fact]
    public async Task Who_gives_up_waiting_has_stored_nothing()
    {
        await using var room = await Room.OpenAsync();
        using var patience = new CancellationTokenSource();
        var (first, entered, release) = room.Block();
        await entered;
        var given = room.InsertAsync("given up", cancellation: patience.Token);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);

        release();
        await first;
        await room.InsertAsync("later");

        (await room.NamesAsync()).ShouldBe(["first", "later"]);
    }

    [Fact]
    public async Task Many_writers_at_once_all_get_their_own_answer()
    {
        await using var room = await Room.OpenAsync();
        var names = Enumerable.Range(0, 200).Select(i => $"{i:000}").ToList();

        var answers = await Task.WhenAll(names.Select(name => Task.Run(() => room.InsertAsync(name))));

        answers.ShouldBe(names);
        (await room.NamesAsync()).ShouldBe(names);
    }

    private sealed class Room(TestDatabase owned, Database database) : IAsyncDisposable
    {
        public static async Task<Room> OpenAsync()
        {
            var owned = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
            var database = Database.Open(owned.Parsed, NullLogger<Database>.Instance);
            await database.WriteAsync(session => session.ExecuteAsync("create table t (name text)"), default);
            return new Room(owned, database);
        }

        /// <summary>A write that has begun and does not end until it is released.</summary>
        public (Task Write, Task Entered, Action Release) Block()
        {
            var entered = new TaskCompletionSource();
            var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var write = database.WriteAsync(
                async session =>
                {
                    entered.TrySetResult();
                    await released.Task;
                    await session.ExecuteAsync("insert into t values ('first')");
                },
                default
            );
            return (write, entered.Task, () => released.TrySetResult());
        }

        public Task<string> InsertAsync(string name, bool fails = false, CancellationToken cancellation = default) =>
            database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("insert into t values (@name)", new { name });
                    return fails ? throw new InvalidOperationException(name) : name;
                },
                cancellation
            );

        public Task<IReadOnlyList<string>> NamesAsync() =>
            database.ReadAsync(session => session.QueryAsync<string>("select name from t order by name"), default);

        public async ValueTask DisposeAsync()
        {
            await database.DisposeAsync();
            await owned.DisposeAsync();
        }
    }
}
