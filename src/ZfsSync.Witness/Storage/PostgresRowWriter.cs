using Npgsql;
using NpgsqlTypes;

namespace ZfsSync.Witness.Storage;

/// <summary>Binary COPY.</summary>
internal sealed class PostgresRowWriter(NpgsqlBinaryImporter import) : RowWriter
{
    private bool isInRow;

    public override void Add(long? value) => Write(value, NpgsqlDbType.Bigint);

    public override void Add(int value) => Write<int>(value, NpgsqlDbType.Integer);

    public override void Add(bool? value) => Write(value, NpgsqlDbType.Boolean);

    public override void Add(string? value)
    {
        Begin();
        if (value is null)
            import.WriteNull();
        else
            import.Write(value, NpgsqlDbType.Text);
    }

    public override void Add(ReadOnlyMemory<byte> value)
    {
        Begin();
        import.Write(value, NpgsqlDbType.Bytea);
    }

    public override void EndRow() => isInRow = false;

    public override async Task CompleteAsync(CancellationToken cancellation) =>
        await import.CompleteAsync(cancellation);

    public override ValueTask DisposeAsync() => import.DisposeAsync();

    private void Write<T>(T? value, NpgsqlDbType type)
        where T : struct
    {
        Begin();
        if (value is { } known)
            import.Write(known, type);
        else
            import.WriteNull();
    }

    private void Begin()
    {
        if (isInRow)
            return;
        import.StartRow();
        isInRow = true;
    }
}
