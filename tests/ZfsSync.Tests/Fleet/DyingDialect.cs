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

    public override Task<DbTransaction> BeginAsync(
        DbConnection connection,
        bool durable,
        CancellationToken cancellation
    ) => inner.BeginAsync(connection, durable, cancellation);

    public override Task CommitAsync(DbTransaction transaction) => inner.CommitAsync(transaction);

    public override Task<RowWriter> WriteRowsAsync(
        Session session,
        string table,
        IReadOnlyList<string> columns,
        CancellationToken cancellation
    ) => inner.WriteRowsAsync(session, table, columns, cancellation);

    public override RowWriter RunForRows(Session session, string sql, List<int> changes) =>
        inner.RunForRows(session, sql, changes);

    public override RowReader RowOf(DbDataReader reader) => inner.RowOf(reader);

    public override (string Sql, object Arguments) WithLists(string sql, object arguments) =>
        inner.WithLists(sql, arguments);

    public override bool IsRetryable(DbException fault) => inner.IsRetryable(fault);

    public override string? Remedy(Exception fault) => inner.Remedy(fault);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
