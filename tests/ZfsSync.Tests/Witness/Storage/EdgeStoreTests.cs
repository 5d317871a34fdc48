using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Storage;

public sealed class EdgeStoreTests
{
    [Theory, DatabaseData]
    public async Task Of_two_plans_made_from_the_same_facts_one_is_stored(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        (await room.SaveAsync(room.Edges())).ShouldBe(["1", "2"], ignoreOrder: true);
        (await room.SaveAsync(room.Edges())).ShouldBeEmpty();

        (await room.SaveAsync(room.Edges(version: 1))).ShouldBe(["1", "2"], ignoreOrder: true);
        (await room.SaveAsync(room.Edges(version: 1))).ShouldBeEmpty();
        (await room.SaveAsync([room.Edges(version: 2)[0], room.Edges(version: 1)[1]])).ShouldBe(["1"]);
    }

    [Theory, DatabaseData]
    public async Task What_is_stored_of_an_edge_is_read_again(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        var row = room.Edges()[0] with
        {
            Reason = ZfsSync.Core.Replication.ReasonCode.WaitsForParent,
            ProvenGuid = new ZfsSync.Core.Snapshots.SnapshotGuid(ulong.MaxValue),
            ProvenName = "s1",
            LagSnapshots = 3,
            LagSeconds = 1L << 40,
            LateAt = DateTimeOffset.UnixEpoch.AddDays(3),
            LastInSyncAt = DateTimeOffset.UnixEpoch.AddDays(1),
            MatchedByName = true,
            Failures = 2,
            LastError = "it’s broken",
            DueAt = DateTimeOffset.UnixEpoch.AddDays(2),
        };
        await room.SaveAsync([row]);
        var stored = (await room.FindAsync("1")).ShouldNotBeNull();
        (stored with { View = row.View }).ShouldBe(row with { Version = 1 });

        var later = stored with
        {
            Failures = 3,
            LastError = null,
            DueAt = null,
            View = stored.View with { Text = "x" },
        };
        await room.SaveAsync([later]);
        stored = (await room.FindAsync("1")).ShouldNotBeNull();
        stored.View.Text.ShouldBe("x");
        (stored with { View = later.View }).ShouldBe(later with { Version = 2 });
    }

    [Theory, DatabaseData]
    public async Task A_plan_for_a_group_that_was_deleted_meanwhile_is_not_stored(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        await room.SaveAsync(room.Edges());
        await room.RunAsync("delete from sync_groups");

        (await room.SaveAsync(room.Edges(version: 1))).ShouldBeEmpty();
        (await room.SaveAsync(room.Edges())).ShouldBeEmpty();
    }

    [Theory, DatabaseData]
    public async Task Of_a_host_that_was_removed_meanwhile_only_the_others_edges_are_stored(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        await room.RunAsync("delete from systems where hostname = 'beta'");
        (await room.SaveAsync(room.Edges())).ShouldBe(["2"]);
    }

    /// <summary>PostgreSQL lets both write at once: whoever stores waits for the deletion, and then looks again.</summary>
    [Theory, DatabaseData]
    public async Task A_plan_stored_while_its_group_is_being_deleted_fails_nobody(DatabaseKind kind)
    {
        await using var room = await Room.OpenAsync(kind);
        var deleted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayCommit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var deletion = room.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("delete from sync_groups");
                deleted.SetResult();
                await mayCommit.Task;
            },
            CancellationToken.None
        );
        await deleted.Task;
        var saving = room.SaveAsync(room.Edges());
        // On SQLite its turn comes only after the commit.
        while (kind == DatabaseKind.Postgres && await room.WaitingAsync() == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        mayCommit.SetResult();
        await deletion;

        (await saving).ShouldBeEmpty();
    }

    /// <summary>A witness's stores on a database with a group of three hosts; nothing plans here.</summary>
    private sealed class Room(TestDatabase owned, WebApplication witness, string folder) : IAsyncDisposable
    {
        private static readonly Guid Group = new(9, 0, 0, new byte[8]);
        private static readonly Guid Alpha = new(1, 0, 0, new byte[8]);

        private readonly EdgeStore edges = new();

        public Database Database { get; } = witness.Services.GetRequiredService<Database>();

        public static async Task<Room> OpenAsync(DatabaseKind kind)
        {
            var owned = await TestDatabase.CreateAsync(kind);
            var folder = Directory.CreateTempSubdirectory("zfs-sync-data-").FullName;
            var witness = ZfsSync.Witness.Program.Create(
                new WitnessOptions { DataDir = folder, DatabaseUrl = owned.Parsed }
            );
            await witness.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
            var room = new Room(owned, witness, folder);
            foreach (var (name, i) in new[] { "alpha", "beta", "gamma" }.Select((name, i) => (name, i)))
                await room.RunAsync(
                    """
                    insert into systems (id, hostname, platform, ssh_port, labels, created_at, updated_at)
                    values (@id, @name, 'linux', 22, '{}', 1, 1)
                    """,
                    new { id = Host(i), name }
                );
            await room.RunAsync(
                "insert into sync_groups (id, name, document, revision, created_at, updated_at) values (@Group, 'g', '{}', 1, 1, 1)",
                new { Group }
            );
            return room;
        }

        /// <summary>From alpha to beta and to gamma.</summary>
        public IReadOnlyList<EdgeRow> Edges(long version = 0) =>
            [
                .. new[] { 1, 2 }.Select(target => new EdgeRow
                {
                    Id = $"{target}",
                    GroupId = Group,
                    LogicalDataset = "d",
                    SourceSystemId = Alpha,
                    SourceRoot = "tank",
                    SourceDataset = "tank/d",
                    TargetSystemId = Host(target),
                    TargetRoot = "backup",
                    TargetDataset = "backup/d",
                    DecidedAt = DateTimeOffset.UnixEpoch,
                    Version = version,
                }),
            ];

        public Task<IReadOnlySet<string>> SaveAsync(IReadOnlyList<EdgeRow> rows) =>
            Database.WriteAsync(session => edges.SaveAsync(session, rows), CancellationToken.None);

        public Task<EdgeRow?> FindAsync(string id) =>
            Database.ReadAsync(session => edges.FindAsync(session, id), CancellationToken.None);

        public Task RunAsync(string sql, object? arguments = null) =>
            Database.WriteAsync(session => session.ExecuteAsync(sql, arguments), CancellationToken.None);

        /// <summary>How many of PostgreSQL's transactions wait for another here.</summary>
        public Task<long> WaitingAsync() =>
            Database.ReadAsync(
                session =>
                    session.ScalarAsync<long>(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
                    ),
                CancellationToken.None
            );

        public async ValueTask DisposeAsync()
        {
            await witness.DisposeAsync();
            await owned.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        private static Guid Host(int number) => new(number + 1, 0, 0, new byte[8]);
    }
}
