using System.Data.Common;
using ZfsSync.Tests.Agent;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Fleet;

/// <summary>The database of a witness that may die before each time it goes there: between any two of its transactions.</summary>
internal sealed class DyingDialect(DatabaseDialect inner, Func<Kill> kill) : DatabaseDialect
{
    public override string Name => inner.Name;

    public override string Shown => inner.Shown;

    public override bool HasOneWriter => inner.HasOneWriter;

    public override string? MigrationLockSql => inner.MigrationLockSql;

    public override Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        kill().Check("database");
        return inner.OpenAsync(cancellation);
    }

    public override Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation) =>
        inner.BeginAsync(connection, cancellation);

    public override Task<RowWriter> WriteRowsAsync(
        Session session,
        string table,
        IReadOnlyList<string> columns,
        CancellationToken cancellation
    ) => inner.WriteRowsAsync(session, table, columns, cancellation);

    public override (string Sql, object Arguments) WithLists(string sql, object arguments) =>
        inner.WithLists(sql, arguments);

    public override bool IsRetryable(DbException fault) => inner.IsRetryable(fault);

    public override string? Remedy(Exception fault) => inner.Remedy(fault);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
