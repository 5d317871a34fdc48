using ZfsSync.Witness.Hosting;

namespace ZfsSync.Witness.Storage;

/// <summary>
/// Brings the database to this version's schema: numbered scripts, once each, all in one transaction. A history that
/// is newer than this version, or not the one this version was built with, is refused.
/// </summary>
internal sealed class Migrator(Database database, TimeProvider time, ILogger<Migrator> log)
{
    private const string HistorySql = """
        create table if not exists schema_migrations (
            number integer primary key,
            name text not null,
            checksum text not null,
            applied_at bigint not null
        )
        """;

    public static IReadOnlyList<Migration> Scripts(string provider)
    {
        var prefix = $"{typeof(Migrator).Namespace}.Migrations.{provider}.";
        var assembly = typeof(Migrator).Assembly;
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => Migration.Read(assembly, name, name[prefix.Length..]))
                .OrderBy(migration => migration.Number),
        ];
    }

    /// <returns>Whether the database was empty.</returns>
    /// <exception cref="StartupException">The database is not reached, is damaged, or has another history.</exception>
    public async Task<bool> MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            return await database.WriteAsync(ApplyAsync, cancellation);
        }
        catch (Exception fault) when (database.Dialect.Remedy(fault) is { } remedy)
        {
            throw new StartupException($"The database {database.Dialect.Shown}: {fault.Message} {remedy}", fault);
        }
    }

    /// <summary>Whether every script of this version is applied, and no other.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellation)
    {
        var scripts = Scripts(database.Dialect.Name);
        var applied = await database.ReadAsync(AppliedAsync, cancellation);
        return scripts.Select(script => script.Checksum).SequenceEqual(applied.Select(row => row.Checksum));
    }

    /// <summary>Whether the database takes writes, when something said that it does not.</summary>
    public Task<bool> IsWellAsync(CancellationToken cancellation) =>
        database.IsWellAsync(
            session => session.ExecuteAsync("update schema_migrations set applied_at = applied_at where number = 1"),
            cancellation
        );

    private async Task<bool> ApplyAsync(Session session)
    {
        if (database.Dialect.MigrationLockSql is { } lockSql)
            await session.ExecuteAsync(lockSql);
        await session.ExecuteAsync(HistorySql);
        var applied = await AppliedAsync(session);
        var scripts = Scripts(database.Dialect.Name);
        RefuseOtherHistory(applied, scripts);
        foreach (var script in scripts.Skip(applied.Count))
        {
            await session.ExecuteAsync(script.Sql);
            await session.ExecuteAsync(
                "insert into schema_migrations (number, name, checksum, applied_at) values (@Number, @Name, @Checksum, @AppliedAt)",
                new
                {
                    script.Number,
                    script.Name,
                    script.Checksum,
                    AppliedAt = time.GetUtcNow(),
                }
            );
            log.LogInformation("Applied migration {Migration}", script.Name);
        }
        return applied.Count == 0;
    }

    private void RefuseOtherHistory(IReadOnlyList<Migration> applied, IReadOnlyList<Migration> scripts)
    {
        foreach (var (row, index) in applied.Select((row, index) => (row, index)))
        {
            if (index >= scripts.Count)
                throw new StartupException(
                    $"The database {database.Dialect.Shown} has the schema of a newer version of zfs-sync (migration {row.Name}; this version knows {scripts.Count}). Start that version, or restore a backup made before the upgrade."
                );
            if (row.Number != scripts[index].Number || row.Checksum != scripts[index].Checksum)
                throw new StartupException(
                    $"The database {database.Dialect.Shown} was migrated with another script {row.Name} than this version's {scripts[index].Name}. It was made by another build; start that one, or restore a backup."
                );
        }
    }

    private static Task<IReadOnlyList<Migration>> AppliedAsync(Session session) =>
        session.QueryAsync<Migration>("select number, name, checksum from schema_migrations order by number");
}
