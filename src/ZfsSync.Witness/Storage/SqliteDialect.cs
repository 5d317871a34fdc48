using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ZfsSync.Witness.Storage;

/// <summary>
/// SQLite with a write-ahead log. <c>synchronous=FULL</c> makes each commit durable before it is acknowledged, through
/// kill -9 and power cut alike; NORMAL, for what can be worked out again, loses the last commits in a power cut.
/// </summary>
internal sealed class SqliteDialect : DatabaseDialect
{
    private const int LockedWaitSeconds = 10;
    private const int MostIdle = 8;

    private const string Pragmas =
        "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma temp_store=memory;";
    private readonly string path;
    private readonly string connectionString;
    private readonly ConcurrentStack<KeptConnection> idle = new();
    private volatile bool isClosed;

    public SqliteDialect(string path, ILogger log)
    {
        SqliteLibrary.Load(log);
        this.path = path;
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            DefaultTimeout = LockedWaitSeconds,
            Pooling = false,
        }.ConnectionString;
    }

    public override string Name => "Sqlite";

    public override string Shown => $"sqlite:///{path}";

    public override bool HasOneWriter => true;

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        if (idle.TryPop(out var kept))
            return kept;
        var connection = new KeptConnection(connectionString, GiveBack);
        try
        {
            await connection.OpenAsync(cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch
        {
            connection.Discard();
            throw;
        }
    }

    public override async Task<DbTransaction> BeginAsync(
        DbConnection connection,
        bool durable,
        CancellationToken cancellation
    )
    {
        var kept = (KeptConnection)connection;
        // Only outside of a transaction, and it stays with the connection.
        if (kept.IsDurable != durable)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"pragma synchronous={(durable ? "full" : "normal")}";
            await command.ExecuteNonQueryAsync(cancellation);
            kept.IsDurable = durable;
        }
        return kept.BeginTransaction(deferred: false);
    }

    public override Task<RowWriter> WriteRowsAsync(
        Session session,
        string table,
        IReadOnlyList<string> columns,
        CancellationToken cancellation
    )
    {
        var values = string.Join(',', Enumerable.Repeat('?', columns.Count));
        var insert = $"insert into {table} ({string.Join(',', columns)}) values ({values})";
        return Task.FromResult<RowWriter>(new SqliteRowWriter((SqliteConnection)session.Connection, insert));
    }

    public override RowWriter RunForRows(Session session, string sql, List<int> changes) =>
        new SqliteRowWriter((SqliteConnection)session.Connection, sql.Replace('$', '?'), changes);

    public override RowReader RowOf(DbDataReader reader) => new SqliteRowReader((SqliteDataReader)reader);

    // A parameter for each item would be found by name, one after the other: the square of the list's length.
    public override (string Sql, object Arguments) WithLists(string sql, object arguments) =>
        WithLists(
            sql,
            arguments,
            " in (select value from json_each(@$1))",
            texts => JsonSerializer.Serialize(texts),
            numbers => JsonSerializer.Serialize(numbers)
        );

    // SQLITE_BUSY, SQLITE_LOCKED: waited for already.
    public override bool IsRetryable(DbException fault) => false;

    public override string? Remedy(Exception fault) =>
        fault is not SqliteException sqlite
            ? null
            : sqlite.SqliteErrorCode switch
            {
                5 or 6 => $"Another program has locked {path}. Stop it, then start again.",
                8 => $"{path} is read-only. Give the witness's user the right to write it and its folder.",
                10 => $"Reading or writing {path} failed. Check the disk.",
                11 or 26 =>
                    $"{path} is damaged or no SQLite database. Restore it from a backup, or move it away to start anew.",
                13 => $"The disk with {path} is full. Make room.",
                14 => $"{path} cannot be opened. Its folder must exist and be writable for the witness's user.",
                _ => null,
            };

    public override ValueTask DisposeAsync()
    {
        isClosed = true;
        while (idle.TryPop(out var connection))
            connection.Discard();
        return ValueTask.CompletedTask;
    }

    private void GiveBack(KeptConnection connection)
    {
        if (isClosed || idle.Count >= MostIdle)
            connection.Discard();
        else
            idle.Push(connection);
    }
}
