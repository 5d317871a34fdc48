using System.Data.Common;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Witness.Storage;

/// <summary>The one way to the database. Work gets a <see cref="Session"/> and hands it to the stores.</summary>
internal sealed class Database(DatabaseDialect dialect) : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly WriteQueue? queue = dialect.HasOneWriter ? new WriteQueue(dialect) : null;

    public DatabaseDialect Dialect { get; } = dialect;

    public static Database Open(DatabaseUrl url, ILogger<Database> log) =>
        new(
            url.PostgresConnection is { } connection
                ? new PostgresDialect(connection, url.Shown)
                : new SqliteDialect(url.SqlitePath!, log)
        );

    /// <summary>Reads; every statement sees what is committed when it runs.</summary>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await Dialect.OpenAsync(cancellation);
        return await work(new Session(Dialect, connection, null, cancellation));
    }

    /// <summary>One transaction: all of it is durable when this returns, or nothing was stored. May run the work again.</summary>
    public Task<T> WriteAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellation) =>
        WriteAsync(work, durable: true, cancellation);

    /// <summary>
    /// One transaction of what can be worked out again: all of it is there when this returns, or nothing. A power cut may
    /// take it away, but nothing before it and never what was acknowledged after it.
    /// </summary>
    public Task<T> WriteDerivedAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellation) =>
        WriteAsync(work, durable: false, cancellation);

    private async Task<T> WriteAsync<T>(Func<Session, Task<T>> work, bool durable, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(work, durable, cancellation);
            }
            catch (DbException fault) when (attempt < Attempts && Dialect.IsRetryable(fault))
            {
                // Another transaction won; ours left nothing behind.
            }
        }
    }

    /// <inheritdoc cref="WriteAsync{T}(Func{Session, Task{T}}, CancellationToken)"/>
    public Task WriteAsync(Func<Session, Task> work, CancellationToken cancellation) =>
        WriteAsync(
            async session =>
            {
                await work(session);
                return true;
            },
            cancellation
        );

    private async Task<T> WriteOnceAsync<T>(Func<Session, Task<T>> work, bool durable, CancellationToken cancellation)
    {
        if (queue is not null)
            return await queue.RunAsync(work, durable, cancellation);
        await using var connection = await Dialect.OpenAsync(cancellation);
        await using var transaction = await Dialect.BeginAsync(connection, durable, cancellation);
        var result = await work(new Session(Dialect, connection, transaction, cancellation));
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    public ValueTask DisposeAsync()
    {
        queue?.Dispose();
        return Dialect.DisposeAsync();
    }
}
