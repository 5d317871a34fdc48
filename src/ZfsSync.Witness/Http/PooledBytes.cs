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

    /// <summary>Adds what the stream has, until there are so many bytes. False when the stream has ended before.</summary>
    public async Task<bool> FillAsync(Stream from, int most, CancellationToken cancellation)
    {
        while (count < most)
        {
            if (count == bytes.Length)
                Grow();
            var read = await from.ReadAsync(bytes.AsMemory(count, Math.Min(bytes.Length, most) - count), cancellation);
            if (read == 0)
                return false;
            count += read;
        }
        return true;
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
