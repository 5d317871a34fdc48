using System.Data;
using System.Data.Common;
using Npgsql;

namespace ZfsSync.Witness.Storage;

internal sealed class PostgresDialect(string connectionString, string shown) : DatabaseDialect
{
    private static readonly TimeSpan AskAfter = TimeSpan.FromSeconds(20);

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);

    public override string Name => "Postgres";

    public override string Shown => shown;

    // Any constant will do, as long as every version of the witness takes the same one.
    public override string MigrationLockSql => "select pg_advisory_xact_lock(822573601114)";

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation) =>
        await source.OpenConnectionAsync(cancellation);

    public override async Task<DbTransaction> BeginAsync(
        DbConnection connection,
        bool durable,
        CancellationToken cancellation
    )
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        if (!durable)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "set local synchronous_commit = off";
            await command.ExecuteNonQueryAsync(cancellation);
        }
        return transaction;
    }

    public override async Task<RowWriter> WriteRowsAsync(
        Session session,
        string table,
        IReadOnlyList<string> columns,
        CancellationToken cancellation
    )
    {
        var copy = $"copy {table} ({string.Join(", ", columns)}) from stdin (format binary)";
        return new PostgresRowWriter(
            await ((NpgsqlConnection)session.Connection).BeginBinaryImportAsync(copy, cancellation)
        );
    }

    public override RowWriter RunForRows(Session session, string sql, List<int> changes) =>
        new PostgresBatchWriter((NpgsqlConnection)session.Connection, sql, changes);

    public override RowReader RowOf(DbDataReader reader) => new DataRowReader(reader);

    public override (string Sql, object Arguments) WithLists(string sql, object arguments) =>
        WithLists(sql, arguments, " = any(@$1)", texts => texts.ToArray(), numbers => numbers.ToArray());

    // A row that ours refer to was deleted after we looked: the next look sees that it is gone.
    public override bool IsRetryable(DbException fault) =>
        fault.SqlState
            is PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.SerializationFailure
                or PostgresErrorCodes.ForeignKeyViolation;

    public override bool HasReplicas => true;

    public override async Task ListenAsync(
        string channel,
        Action began,
        Action<string> heard,
        CancellationToken cancellation
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, said) => heard(said.Payload);
        await ExecuteAsync(connection, $"listen {channel}", cancellation);
        began();
        while (true)
        {
            // A connection that broke without a word is noticed by the question.
            if (!await connection.WaitAsync(AskAfter, cancellation))
                await ExecuteAsync(connection, "select 1", cancellation);
        }
    }

    public override async Task NotifyAsync(string channel, string text, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select pg_notify(@channel, @text)");
        command.Parameters.AddWithValue("channel", channel);
        command.Parameters.AddWithValue("text", text);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public override string? Remedy(Exception fault) =>
        fault switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                "The database does not exist. Create it with createdb, or correct ZFS_SYNC_DATABASE_URL.",
            PostgresException
            {
                SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            } => "The server refused user or password. Correct ZFS_SYNC_DATABASE_URL.",
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } =>
                "The user may not create tables here. Let it own the database.",
            PostgresException { SqlState: var state }
                when state.StartsWith("57P", StringComparison.Ordinal)
                    || state.StartsWith("53", StringComparison.Ordinal) =>
                "The server is starting, stopping, or out of connections or space. See its log.",
            PostgresException => null,
            NpgsqlException or TimeoutException or System.Net.Sockets.SocketException =>
                "The server was not reached. Is it running, and are host and port of ZFS_SYNC_DATABASE_URL right?",
            _ => null,
        };

    public override ValueTask DisposeAsync() => source.DisposeAsync();
}
