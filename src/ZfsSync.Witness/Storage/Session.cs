using System.Data.Common;
using Dapper;

namespace ZfsSync.Witness.Storage;

/// <summary>A connection, with its transaction when there is one: what a store runs its statements on.</summary>
internal sealed class Session(
    DatabaseDialect dialect,
    DbConnection connection,
    DbTransaction? transaction,
    CancellationToken cancellation
)
{
    static Session() => ColumnMapping.Register();

    public DbConnection Connection { get; } = connection;

    public DbTransaction? Transaction { get; } = transaction;

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? arguments = null) =>
        (await Connection.QueryAsync<T>(Statement(sql, arguments))).AsList();

    /// <summary>Row by row without a record for each: for lists of thousands.</summary>
    public async Task ReadAsync(string sql, object arguments, Action<RowReader> onRow)
    {
        await using var shown = await Connection.ExecuteReaderAsync(Statement(sql, arguments));
        var reader = shown is IWrappedDataReader { Reader: DbDataReader inner } ? inner : shown;
        var row = dialect.RowOf(reader);
        while (await reader.ReadAsync(cancellation))
            onRow(row);
    }

    /// <summary>The only row, or null.</summary>
    public Task<T?> FindAsync<T>(string sql, object? arguments = null)
        where T : class => Connection.QuerySingleOrDefaultAsync<T>(Statement(sql, arguments));

    public Task<T?> ScalarAsync<T>(string sql, object? arguments = null) =>
        Connection.ExecuteScalarAsync<T>(Statement(sql, arguments));

    /// <summary>The number of rows that changed. A list of arguments runs the statement once for each.</summary>
    public Task<int> ExecuteAsync(string sql, object? arguments = null) =>
        Connection.ExecuteAsync(Statement(sql, arguments));

    /// <summary>Inserts many rows fast; <paramref name="write"/> adds a row's values in the order of the columns.</summary>
    public async Task InsertManyAsync<T>(
        string table,
        IReadOnlyList<string> columns,
        IEnumerable<T> rows,
        Action<RowWriter, T> write
    )
    {
        await using var writer = await dialect.WriteRowsAsync(this, table, columns, cancellation);
        foreach (var row in rows)
        {
            write(writer, row);
            writer.EndRow();
        }
        await writer.CompleteAsync(cancellation);
    }

    /// <summary>Runs one statement for each row; <paramref name="write"/> adds the values of <c>$1</c>, <c>$2</c>, …</summary>
    /// <returns>How many rows each run changed.</returns>
    public async Task<IReadOnlyList<int>> ExecuteManyAsync<T>(
        string sql,
        IEnumerable<T> rows,
        Action<RowWriter, T> write
    )
    {
        var changes = new List<int>();
        await using var writer = dialect.RunForRows(this, sql, changes);
        foreach (var row in rows)
        {
            write(writer, row);
            writer.EndRow();
        }
        await writer.CompleteAsync(cancellation);
        return changes;
    }

    private CommandDefinition Statement(string sql, object? arguments)
    {
        if (arguments is not null && sql.Contains(" in @", StringComparison.Ordinal))
            (sql, arguments) = dialect.WithLists(sql, arguments);
        return new CommandDefinition(sql, arguments, Transaction, cancellationToken: cancellation);
    }
}
