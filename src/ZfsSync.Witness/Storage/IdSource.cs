using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ZfsSync.Witness.Storage;

/// <summary>New ids that sort by the time they were made at (version 7); what one millisecond made is in random order.</summary>
/// <param name="seeded">What the order comes from where a run is to be repeated, on one thread; null for the system's randomness.</param>
internal sealed class IdSource(Random? seeded = null)
{
    private const int TimeBytes = 6;

    public Guid Next(DateTimeOffset at)
    {
        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, at.ToUnixTimeMilliseconds());
        Span<byte> id = stackalloc byte[16];
        if (seeded is null)
            RandomNumberGenerator.Fill(id);
        else
            seeded.NextBytes(id);
        time[^TimeBytes..].CopyTo(id);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id, bigEndian: true);
    }
}
