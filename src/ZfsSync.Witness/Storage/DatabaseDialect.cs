using System.Data.Common;

namespace ZfsSync.Witness.Storage;

/// <summary>All that differs between the databases. Two real ones: SQLite and PostgreSQL.</summary>
internal abstract class DatabaseDialect : IAsyncDisposable
{
    /// <summary>The folder of its migrations.</summary>
    public abstract string Name { get; }

    /// <summary>Where it is, without secrets.</summary>
    public abstract string Shown { get; }

    /// <summary>Makes one writer wait for another; null where the database does that well itself.</summary>
    public virtual SemaphoreSlim? WriterGate => null;

    /// <summary>Run first in the migrator's transaction, so that replicas that start together migrate once.</summary>
    public virtual string? MigrationLockSql => null;

    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellation);

    /// <summary>A transaction for writing, which on SQLite takes the write lock at once.</summary>
    public abstract Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>Inserts many rows fast, in the session's transaction.</summary>
    public abstract Task<RowWriter> WriteRowsAsync(
        Session session,
        string table,
        IReadOnlyList<string> columns,
        CancellationToken cancellation
    );

    /// <summary>A statement with lists, <c>id in @ids</c>, in the form that this database takes them in.</summary>
    public virtual (string Sql, object Arguments) WithLists(string sql, object arguments) => (sql, arguments);

    /// <summary>Whether the same transaction may succeed when it is tried again.</summary>
    public abstract bool IsRetryable(DbException fault);

    /// <summary>What a person can do about it, or null when this is no fault of the database's place or state.</summary>
    public abstract string? Remedy(Exception fault);

    public abstract ValueTask DisposeAsync();
}
