using System.Data.Common;

namespace ZfsSync.Witness.Storage;

/// <summary>What a provider's reader says.</summary>
internal sealed class DataRowReader(DbDataReader reader) : RowReader
{
    public override bool IsNull(int column) => reader.IsDBNull(column);

    public override long Number(int column) => reader.GetInt64(column);

    public override bool Flag(int column) => reader.GetBoolean(column);

    public override string Text(int column) => reader.GetString(column);

    public override ReadOnlySpan<byte> Bytes(int column) => reader.GetFieldValue<byte[]>(column);
}
