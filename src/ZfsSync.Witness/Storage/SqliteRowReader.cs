using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ZfsSync.Witness.Storage;

/// <summary>The values of the statement that a reader steps through, by <see cref="SqliteFunctions"/>.</summary>
internal sealed class SqliteRowReader(SqliteDataReader reader) : RowReader
{
    // The reader, which outlives this, keeps the statement.
    private readonly nint statement = reader.Handle!.DangerousGetHandle();

    public override bool IsNull(int column) => SqliteFunctions.ColumnType(statement, column) == raw.SQLITE_NULL;

    public override long Number(int column) => SqliteFunctions.ColumnNumber(statement, column);

    public override bool Flag(int column) => Number(column) != 0;

    public override unsafe string Text(int column)
    {
        var text = SqliteFunctions.ColumnText(statement, column);
        return Encoding.UTF8.GetString(text, SqliteFunctions.ColumnBytes(statement, column));
    }

    public override unsafe ReadOnlySpan<byte> Bytes(int column)
    {
        var bytes = SqliteFunctions.ColumnBlob(statement, column);
        return new ReadOnlySpan<byte>(bytes, SqliteFunctions.ColumnBytes(statement, column));
    }
}
