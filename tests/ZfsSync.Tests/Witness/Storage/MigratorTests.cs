using Shouldly;
using Xunit;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Storage;

public sealed class MigratorTests
{
    [Fact]
    public void Both_databases_have_the_same_migrations_in_order()
    {
        var names = Migrator.Scripts("Sqlite").Select(script => script.Name).ToList();

        names.ShouldBe(Migrator.Scripts("Postgres").Select(script => script.Name));
        names.Select(name => int.Parse(name[..4])).ShouldBe(Enumerable.Range(1, names.Count));
    }

    [Theory, DatabaseData]
    public async Task Two_witnesses_that_start_together_migrate_once(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, migrated: false);

        var both = await Task.WhenAll(TestWitness.StartAsync(database), TestWitness.StartAsync(database));

        foreach (var witness in both)
        {
            (await witness.Client(null).HealthAsync(CancellationToken.None)).Database.ShouldBe("connected");
            await witness.DisposeAsync();
        }
    }

    [Theory, DatabaseData]
    public async Task A_newer_schema_is_refused_with_the_remedy(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await ChangeAsync(
            database,
            "insert into schema_migrations (number, name, checksum, applied_at) values (9999, '9999_later', 'x', 0)"
        );

        var fault = await Should.ThrowAsync<StartupException>(() => TestWitness.StartAsync(database));

        fault.Message.ShouldContain("newer version");
        fault.Message.ShouldContain("9999_later");
    }

    [Theory, DatabaseData]
    public async Task A_changed_history_is_refused(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await ChangeAsync(database, "update schema_migrations set checksum = 'other' where number = 1");

        var fault = await Should.ThrowAsync<StartupException>(() => TestWitness.StartAsync(database));

        fault.Message.ShouldContain("another script 0001_base");
    }

    private static async Task ChangeAsync(TestDatabase database, string sql)
    {
        await using (await TestWitness.StartAsync(database)) { }
        await using var opened = Database.Open(
            database.Parsed,
            new Microsoft.Extensions.Logging.Abstractions.NullLogger<Database>()
        );
        await opened.WriteAsync(session => session.ExecuteAsync(sql), CancellationToken.None);
    }
}
