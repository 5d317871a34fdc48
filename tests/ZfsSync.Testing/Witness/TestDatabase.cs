using ZfsSync.Witness.Hosting;

namespace ZfsSync.Testing.Witness;

/// <summary>A database of one test's own, gone when it is disposed.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string? folder;

    private TestDatabase(string url, string? folder)
    {
        Url = url;
        this.folder = folder;
    }

    public string Url { get; }

    public DatabaseUrl Parsed =>
        DatabaseUrl.TryParse(Url, out var parsed, out var fault) ? parsed : throw new InvalidOperationException(fault);

    /// <param name="migrated">On PostgreSQL: whether it has the schema already, which is faster than making it.</param>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind, bool migrated = true)
    {
        if (kind == DatabaseKind.Postgres)
            return new TestDatabase(await TestPostgres.CreateDatabaseAsync(migrated), null);
        var created = Directory.CreateTempSubdirectory("zfs-sync-db-").FullName;
        return new TestDatabase($"sqlite:///{created}/zfs_sync.db", created);
    }

    public async ValueTask DisposeAsync()
    {
        if (folder is null)
            await TestPostgres.DropDatabaseAsync(Url);
        else
            Directory.Delete(folder, recursive: true);
    }
}
