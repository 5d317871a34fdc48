using System.Data.Common;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Witness.Storage;

/// <summary>The one way to the database. Work gets a <see cref="Session"/> and hands it to the stores.</summary>
internal sealed class Database(DatabaseDialect dialect) : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly WriteQueue? queue = dialect.HasOneWriter ? new WriteQueue(dialect) : null;

    /// <summary>What went wrong that a person can do something about; null when nothing did, or a trial went well since.</summary>
    private volatile Exception? trouble;

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
        try
        {
            await using var connection = await Dialect.OpenAsync(cancellation);
            return await work(new Session(Dialect, connection, null, cancellation));
        }
        catch (Exception fault) when (IsNoted(fault))
        {
            throw;
        }
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
            catch (Exception fault) when (IsNoted(fault))
            {
                throw;
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

    /// <summary>Whether nothing is wrong, or nothing any more: then something is really written to see it.</summary>
    /// <param name="work">Changes something.</param>
    public async Task<bool> IsWellAsync(Func<Session, Task> work, CancellationToken cancellation)
    {
        if (trouble is not { } known)
            return true;
        await WriteAsync(work, cancellation);
        if (await Dialect.PersistsAsync(known, cancellation))
            return false;
        trouble = null;
        return true;
    }

    /// <summary>Never true: a filter sees a fault where it arises, and takes nothing from its way.</summary>
    private bool IsNoted(Exception fault)
    {
        // The first stays: a damaged database may be locked for a while, too.
        if (trouble is null && Dialect.Remedy(fault) is not null)
            trouble = fault;
        return false;
    }

    private async Task<T> WriteOnceAsync<T>(Func<Session, Task<T>> work, bool durable, CancellationToken cancellation)
    {
        if (queue is not null)
            return await queue.RunAsync(work, durable, cancellation);
        await using var connection = await Dialect.OpenAsync(cancellation);
        await using var transaction = await Dialect.BeginAsync(connection, durable, cancellation);
        var result = await work(new Session(Dialect, connection, transaction, cancellation));
        await Dialect.CommitAsync(transaction);
        return result;
    }

    public ValueTask DisposeAsync()
    {
        queue?.Dispose();
        return Dialect.DisposeAsync();
    }
}
