namespace ZfsSync.Witness.Storage;

/// <summary>
/// New rows of one table, value by value in the order of the columns; or the values of a statement that is run for each
/// row. Values have the column's exact type.
/// </summary>
internal abstract class RowWriter : IAsyncDisposable
{
    public abstract void Add(long? value);

    public abstract void Add(int value);

    public abstract void Add(bool? value);

    public abstract void Add(string? value);

    public abstract void Add(ReadOnlyMemory<byte> value);

    /// <summary>The row is whole.</summary>
    public abstract void EndRow();

    /// <summary>All rows are whole; without this none may be kept.</summary>
    public abstract Task CompleteAsync(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}
