using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using SQLitePCL;
using Xunit;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Storage;

public sealed class KeptConnectionTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zfs-sync-kept-").FullName;
    private SqliteDialect _dialect = null!;
    private Database _database = null!;

    public async ValueTask InitializeAsync()
    {
        _dialect = new SqliteDialect(Path.Combine(_directory, "kept.db"), NullLogger.Instance);
        _database = new Database(_dialect);
        await _database.WriteAsync(s => s.ExecuteAsync("create table notes (text text not null unique)"), default);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task The_same_statement_runs_again_with_other_arguments()
    {
        foreach (var text in new[] { "one", "two", "three" })
            await InsertAsync(text);
        foreach (var text in new[] { "three", "one", "four" })
            (await CountAsync(text)).ShouldBe(text == "four" ? 0 : 1);
    }

    /// <summary>Dapper names the transaction before the text: then each run prepared a statement of its own.</summary>
    [Fact]
    public async Task A_statement_of_a_transaction_runs_again_too()
    {
        const int timesRun = 6; // SQLITE_STMTSTATUS_RUN of sqlite3.h.
        const string sql = "insert into notes values (@text)";
        await using var connection = (KeptConnection)await _dialect.OpenAsync(default);
        connection.Handle!.enable_sqlite3_next_stmt(true);
        await using var transaction = await _dialect.BeginAsync(connection, durable: true, default);
        foreach (var text in new[] { "one", "two", "three" })
            await connection.ExecuteAsync(sql, new { text }, transaction);
        var statement = raw.sqlite3_next_stmt(connection.Handle, null);
        while (raw.sqlite3_sql(statement).utf8_to_string() != sql)
            statement = raw.sqlite3_next_stmt(connection.Handle, statement);
        raw.sqlite3_stmt_status(statement, timesRun, 0).ShouldBe(3);
    }

    [Fact]
    public async Task A_statement_that_failed_leaves_nothing_behind_for_the_next()
    {
        await InsertAsync("one");
        (await Should.ThrowAsync<SqliteException>(() => InsertAsync("one"))).SqliteErrorCode.ShouldBe(19);
        await InsertAsync("two");
        (await CountAsync("two")).ShouldBe(1);
    }

    [Fact]
    public async Task What_another_connection_changed_of_the_tables_is_seen()
    {
        await InsertAsync("one");
        (await ReadAsync()).ShouldBe(["one"]);
        await _database.WriteAsync(s => s.ExecuteAsync("alter table notes add column more text"), default);
        await _database.WriteAsync(s => s.ExecuteAsync("drop table notes"), default);
        await _database.WriteAsync(s => s.ExecuteAsync("create table notes (text text not null)"), default);
        (await ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_statement_whose_rows_are_being_read_is_not_used_for_others()
    {
        const string sql = "select text from notes where text = @text";
        await InsertAsync("one");
        await InsertAsync("two");
        var seen = await _database.ReadAsync(
            async session =>
            {
                var texts = new List<string>();
                await session.ReadAsync(
                    sql,
                    new { text = "one" },
                    row =>
                    {
                        texts.AddRange(session.QueryAsync<string>(sql, new { text = "two" }).GetAwaiter().GetResult());
                        texts.Add(row.Text(0));
                    }
                );
                return texts;
            },
            default
        );
        seen.ShouldBe(["two", "one"]);
    }

    private Task InsertAsync(string text) =>
        _database.WriteAsync(s => s.ExecuteAsync("insert into notes (text) values (@text)", new { text }), default);

    private Task<int> CountAsync(string text) =>
        _database.ReadAsync(
            s => s.ScalarAsync<int>("select count(*) from notes where text = @text", new { text }),
            default
        );

    private Task<IReadOnlyList<string>> ReadAsync() =>
        _database.ReadAsync(s => s.QueryAsync<string>("select text from notes"), default);
}
