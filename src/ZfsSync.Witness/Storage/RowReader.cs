namespace ZfsSync.Witness.Storage;

/// <summary>The row that a reader stands at, value by value; columns count from 0 and have the type that is asked for.</summary>
internal abstract class RowReader
{
    public abstract bool IsNull(int column);

    public abstract long Number(int column);

    public abstract bool Flag(int column);

    public abstract string Text(int column);

    /// <summary>Until the next row.</summary>
    public abstract ReadOnlySpan<byte> Bytes(int column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);
}
