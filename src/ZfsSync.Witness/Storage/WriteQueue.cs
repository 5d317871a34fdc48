using System.Collections.Concurrent;
using System.Data.Common;

namespace ZfsSync.Witness.Storage;

/// <summary>
/// For a database with one writer at a time: what waits for its turn is done in one transaction, in order, and shares one
/// flush of the disk. Each is acknowledged only after the commit. When one of several fails, all are done again, each by
/// itself, so that nobody suffers from another's fault.
/// </summary>
internal sealed class WriteQueue(DatabaseDialect dialect) : IDisposable
{
    private const int MostAtOnce = 32;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ConcurrentQueue<Write> waiting = new();

    public async Task<T> RunAsync<T>(Func<Session, Task<T>> work, bool durable, CancellationToken cancellation)
    {
        var write = new Write<T>(work, durable, cancellation);
        waiting.Enqueue(write);
        try
        {
            await turn.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            if (write.TryBegin())
                throw;
            return await write.Result;
        }
        try
        {
            while (!write.Result.IsCompleted)
                await RunWaitingAsync();
        }
        finally
        {
            turn.Release();
        }
        return await write.Result;
    }

    public void Dispose() => turn.Dispose();

    private async Task RunWaitingAsync()
    {
        var batch = new List<Write>();
        while (batch.Count < MostAtOnce && waiting.TryDequeue(out var next))
        {
            if (next.TryBegin())
                batch.Add(next);
        }
        if (await TryAsync(batch) is not { } fault)
            return;
        // Each by itself would wait as long for the same lock again.
        if (batch.Count == 1 || dialect.IsLocked(fault))
        {
            batch.ForEach(write => write.Fail(fault));
            return;
        }
        foreach (var write in batch)
        {
            if (await TryAsync([write]) is { } own)
                write.Fail(own);
        }
    }

    /// <summary>All of it, or the fault and nothing.</summary>
    private async Task<Exception?> TryAsync(IReadOnlyList<Write> batch)
    {
        try
        {
            await using var connection = await dialect.OpenAsync(CancellationToken.None);
            await using var transaction = await dialect.BeginAsync(
                connection,
                batch.Any(write => write.IsDurable),
                CancellationToken.None
            );
            foreach (var write in batch)
                await write.RunAsync(dialect, connection, transaction);
            await dialect.CommitAsync(transaction);
        }
#pragma warning disable CA1031 // It is handed to whoever waits for it.
        catch (Exception fault)
        {
            return fault;
        }
#pragma warning restore CA1031
        foreach (var write in batch)
            write.Succeed();
        return null;
    }

    private abstract class Write(bool isDurable)
    {
        private int begun;

        public bool IsDurable => isDurable;

        /// <summary>True once: for who does it, or for who gives up waiting.</summary>
        public bool TryBegin() => Interlocked.Exchange(ref begun, 1) == 0;

        public abstract Task RunAsync(DatabaseDialect dialect, DbConnection connection, DbTransaction transaction);

        public abstract void Succeed();

        public abstract void Fail(Exception fault);
    }

    private sealed class Write<T>(Func<Session, Task<T>> work, bool isDurable, CancellationToken cancellation)
        : Write(isDurable)
    {
        private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T result = default!;

        public Task<T> Result => completion.Task;

        public override async Task RunAsync(DatabaseDialect dialect, DbConnection connection, DbTransaction transaction)
        {
            cancellation.ThrowIfCancellationRequested();
            result = await work(new Session(dialect, connection, transaction, cancellation));
        }

        public override void Succeed() => completion.TrySetResult(result);

        public override void Fail(Exception fault) => completion.TrySetException(fault);
    }
}
