using Npgsql;
using NpgsqlTypes;

namespace ZfsSync.Witness.Storage;

/// <summary>One statement for many rows, sent at once.</summary>
internal sealed class PostgresBatchWriter(NpgsqlConnection connection, string sql, List<int> changes) : RowWriter
{
    private readonly NpgsqlBatch batch = new(connection);
    private NpgsqlBatchCommand row = new(sql);

    public override void Add(long? value) => Add(value, NpgsqlDbType.Bigint);

    public override void Add(int value) => Add(value, NpgsqlDbType.Integer);

    public override void Add(bool? value) => Add(value, NpgsqlDbType.Boolean);

    public override void Add(string? value) => Add(value, NpgsqlDbType.Text);

    public override void Add(ReadOnlyMemory<byte> value) => Add(value, NpgsqlDbType.Bytea);

    public override void EndRow()
    {
        batch.BatchCommands.Add(row);
        row = new NpgsqlBatchCommand(sql);
    }

    public override async Task CompleteAsync(CancellationToken cancellation)
    {
        if (batch.BatchCommands.Count == 0)
            return;
        await batch.ExecuteNonQueryAsync(cancellation);
        for (var i = 0; i < batch.BatchCommands.Count; i++)
            changes.Add(batch.BatchCommands[i].RecordsAffected);
    }

    public override ValueTask DisposeAsync() => batch.DisposeAsync();

    private void Add(object? value, NpgsqlDbType type) =>
        row.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
}
