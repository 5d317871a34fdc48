using System.Buffers;

namespace ZfsSync.Witness.Http;

/// <summary>
/// Bytes that grow, from the shared pool: bodies of megabytes would else each cost a full garbage collection. They are
/// given back when this is disposed, and must not be used after that.
/// </summary>
internal sealed class PooledBytes(int capacity) : IDisposable
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int count;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, count);

    /// <summary>Adds everything that the stream has.</summary>
    public async Task FillAsync(Stream from, CancellationToken cancellation)
    {
        while (true)
        {
            if (count == bytes.Length)
                Grow();
            var read = await from.ReadAsync(bytes.AsMemory(count), cancellation);
            if (read == 0)
                return;
            count += read;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        bytes.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
