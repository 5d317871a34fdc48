using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ZfsSync.Witness.Storage;

/// <summary>
/// SQLite with a write-ahead log. <c>synchronous=FULL</c> makes each commit durable before it is acknowledged, through
/// kill -9 and power cut alike; NORMAL, for what can be worked out again, loses the last commits in a power cut.
/// </summary>
internal sealed class SqliteDialect : DatabaseDialect
{
    private const int LockedWaitSeconds = 10;
    private const int MostIdle = 8;

    // SQLITE_FCNTL_HAS_MOVED of sqlite3.h.
    private const int FileHasMoved = 20;

    /// <summary>With less than for some reports, a disk that was full still is.</summary>
    private const long LeastRoomBytes = 1 << 20;

    private const string Pragmas =
        "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma temp_store=memory;";
    private readonly string path;
    private readonly string connectionString;
    private readonly ConcurrentStack<KeptConnection> idle = new();
    private volatile bool isClosed;

    /// <summary>At the start a file that is not there is made. Later that would hide that it was deleted.</summary>
    private volatile bool isMade;

    /// <summary>Connections of an earlier one are closed when they are given back.</summary>
    private volatile int generation;

    public SqliteDialect(string path, ILogger log)
    {
        SqliteLibrary.Load(log);
        this.path = path;
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            DefaultTimeout = LockedWaitSeconds,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ConnectionString;
    }

    public override string Name => "Sqlite";

    public override string Shown => $"sqlite:///{path}";

    public override bool HasOneWriter => true;

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        if (!isMade)
            await MakeAsync(cancellation);
        while (idle.TryPop(out var kept))
        {
            if (!HasMoved(kept))
                return kept;
            // Somebody deleted the file or put another into its place: what is written into the old one is lost.
            kept.Discard();
            LetGo();
        }
        var connection = new KeptConnection(connectionString, GiveBack) { Generation = generation };
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

    /// <summary>
    /// A commit that fails on a full disk has ended the transaction. The driver would roll it back once more when it lets
    /// go of it, and that fault would hide the first one; so it gets something to roll back.
    /// </summary>
    public override Task CommitAsync(DbTransaction transaction)
    {
        var connection = (SqliteConnection)transaction.Connection!;
        try
        {
            transaction.Commit();
        }
        catch (SqliteException) when (raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            _ = raw.sqlite3_exec(connection.Handle, "begin");
            throw;
        }
        return Task.CompletedTask;
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
                10 => $"Reading or writing {path} failed. Check the disk, and whether it is full.",
                11 or 26 =>
                    $"{path} is damaged or no SQLite database. Restore it from a backup, or move it away to start anew; both while the witness is stopped.",
                13 => $"The disk with {path} is full. Make room.",
                14 when isMade && !File.Exists(path) =>
                    $"{path} was deleted while the witness ran. Stop the witness; put a backup in its place and remove {path}-wal and {path}-shm, or leave it away to start anew; then start the witness.",
                14 => $"{path} cannot be opened. Its folder must exist and be writable for the witness's user.",
                _ => null,
            };

    public override bool IsLocked(Exception fault) => fault is SqliteException { SqliteErrorCode: 5 or 6 };

    public override async Task<bool> PersistsAsync(Exception fault, CancellationToken cancellation) =>
        fault switch
        {
            SqliteException { SqliteErrorCode: 10 or 13 } => new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace
                < LeastRoomBytes,
            SqliteException { SqliteErrorCode: 11 or 26 } => await IsDamagedAsync(cancellation),
            _ => false,
        };

    public override ValueTask DisposeAsync()
    {
        isClosed = true;
        LetGo();
        return ValueTask.CompletedTask;
    }

    private async Task MakeAsync(CancellationToken cancellation)
    {
        var making = new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWriteCreate };
        await using var connection = new SqliteConnection(making.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellation);
        isMade = true;
    }

    private async Task<bool> IsDamagedAsync(CancellationToken cancellation)
    {
        // Others may have read the damaged pages before.
        LetGo();
        await using var connection = await OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma quick_check(1)";
        return await command.ExecuteScalarAsync(cancellation) is not "ok";
    }

    /// <summary>Whether the file that a connection has open is not the one at its path any more. A stat of the file.</summary>
    private static bool HasMoved(SqliteConnection connection) =>
        SqliteFunctions.FileControl(connection.Handle!.DangerousGetHandle(), 0, FileHasMoved, out var moved) == 0
        && moved != 0;

    /// <summary>Closes the connections that nobody uses now, and the others when they are given back.</summary>
    private void LetGo()
    {
        Interlocked.Increment(ref generation);
        while (idle.TryPop(out var connection))
            connection.Discard();
    }

    private void GiveBack(KeptConnection connection)
    {
        if (isClosed || connection.Generation != generation || idle.Count >= MostIdle)
            connection.Discard();
        else
            idle.Push(connection);
    }
}
