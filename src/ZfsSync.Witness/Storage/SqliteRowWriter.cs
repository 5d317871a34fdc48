using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ZfsSync.Witness.Storage;

/// <summary>
/// One prepared statement, bound and run through SQLite's own functions: a command with parameter objects costs several
/// times what SQLite needs to write the row.
/// </summary>
internal sealed class SqliteRowWriter : RowWriter
{
    private const int ShortText = 512;
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly nint handle;
    private readonly List<int>? changes;
    private int column;

    /// <param name="sql">With a <c>?</c> for each value of a row, in order.</param>
    /// <param name="changes">Gets how many rows each run changed.</param>
    public SqliteRowWriter(SqliteConnection connection, string sql, List<int>? changes = null)
    {
        this.changes = changes;
        database = connection.Handle!;
        if (raw.sqlite3_prepare_v2(database, sql, out statement) is not raw.SQLITE_OK and var fault)
            SqliteException.ThrowExceptionForRC(fault, database);
        handle = statement.DangerousGetHandle();
    }

    public override void Add(long? value) =>
        Check(
            value is { } number
                ? SqliteFunctions.BindNumber(handle, ++column, number)
                : SqliteFunctions.BindNull(handle, ++column)
        );

    public override void Add(int value) => Check(SqliteFunctions.BindNumber(handle, ++column, value));

    public override void Add(bool? value) =>
        Check(
            value is { } known
                ? SqliteFunctions.BindNumber(handle, ++column, known ? 1 : 0)
                : SqliteFunctions.BindNull(handle, ++column)
        );

    public override void Add(string? value)
    {
        column++;
        if (value is null)
            Check(SqliteFunctions.BindNull(handle, column));
        else if (value.Length > ShortText / 3)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            Bind(bytes, bytes.Length);
        }
        else
        {
            Span<byte> bytes = stackalloc byte[ShortText];
            Bind(bytes, Encoding.UTF8.GetBytes(value, bytes));
        }
    }

    public override void Add(ReadOnlyMemory<byte> value) =>
        Check(
            SqliteFunctions.BindBlob(
                handle,
                ++column,
                in MemoryMarshal.GetReference(value.Span),
                value.Length,
                SqliteFunctions.Transient
            )
        );

    public override void EndRow()
    {
        column = 0;
        var result = SqliteFunctions.Step(handle);
        // The error's text belongs to the step, and reset would repeat it.
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, database);
        Check(SqliteFunctions.Reset(handle));
        changes?.Add(raw.sqlite3_changes(database));
    }

    public override Task CompleteAsync(CancellationToken cancellation) => Task.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        statement.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Bind(ReadOnlySpan<byte> bytes, int count) =>
        Check(SqliteFunctions.BindText(handle, column, in bytes[0], count, SqliteFunctions.Transient));

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, database);
    }
}
