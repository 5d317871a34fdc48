using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ZfsSync.Witness.Storage;

/// <summary>
/// One prepared statement, bound and run through SQLite's own functions: a command with parameter objects costs several
/// times what SQLite needs to insert the row.
/// </summary>
internal sealed class SqliteRowWriter : RowWriter
{
    private const int ShortText = 512;
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private int column;

    /// <param name="insert">With a <c>?</c> for each column.</param>
    public SqliteRowWriter(SqliteConnection connection, string insert)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, insert, out statement));
    }

    public override void Add(long? value) =>
        Check(
            value is { } number
                ? raw.sqlite3_bind_int64(statement, ++column, number)
                : raw.sqlite3_bind_null(statement, ++column)
        );

    public override void Add(int value) => Check(raw.sqlite3_bind_int(statement, ++column, value));

    public override void Add(bool? value) =>
        Check(
            value is { } known
                ? raw.sqlite3_bind_int(statement, ++column, known ? 1 : 0)
                : raw.sqlite3_bind_null(statement, ++column)
        );

    public override void Add(string? value)
    {
        column++;
        if (value is null)
            Check(raw.sqlite3_bind_null(statement, column));
        else if (value.Length is 0 or > ShortText / 3)
            Check(raw.sqlite3_bind_text(statement, column, value));
        else
        {
            Span<byte> bytes = stackalloc byte[ShortText];
            var count = Encoding.UTF8.GetBytes(value, bytes);
            Check(raw.sqlite3_bind_text(statement, column, bytes[..count]));
        }
    }

    public override void EndRow()
    {
        column = 0;
        var result = raw.sqlite3_step(statement);
        // The error's text belongs to the step, and reset would repeat it.
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, database);
        raw.sqlite3_reset(statement);
    }

    public override Task CompleteAsync(CancellationToken cancellation) => Task.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        statement.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, database);
    }
}
